use std::time::Duration;

use handover_health::{HealthProbe as _, InstanceProbe, ProbeClass};
use tokio::io::AsyncWriteExt as _;

use crate::server::{Act, PLENTY, Server, answer, nobody};

async fn class_of(probe: &InstanceProbe, deadline: Duration) -> ProbeClass {
    probe.check(deadline).await.expect_err("not well").class()
}

fn probe(server: &Server) -> InstanceProbe {
    InstanceProbe::new(server.addr, "/health/ready?full=1").unwrap()
}

#[tokio::test]
async fn a_good_answer_is_well_and_the_request_is_plain() {
    let server = Server::answering(200, "", "fine").await;
    probe(&server).check(PLENTY).await.unwrap();
    let request = server.requests().remove(0).replace(&server.addr.to_string(), "ADDR");
    insta::assert_snapshot!(request.trim_end().replace('\r', ""), @"
    GET /health/ready?full=1 HTTP/1.1
    host: ADDR
    connection: close
    user-agent: handover-health
    ");
}

#[tokio::test]
async fn headers_and_host_are_sent_as_set_and_not_printed() {
    let server = Server::answering(200, "", "").await;
    let probe = probe(&server).with_header("host", "shop.example").unwrap();
    let probe = probe.with_header("handover-pin", "s3cret").unwrap();
    probe.check(PLENTY).await.unwrap();
    let request = server.requests().remove(0);
    assert!(
        request.contains("host: shop.example\r\n") && request.contains("handover-pin: s3cret\r\n"),
        "{request}"
    );
    assert_eq!(request.matches("host:").count(), 1);
    assert!(!format!("{probe:?}").contains("s3cret"));
}

#[tokio::test]
async fn nobody_listening_is_refused() {
    let probe = InstanceProbe::new(nobody().await, "/").unwrap();
    assert_eq!(class_of(&probe, PLENTY).await, ProbeClass::Refused);
}

#[tokio::test]
async fn a_connection_reset_or_closed_without_an_answer_is_a_reset() {
    for act in [Act::Reset, Act::Say(Vec::new()), Act::Say(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec())] {
        let server = Server::that(act.clone()).await;
        assert_eq!(class_of(&probe(&server), PLENTY).await, ProbeClass::Reset, "{act:?}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_reset() {
    let server = Server::that(Act::Say(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec())).await;
    assert_eq!(class_of(&probe(&server), PLENTY).await, ProbeClass::Reset);
}

#[tokio::test]
async fn a_server_that_hangs_is_a_timeout_before_and_within_the_body() {
    for begin in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"] {
        let server = Server::that(Act::Stall(begin.to_vec())).await;
        assert_eq!(class_of(&probe(&server), Duration::from_millis(60)).await, ProbeClass::Timeout);
    }
}

#[tokio::test]
async fn what_is_not_http_is_a_protocol_error() {
    let tls_alert = vec![0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46];
    for garbage in [b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec(), tls_alert, b"HTTP/1.1 banana\r\n\r\n".to_vec()] {
        let server = Server::that(Act::Say(garbage)).await;
        assert_eq!(class_of(&probe(&server), PLENTY).await, ProbeClass::Protocol);
    }
}

#[tokio::test]
async fn a_body_over_the_cap_is_too_large_and_one_at_the_cap_is_not() {
    let server = Server::answering(200, "", "0123456789").await;
    assert_eq!(class_of(&probe(&server).with_body_cap(9), PLENTY).await, ProbeClass::TooLarge);
    probe(&server).with_body_cap(10).check(PLENTY).await.unwrap();
}

#[tokio::test]
async fn an_endless_body_stops_at_the_cap() {
    let server = Server::that(Act::Stall(
        [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 2 * 1_024 * 1_024]].concat(),
    ))
    .await;
    assert_eq!(class_of(&probe(&server), PLENTY).await, ProbeClass::TooLarge);
}

#[tokio::test]
async fn a_redirect_is_well_and_not_followed() {
    let elsewhere = Server::answering(500, "", "").await;
    let location = format!("location: http://{}/\r\n", elsewhere.addr);
    let server = Server::answering(302, &location, "").await;
    let answer = probe(&server).fetch(PLENTY).await.unwrap();
    assert_eq!(answer.status(), 302);
    probe(&server).check(PLENTY).await.unwrap();
    assert_eq!(class_of(&probe(&server).with_statuses(200..=299), PLENTY).await, ProbeClass::Status(302));
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn an_unexpected_status_keeps_its_body_in_the_detail() {
    let server = Server::answering(503, "", "draining\u{1b}[31m\nnow").await;
    let error = probe(&server).check(PLENTY).await.expect_err("503");
    assert!(error.unready_now());
    assert_eq!(error.to_string(), "answered 503");
    let detail = error.detail().replace(&server.addr.to_string(), "ADDR");
    insta::assert_snapshot!(detail, @"ADDR/health/ready?full=1 answered 503: draining [31m now");
}

#[tokio::test]
async fn another_release_on_the_port_is_a_mismatch_whatever_its_status() {
    for (status, headers) in [(200, ""), (200, "x-release: v1\r\n"), (404, "x-release: v1\r\n")] {
        let server = Server::answering(status, headers, "").await;
        let probe = probe(&server).answered_by("x-release", "v2").unwrap();
        assert_eq!(class_of(&probe, PLENTY).await, ProbeClass::Mismatch, "{status} {headers}");
    }
    let server = Server::answering(200, "X-Release: v2\r\n", "").await;
    probe(&server).answered_by("x-release", "v2").unwrap().check(PLENTY).await.unwrap();
}

#[tokio::test]
async fn an_answer_gives_status_headers_body_and_time() {
    let server = Server::that(Act::Say(answer(201, "x-release: v2\r\n", "hello"))).await;
    let answer = probe(&server).fetch(PLENTY).await.unwrap();
    assert_eq!(
        (answer.status(), answer.header("X-Release"), answer.body()),
        (201, Some("v2"), &b"hello"[..])
    );
    assert!(answer.elapsed() < PLENTY);
}

#[tokio::test]
async fn a_length_that_is_missing_or_chunked_is_read_to_the_end() {
    for body in ["\r\nbare", "transfer-encoding: chunked\r\n\r\n4\r\nbare\r\n0\r\n\r\n"] {
        let server = Server::that(Act::Say(format!("HTTP/1.1 200 OK\r\n{body}").into_bytes())).await;
        assert_eq!(probe(&server).fetch(PLENTY).await.unwrap().body(), b"bare");
    }
}

#[test]
fn what_cannot_be_asked_is_refused_when_it_is_built() {
    let addr = "127.0.0.1:1".parse().unwrap();
    let refused = |path| InstanceProbe::new(addr, path).expect_err("no path").to_string();
    insta::assert_snapshot!(refused("health"), @r#""health" is not a path such as "/health""#);
    insta::assert_snapshot!(refused("http://elsewhere/"), @r#""http://elsewhere/" is not a path such as "/health""#);
    insta::assert_snapshot!(refused("/a\r\nx: y"), @r#""/a\r\nx: y" is not a path such as "/health""#);
    let probe = || InstanceProbe::new(addr, "/").unwrap();
    let name = probe().with_header("a b", "c").expect_err("a space").to_string();
    insta::assert_snapshot!(name, @r#""a b" is not a header name"#);
    let value = probe().with_header("pin", "s3cret\r\n").expect_err("a line break").to_string();
    insta::assert_snapshot!(value, @r#"the value of header "pin" has characters that no header can have"#);
}

/// Whether that is read as an answer or as something that nobody asked for depends on the moment.
#[tokio::test]
async fn who_speaks_before_it_is_asked_is_of_another_protocol() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"SSH-2.0-OpenSSH_9.2p1\r\n").await.unwrap();
            kept.push(stream);
        }
    });
    for _ in 0..100 {
        let probe = InstanceProbe::new(addr, "/").unwrap();
        assert_eq!(class_of(&probe, PLENTY).await, ProbeClass::Protocol);
    }
}
