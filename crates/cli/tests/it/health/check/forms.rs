//! Bodies in the forms that say more than their status.

use super::super::server::Server;
use super::{JSON, check, filters};

#[test]
fn health_json_is_asked_for_and_its_classes_are_shown() {
    let _filters = filters();
    let body = r#"{"status":"warn","checks":{"database:responseTime":[{"status":"pass","observedValue":2}],
        "openai:responseTime":[{"status":"warn","output":"timeout"}]}}"#;
    let server = Server::with(&[("/health/ready", 200, "application/health+json", body)]);
    let (code, out, _) = check(&[&server.url("")]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT   STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  degraded  200  T
      database                           ok
      openai                             degraded                timeout
    ");
    assert!(
        server.asked()[0].to_ascii_lowercase().contains("\r\naccept: application/health+json, "),
        "{:?}",
        server.asked()
    );
}

#[test]
fn microprofile() {
    let _filters = filters();
    let body = r#"{"status":"DOWN","checks":[{"name":"readiness","status":"DOWN","data":{"state":"starting"}},
        {"name":"database","status":"UP"}]}"#;
    let server = Server::with(&[("/health/ready", 503, JSON, body)]);
    let (code, out, _) = check(&[&server.url("")]);
    assert_eq!(code, 6);
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT   STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  starting  503  T  answered 503
      readiness                          starting                starting
      database                           ok
    ");
}

#[test]
fn a_body_that_contradicts_its_status_is_shown_and_the_status_counts() {
    let _filters = filters();
    let body = r#"{"status":"not_ready","checks":{"database":"error"}}"#;
    let server = Server::with(&[("/health/ready", 200, JSON, body)]);
    let (code, out, _) = check(&[&server.url("")]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT  STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  well     200  T  though its body says unwell: the status is what counts
      database                           error
    ");
}

#[test]
fn a_redirect_is_shown_and_not_followed_however_often_it_goes_around() {
    let _filters = filters();
    let server = Server::new(|_| {
        Some(b"HTTP/1.1 302 Found\r\nLocation: /health/ready\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec())
    });
    let (code, out, _) = check(&[&server.url("")]);
    assert_eq!((code, server.asked().len()), (0, 1));
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT  STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  well     302  T  a redirect, which is not followed
    ");
    let (code, out, _) = check(&["--expect", "2xx", &server.url("")]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT   STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  not well  302  T  answered 302
    next: http://127.0.0.1:PPPPP/health/ready: a redirect is not followed: ask where it points to
    ");
}
