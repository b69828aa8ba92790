use handover_core::Slot;
use handover_edge::proxy::ProxyOptions;
use http_body_util::BodyExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::rig::{Client, Rig, post, raw, read_head, request, soon, until, upgraded};

#[tokio::test]
async fn a_body_is_passed_on_piece_by_piece_in_both_directions() {
    let (rig, _blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let mut stream = TcpStream::connect(rig.addr).await.unwrap();
    let head = "POST /early HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    // The answer begins before the request has ended, and ends after it.
    assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 200"));
    let mut first = [0; 7];
    soon(stream.read_exact(&mut first)).await.unwrap();
    assert_eq!(&first, b"2\r\nv1\r\n");
    stream.write_all(b"4\r\ndefg\r\n0\r\n\r\n").await.unwrap();
    let mut rest = [0; 11];
    soon(stream.read_exact(&mut rest)).await.unwrap();
    assert_eq!(&rest, b"1\r\n7\r\n0\r\n\r\n");
    until("it is over", || rig.proxy.in_flight().blue.total() == 0).await;
}

#[tokio::test]
async fn a_large_body_arrives_whole_in_both_directions() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let mut client = Client::new(rig.addr).await;
    for _ in 0..3 {
        let sent = "y".repeat(500_000);
        assert_eq!(client.send(post("/big", sent.clone())).await.unwrap().body.len(), 300_000);
        assert_eq!(blue.seen().last().unwrap().body, sent);
    }
    assert_eq!(blue.connections(), 1, "the connection was not used again");
}

#[tokio::test]
async fn a_client_that_reads_slowly_holds_back_the_release_and_gets_everything() {
    let (rig, _blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let mut client = Client::new(rig.addr).await;
    let mut body = client.begin(request("/big")).await.unwrap().into_body();
    let mut length = 0;
    while let Some(frame) = soon(body.frame()).await {
        length += frame.unwrap().into_data().unwrap().len();
        tokio::task::yield_now().await;
    }
    assert_eq!(length, 300_000);
}

#[tokio::test]
async fn a_client_that_goes_away_is_counted_as_cancelled_and_leaves_nothing_in_flight() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    for path in ["/never", "/stream"] {
        let mut stream = TcpStream::connect(rig.addr).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).await.unwrap();
        let under_way = || rig.proxy.in_flight().blue;
        match path {
            "/never" => until("it is under way", || under_way().requests == 1).await,
            _ => until("it is under way", || under_way().streams == 1).await,
        }
        drop(stream);
        until("it has left", || under_way().total() == 0).await;
    }
    let class = |class| {
        rig.metric(&format!("handover_edge_requests_total{{slot=\"blue\",release=\"v1\",class=\"{class}\"}}"))
    };
    assert_eq!((class("cancelled"), class("error")), (2, 0));
    let measured = rig.proxy.meter(Slot::Blue).totals();
    assert_eq!((measured.cancelled.count(), measured.count()), (2, 0));
    until("its connections to the release are closed", || blue.connections() == 0).await;
}

#[tokio::test]
async fn an_upgrade_echoes_until_one_side_ends() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let mut stream = upgraded(rig.addr).await;
    let sent = vec![7; 200_000];
    let (mut read, mut write) = stream.split();
    let echoed = async {
        let mut back = vec![0; sent.len()];
        read.read_exact(&mut back).await.unwrap();
        back
    };
    let (back, written) = soon(async { tokio::join!(echoed, write.write_all(&sent)) }).await;
    written.unwrap();
    assert_eq!(back, sent);
    assert_eq!(rig.proxy.in_flight()[Slot::Blue].upgrades, 1);
    drop(stream);
    until("it is over", || rig.proxy.in_flight().blue.total() == 0).await;
    assert_eq!(blue.seen()[0].headers.get("upgrade").unwrap(), "echo");
}

#[tokio::test]
async fn http2_through_an_upgrade_is_not_passed_on() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n\
                   HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n";
    assert!(raw(rig.addr, request.as_bytes()).await.starts_with("HTTP/1.1 200"));
    let seen = &blue.seen()[0].headers;
    assert!(["upgrade", "http2-settings", "connection"].iter().all(|name| !seen.contains_key(*name)));
}

#[tokio::test]
async fn an_expectation_is_met_before_the_body_is_sent() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let mut stream = TcpStream::connect(rig.addr).await.unwrap();
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 100"));
    stream.write_all(b"body").await.unwrap();
    assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 200"));
    assert_eq!(blue.seen()[0].body, "body");
}

#[tokio::test]
async fn answers_without_a_body_leave_the_connection_usable() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let mut client = Client::new(rig.addr).await;
    let mut head = request("/big");
    *head.method_mut() = http::Method::HEAD;
    let reply = client.send(head).await.unwrap();
    assert_eq!((reply.body.as_str(), reply.header("content-length")), ("", Some("300000")));
    for status in [204, 304, 200] {
        assert_eq!(client.send(request(&format!("/status/{status}"))).await.unwrap().status, status);
    }
    assert_eq!(blue.connections(), 1);
}
