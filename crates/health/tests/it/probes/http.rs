use std::net::SocketAddr;
use std::time::Duration;

use handover_health::{HealthProbe as _, HttpProbe, ProbeClass};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{error_of, says};
use crate::server::{Act, PLENTY, Server, answer, nobody};

fn at(addr: SocketAddr) -> HttpProbe {
    HttpProbe::new(&format!("http://{addr}/health?key=s3cret")).unwrap()
}

fn of(server: &Server) -> HttpProbe {
    at(server.addr)
}

async fn class_of(probe: &HttpProbe) -> ProbeClass {
    super::class_of(probe, PLENTY).await
}

#[tokio::test]
async fn a_good_answer_is_well_and_the_request_is_plain() {
    let server = Server::answering(200, "", "fine").await;
    let probe = of(&server).with_bearer("t0ken").unwrap().with_header("x-tenant", "shop").unwrap();
    probe.check(PLENTY).await.unwrap();
    let request = server.requests().remove(0).replace(&server.addr.to_string(), "ADDR");
    insta::assert_snapshot!(request.trim_end().replace('\r', ""), @"
    GET /health?key=s3cret HTTP/1.1
    authorization: Bearer t0ken
    x-tenant: shop
    accept: */*
    user-agent: handover-health
    host: ADDR
    ");
}

#[tokio::test]
async fn an_answer_gives_status_headers_and_body_whatever_its_status() {
    let server = Server::answering(500, "x-release: v2\r\n", "boom").await;
    let answer = of(&server).fetch(PLENTY).await.unwrap();
    let found = (answer.status(), answer.header("X-Release"), answer.body());
    assert_eq!(found, (500, Some("v2"), &b"boom"[..]));
    assert!(answer.elapsed() < PLENTY);
}

#[tokio::test]
async fn a_name_and_a_password_in_the_address_are_sent_and_not_printed() {
    let server = Server::answering(500, "", "").await;
    let probe = HttpProbe::new(&format!("http://ann:s3cret@{}/", server.addr)).unwrap();
    let error = error_of(&probe, PLENTY).await;
    assert!(server.requests()[0].contains("authorization: Basic YW5uOnMzY3JldA==\r\n"));
    assert!(!format!("{probe:?}{error:?}{error}{}", error.detail()).contains("s3cret"));
}

#[tokio::test]
async fn every_check_is_a_connection_of_its_own() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let probe = at(listener.local_addr().unwrap());
    for _ in 0..3 {
        let check = tokio::spawn({
            let probe = probe.clone();
            async move { probe.check(PLENTY).await }
        });
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(&answer(200, "", "")).await.unwrap();
        check.await.unwrap().unwrap();
        // The probe closes first, and leaves nothing behind.
        stream.read_to_end(&mut Vec::new()).await.unwrap();
    }
}

#[tokio::test]
async fn nobody_listening_is_refused() {
    assert_eq!(class_of(&at(nobody().await)).await, ProbeClass::Refused);
}

#[tokio::test]
async fn a_connection_reset_or_closed_before_the_answer_is_whole_is_a_reset() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec();
    let head = b"HTTP/1.1 200 OK\r\ncontent-le".to_vec();
    for act in [Act::Reset, Act::Say(Vec::new()), Act::Say(head), Act::Say(half)] {
        let server = Server::that(act.clone()).await;
        assert_eq!(class_of(&of(&server)).await, ProbeClass::Reset, "{act:?}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_a_timeout_before_and_within_the_body() {
    for begin in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"] {
        let server = Server::that(Act::Stall(begin.to_vec())).await;
        let error = error_of(&of(&server), Duration::from_millis(60)).await;
        assert_eq!(error.class(), ProbeClass::Timeout);
        let detail = error.detail().replace(&server.addr.to_string(), "ADDR");
        assert_eq!(detail, "http://ADDR/health: no answer within 60ms");
    }
}

#[tokio::test]
async fn what_is_not_http_is_a_protocol_error() {
    let tls_alert = b"\x15\x03\x03\x00\x02\x02\x46";
    for garbage in [&b"SSH-2.0-OpenSSH_9.9\r\n\r\n"[..], tls_alert, b"HTTP/1.1 banana\r\n\r\n"] {
        assert_eq!(class_of(&at(says(garbage).await)).await, ProbeClass::Protocol);
    }
}

#[tokio::test]
async fn a_plain_port_asked_for_tls_is_a_tls_error() {
    let addr = says(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let probe = HttpProbe::new(&format!("https://{addr}/")).unwrap();
    assert_eq!(class_of(&probe).await, ProbeClass::Tls);
}

#[tokio::test]
async fn a_name_that_nobody_has_does_not_resolve() {
    let probe = HttpProbe::new("http://nobody.invalid/").unwrap();
    assert_eq!(class_of(&probe).await, ProbeClass::Dns);
}

#[tokio::test]
async fn a_name_is_resolved() {
    let server = Server::answering(200, "", "").await;
    let probe = HttpProbe::new(&format!("http://localhost:{}/", server.addr.port())).unwrap();
    probe.check(PLENTY).await.unwrap();
}

#[tokio::test]
async fn a_body_over_the_cap_is_too_large_and_one_at_the_cap_is_not() {
    let server = Server::answering(200, "", "0123456789").await;
    assert_eq!(class_of(&of(&server).with_body_cap(9)).await, ProbeClass::TooLarge);
    of(&server).with_body_cap(10).check(PLENTY).await.unwrap();
}

#[tokio::test]
async fn an_endless_body_stops_at_the_cap() {
    let endless = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 2 * 1_024 * 1_024]].concat();
    let server = Server::that(Act::Stall(endless)).await;
    assert_eq!(class_of(&of(&server)).await, ProbeClass::TooLarge);
}

#[tokio::test]
async fn a_redirect_is_well_and_not_followed() {
    let elsewhere = Server::answering(500, "", "").await;
    let server = Server::answering(302, &format!("location: http://{}/\r\n", elsewhere.addr), "").await;
    of(&server).check(PLENTY).await.unwrap();
    assert_eq!(class_of(&of(&server).with_statuses(200..=299)).await, ProbeClass::Status(302));
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_429_is_well_unless_the_statuses_were_chosen_without_it() {
    let server = Server::answering(429, "retry-after: 20\r\n", "").await;
    of(&server).check(PLENTY).await.unwrap();
    of(&server).with_statuses(400..=499).check(PLENTY).await.unwrap();
    assert_eq!(class_of(&of(&server).with_statuses(200..=399)).await, ProbeClass::Status(429));
}

#[tokio::test]
async fn a_401_is_about_credentials_and_other_statuses_keep_their_number() {
    let classes = [(401, ProbeClass::Auth), (403, ProbeClass::Status(403)), (500, ProbeClass::Status(500))];
    for (status, class) in classes {
        let server = Server::answering(status, "", "").await;
        assert_eq!(class_of(&of(&server)).await, class);
    }
}

#[tokio::test]
async fn an_unexpected_status_keeps_its_body_in_the_detail_and_the_query_to_itself() {
    let server = Server::answering(503, "", "draining\u{1b}[31m\nnow").await;
    let error = error_of(&of(&server), PLENTY).await;
    assert!(error.unready_now());
    let detail = error.detail().replace(&server.addr.to_string(), "ADDR");
    insta::assert_snapshot!(format!("{error}\n{error:?}\n{detail}"), @"
    answered 503
    ProbeError(Status(503))
    http://ADDR/health answered 503: draining [31m now
    ");
}

#[tokio::test]
async fn over_budget_the_last_answer_is_given_again_to_clones_too() {
    let server = Server::answering(200, "", "").await;
    let probe = of(&server).with_budget(2, Duration::from_hours(1));
    for _ in 0..5 {
        probe.clone().check(PLENTY).await.unwrap();
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn those_who_ask_at_once_share_what_the_budget_buys() {
    let server = Server::answering(200, "", "").await;
    let probe = of(&server).with_budget(1, Duration::from_hours(1));
    let asked: Vec<_> = (0..10)
        .map(|_| {
            tokio::spawn({
                let probe = probe.clone();
                async move { probe.check(PLENTY).await }
            })
        })
        .collect();
    for check in asked {
        check.await.unwrap().unwrap();
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn over_budget_a_bad_answer_and_one_that_never_came_are_not_forgotten() {
    let hung = Server::that(Act::Stall(Vec::new())).await;
    let probe = of(&hung).with_budget(1, Duration::from_hours(1));
    for _ in 0..2 {
        assert_eq!(error_of(&probe, Duration::from_millis(60)).await.class(), ProbeClass::Timeout);
    }
    assert_eq!(hung.requests().len(), 1);
    let broken = Server::answering(500, "", "").await;
    let probe = of(&broken).with_budget(0, Duration::from_hours(1));
    assert_eq!(class_of(&probe).await, ProbeClass::Status(500));
    assert_eq!(class_of(&probe).await, ProbeClass::Status(500));
    assert_eq!(broken.requests().len(), 1);
}

#[tokio::test]
async fn a_length_that_is_missing_or_chunked_is_read_to_the_end() {
    for body in ["\r\nbare", "transfer-encoding: chunked\r\n\r\n4\r\nbare\r\n0\r\n\r\n"] {
        let server = Server::that(Act::Say(format!("HTTP/1.1 200 OK\r\n{body}").into_bytes())).await;
        assert_eq!(of(&server).fetch(PLENTY).await.unwrap().body(), b"bare");
    }
}

#[tokio::test]
async fn it_prints_neither_address_nor_secrets() {
    let server = Server::that(Act::Say(answer(200, "", ""))).await;
    let probe = of(&server).with_bearer("t0ken").unwrap().with_budget(1, Duration::from_mins(1));
    insta::assert_snapshot!(format!("{probe:?}"), @r#"HttpProbe { headers: ["authorization"], statuses: 200..=399, body_cap: 1048576, budget: Some(1 in 60s), .. }"#);
}

#[test]
fn what_cannot_be_asked_is_refused_when_it_is_built() {
    for url in ["api.example/health", "ftp://api.example/", "http://", "http://api.example:x/s3cret"] {
        let refused = HttpProbe::new(url).expect_err("no URL").to_string();
        assert_eq!(refused, r#"the address is not one such as "https://api.example/health""#);
    }
    let probe = || HttpProbe::new("http://api.example/").unwrap();
    let token = probe().with_bearer("s3cret\r\n").expect_err("a line break").to_string();
    insta::assert_snapshot!(token, @r#"the value of header "authorization" has characters that no header can have"#);
    let name = probe().with_header("a b", "c").expect_err("a space").to_string();
    insta::assert_snapshot!(name, @r#""a b" is not a header name"#);
}
