use handover_core::Slot;
use handover_edge::proxy::ProxyOptions;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::rig::{Rig, pin, raw, with};

#[tokio::test]
async fn a_release_learns_who_asked_and_how() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default().with_via(Some("edge".into()))).await;
    let claimed = [
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-for", "198.51.100.7"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"),
    ];
    let reply = rig.send(with("/a?b=c", &claimed)).await;
    let seen = &blue.seen()[0];
    let header = |name: &str| seen.headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!(seen.path, "/a");
    assert_eq!(header("host"), Some("shop.example"));
    assert_eq!(header("x-forwarded-for"), Some("203.0.113.9, 198.51.100.7, 127.0.0.1"));
    assert_eq!(header("x-forwarded-proto"), Some("http"));
    assert_eq!(header("x-forwarded-host"), Some("shop.example"));
    assert_eq!((header("via"), reply.header("via")), (Some("1.1 edge"), Some("1.1 edge")));
}

#[tokio::test]
async fn a_proxy_of_ones_own_in_front_is_believed() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default().with_trust_forwarded(true)).await;
    rig.send(with("/", &[("x-forwarded-proto", "https"), ("x-forwarded-host", "public.example")])).await;
    let seen = blue.seen()[0].headers.clone();
    assert_eq!(seen["x-forwarded-proto"], "https");
    assert_eq!(seen["x-forwarded-host"], "public.example");
}

#[tokio::test]
async fn what_speaks_of_one_connection_stays_on_it() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let sent = [
        ("connection", "keep-alive, X-Mine"),
        ("connection", "te, host, x-forwarded-for"),
        ("x-mine", "1"),
        ("x-kept", "1"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "keep-alive"),
        ("te", "gzip, trailers"),
        ("handover-release", "forged"),
    ];
    let reply = rig.send(with("/liar", &sent)).await;
    let seen = &blue.seen()[0].headers;
    for gone in ["x-mine", "keep-alive", "proxy-connection", "handover-release"] {
        assert!(!seen.contains_key(gone), "{gone} went on");
    }
    assert_eq!((&seen["te"], &seen["connection"]), (&"trailers".parse().unwrap(), &"te".parse().unwrap()));
    // A client cannot have the proxy's own headers dropped by naming them.
    assert_eq!((&seen["x-kept"], &seen["host"]), (&"1".parse().unwrap(), &"shop.example".parse().unwrap()));
    assert_eq!(seen["x-forwarded-for"], "127.0.0.1");
    for gone in ["x-hop", "keep-alive", "connection", "handover-release", "handover-error"] {
        assert_eq!(reply.header(gone), None, "{gone} came back");
    }
}

#[tokio::test]
async fn the_release_header_is_the_proxys_own_word() {
    let (rig, _blue, _green) = Rig::pair(ProxyOptions::default().with_release_header(true)).await;
    let reply = rig.send(with("/liar", &[])).await;
    assert_eq!(reply.headers.get_all("handover-release").iter().collect::<Vec<_>>(), ["v1"]);
    let pinned = rig.send(with("/liar", &[("handover-pin", &pin("v2"))])).await;
    assert_eq!(pinned.headers.get_all("handover-release").iter().collect::<Vec<_>>(), ["v2"]);
}

#[tokio::test]
async fn older_and_unusual_forms_of_a_request_are_put_in_order() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let absolute =
        "GET http://user@other.example:81/p?q HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n";
    assert!(raw(rig.addr, absolute.as_bytes()).await.starts_with("HTTP/1.1 200"));
    let old = raw(rig.addr, b"GET /old HTTP/1.0\r\n\r\n").await;
    assert!(old.starts_with("HTTP/1.0 200") && old.ends_with("\r\n\r\nv1"), "{old}");
    let seen = blue.seen();
    assert_eq!(
        (seen[0].path.as_str(), &seen[0].headers["host"]),
        ("/p", &"other.example:81".parse().unwrap())
    );
    assert_eq!(seen[1].headers["host"], "");
}

/// A rig whose one release gives every request this very answer, and then hangs up.
async fn answering(answer: &'static [u8]) -> Rig {
    let rig = Rig::new(ProxyOptions::default()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    rig.place(Slot::Blue, "v1", &[listener.local_addr().unwrap()]);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer).await;
        }
    });
    rig
}

const ASKED: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn a_release_that_speaks_an_older_version_does_not_cost_clients_theirs() {
    let rig = answering(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
    let answer = raw(rig.addr, ASKED).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\nok"), "{answer}");
}

#[tokio::test]
async fn an_answer_that_says_two_lengths_is_passed_on_whole() {
    let both =
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    let rig = answering(both).await;
    let answer = raw(rig.addr, ASKED).await;
    assert!(answer.contains("hello"), "{answer}");
    assert!(!answer.to_ascii_lowercase().contains("content-length: 3"), "{answer}");
}
