//! Who answers at an address, asked on a connection of its own each time.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use handover_traffic::verify::{Heard, Prober};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const LIMIT: Duration = Duration::from_secs(5);

/// Gives this answer to every request, keeping connections open, and counts connections.
async fn answering(answer: &'static str) -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, connections) = (listener.local_addr().unwrap(), Arc::new(AtomicU32::new(0)));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
            });
        }
    });
    (address, connections)
}

fn prober(address: SocketAddr) -> Prober {
    Prober::new(&format!("http://{address}/"), &["handover-release", "handover-slot"], LIMIT).unwrap()
}

#[tokio::test]
async fn each_question_has_a_connection_of_its_own_and_any_status_is_an_answer() {
    let (address, connections) =
        answering("HTTP/1.1 500 Oh\r\nhandover-slot: green\r\ncontent-length: 0\r\n\r\n").await;
    let prober = prober(address);
    for _ in 0..3 {
        assert_eq!(prober.ask().await, Heard::Name("green".into()));
    }
    assert_eq!(connections.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn the_first_header_that_is_there_names_the_release() {
    let both =
        "HTTP/1.1 200 OK\r\nhandover-slot: green\r\nhandover-release: v42\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(prober(answering(both).await.0).ask().await, Heard::Name("v42".into()));
}

#[tokio::test]
async fn who_does_not_say_its_name_is_nobody() {
    let nameless = answering("HTTP/1.1 404 Nope\r\ncontent-length: 0\r\n\r\n").await.0;
    let Heard::Nobody(why) = prober(nameless).ask().await else { panic!("nobody has a name") };
    insta::assert_snapshot!(why, @"the answer (status 404) has no header handover-release or handover-slot");
    let hangs_up = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let Heard::Nobody(why) = prober(hangs_up).ask().await else { panic!("nobody listens there") };
    assert!(why.contains("refused"), "{why}");
}

#[tokio::test]
async fn what_cannot_be_asked_is_said_and_secrets_are_not() {
    let new = |url, name| Prober::new(url, &[name], LIMIT);
    insta::assert_snapshot!(new("shop.example.com", "x").unwrap_err(), @r#"`shop.example.com` is not an address such as "https://shop.example.com/""#);
    insta::assert_snapshot!(new("ftp://shop.example.com", "x").unwrap_err(), @r#"`ftp://shop.example.com` is not an address such as "https://shop.example.com/""#);
    insta::assert_snapshot!(new("http://shop.example.com", "two words").unwrap_err(), @r#""two words" is not a header name"#);
    let prober = new("http://shop.example.com", "x").unwrap();
    insta::assert_snapshot!(prober.clone().with_header("handover-pin", "s3cret\n").unwrap_err(), @r#"the value of header "handover-pin" has characters that no header can have"#);
    insta::assert_snapshot!(prober.at_path("http://elsewhere.example.com/").unwrap_err(), @r#"`http://elsewhere.example.com/` is not an address such as "https://shop.example.com/""#);
    let pinned = prober.with_header("handover-pin", "s3cret").unwrap();
    assert!(!format!("{pinned:?}").contains("s3cret"));
}

#[tokio::test]
async fn who_posts_sends_no_body_and_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let posting = prober(listener.local_addr().unwrap()).posting();
    let asking = tokio::spawn(async move { posting.ask().await });
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut buffer = [0; 4096];
    let read = stream.read(&mut buffer).await.unwrap();
    stream.write_all(b"HTTP/1.1 200 OK\r\nhandover-slot: blue\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    assert_eq!(asking.await.unwrap(), Heard::Name("blue".into()));
    let request = String::from_utf8_lossy(&buffer[..read]).to_lowercase();
    assert!(
        request.starts_with("post / http/1.1\r\n") && request.contains("content-length: 0\r\n"),
        "{request}"
    );
}
