use std::time::Duration;

use handover_edge::proxy::{Limits, ProxyOptions, Timeouts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::rig::{Client, Rig, post, raw, read_head, request, soon, until, with};

fn small() -> ProxyOptions {
    let mut limits = Limits::default();
    (limits.header_bytes, limits.headers, limits.body_bytes) = (2_048, 10, Some(1_000));
    ProxyOptions::default().with_limits(limits)
}

#[tokio::test]
async fn too_much_of_a_head_is_refused() {
    let (rig, blue, _green) = Rig::pair(small()).await;
    let long = "x".repeat(3_000);
    assert_eq!(rig.send(with("/", &[("x-long", &long)])).await.status, 431);
    let many: Vec<_> = (0..20).map(|_| ("x-many", "1")).collect();
    assert_eq!(rig.send(with("/", &many)).await.status, 431);
    assert_eq!(blue.count(), 0);
    assert_eq!(rig.get("/").await.status, 200);
}

#[tokio::test]
async fn too_much_of_a_body_is_refused_at_once_where_it_is_announced_and_on_the_way_where_not() {
    let (rig, blue, _green) = Rig::pair(small()).await;
    let reply = rig.send(post("/", "x".repeat(1_001))).await;
    assert_eq!((reply.status, reply.header("handover-error")), (413, Some("body-too-large")));
    assert_eq!(blue.count(), 0, "it was asked all the same");
    assert_eq!(rig.send(post("/", "x".repeat(1_000))).await.status, 200);

    let mut stream = TcpStream::connect(rig.addr).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").await.unwrap();
    for _ in 0..2 {
        stream.write_all(format!("2bc\r\n{}\r\n", "y".repeat(700)).as_bytes()).await.unwrap();
    }
    assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 413"));
    let errors = "handover_edge_requests_total{slot=\"blue\",release=\"v1\",class=\"error\"}";
    assert_eq!(rig.metric(errors), 0, "the client's fault was counted against the release");
}

#[tokio::test]
async fn what_two_readers_could_read_in_two_ways_is_refused_or_made_plain() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let refused = [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nx-bad: a\0b\r\n\r\n",
    ];
    for request in refused {
        let answer = raw(rig.addr, request.as_bytes()).await;
        assert!(
            answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.0 400"),
            "{request}\n{answer}"
        );
    }
    for (request, status) in [
        ("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "405"),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
            "501",
        ),
    ] {
        let answer = raw(rig.addr, request.as_bytes()).await;
        assert_eq!(answer.get(9..12), Some(status), "{request}\n{answer}");
    }
    assert_eq!(blue.count(), 0);

    let both = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\
                Connection: close\r\n\r\n2\r\nab\r\n0\r\n\r\n";
    raw(rig.addr, both.as_bytes()).await;
    let seen = &blue.seen()[0];
    assert_eq!(seen.body, "ab");
    assert!(!(seen.headers.contains_key("content-length") && seen.headers.contains_key("transfer-encoding")));
}

fn hasty(change: impl FnOnce(&mut Timeouts)) -> ProxyOptions {
    let mut timeouts = Timeouts::default();
    change(&mut timeouts);
    ProxyOptions::default().with_timeouts(timeouts)
}

const SHORT: Duration = Duration::from_millis(60);

#[tokio::test]
async fn a_head_that_does_not_end_costs_its_connection() {
    let (rig, _blue, _green) = Rig::pair(hasty(|t| t.client_header = SHORT)).await;
    let mut stream = TcpStream::connect(rig.addr).await.unwrap();
    let dripping = async {
        for byte in b"GET / HTTP/1.1\r\nx-slow: ".iter().chain(std::iter::repeat(&b'x')) {
            if stream.write_all(&[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    soon(dripping).await;
}

#[tokio::test]
async fn an_idle_client_is_taken_leave_of_and_a_busy_one_is_not() {
    let (rig, blue, _green) = Rig::pair(hasty(|t| (t.client_idle, t.client_header) = (SHORT, SHORT))).await;
    let mut stream = TcpStream::connect(rig.addr).await.unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    tokio::time::sleep(SHORT * 2).await;
    blue.open_gate();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.ends_with("\r\n\r\nv1"), "{answer}");
    assert!(!answer.contains("connection: close"), "it was told to go: {answer}");
}

#[tokio::test]
async fn a_body_that_stops_coming_is_given_up() {
    let (rig, _blue, _green) = Rig::pair(hasty(|t| t.body_idle = SHORT)).await;
    let mut stream = TcpStream::connect(rig.addr).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").await.unwrap();
    let head = read_head(&mut stream).await;
    assert!(head.starts_with("HTTP/1.1 408") && head.contains("handover-error: body-timeout"), "{head}");
    let class = |class| {
        rig.metric(&format!("handover_edge_requests_total{{slot=\"blue\",release=\"v1\",class=\"{class}\"}}"))
    };
    assert_eq!((class("error"), class("cancelled")), (0, 1));
}

#[tokio::test]
async fn an_answer_that_stops_coming_is_given_up_and_is_the_releases_fault() {
    let (rig, _blue, _green) = Rig::pair(hasty(|t| t.body_idle = SHORT)).await;
    let mut client = Client::new(rig.addr).await;
    let body = client.begin(request("/stream")).await.unwrap().into_body();
    assert!(soon(http_body_util::BodyExt::collect(body)).await.is_err());
    let errors = "handover_edge_requests_total{slot=\"blue\",release=\"v1\",class=\"error\"}";
    until("it is counted", || rig.metric(errors) == 1).await;
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_let_go() {
    let (rig, _blue, _green) = Rig::pair(hasty(|t| t.body_idle = SHORT)).await;
    let stream = TcpStream::connect(rig.addr).await.unwrap();
    let mut asked = 0;
    // More answers than the sockets' buffers hold; none of them is read.
    while rig.proxy.in_flight().blue.total() == 0 || asked < 100 {
        stream.writable().await.unwrap();
        if stream.try_write(b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n").is_err() {
            break;
        }
        asked += 1;
        if asked > 1_000 {
            break;
        }
        tokio::task::yield_now().await;
    }
    until("its connection is closed", || rig.metric("handover_edge_connections") == 0).await;
    assert_eq!(rig.proxy.in_flight().blue.total(), 0);
}
