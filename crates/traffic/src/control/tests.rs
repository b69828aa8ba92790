//! Servers that answer anything but well, one connection each.

use std::error::Error as _;
use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::SwitchError;

const LONG: Duration = Duration::from_secs(10);

/// Reads one request, answers with these bytes, and hangs up. Without bytes it hangs up at once.
async fn server(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    base
}

async fn sent(base: &str, kind: Kind, limit: Duration) -> Result<Answer, SwitchError> {
    let control = Control::new("the platform", base, limit).unwrap();
    let url = control.url("v1/thing");
    control.send(kind, control.http().post(url).bearer_auth("s3cret")).await
}

/// What becomes of a request whose answer is wanted as JSON.
async fn asked(kind: Kind, answer: &'static str) -> Result<Value, SwitchError> {
    let answer = sent(&server(answer).await, kind, LONG).await?;
    if answer.status.is_success() { answer.json() } else { Err(answer.refusal(answer.start())) }
}

/// The error, as a word and its cause.
fn told(error: &SwitchError) -> String {
    let word = match error {
        SwitchError::Refused { .. } => "nothing changed, refused",
        SwitchError::Unreachable { .. } => "nothing changed, unreachable",
        SwitchError::Unconfirmed { .. } => "unknown",
        SwitchError::Throttled { .. } => "nothing changed, throttled",
        _ => "another error",
    };
    format!("{word}: {}", error.source().map_or_else(String::new, ToString::to_string))
}

/// The same answer to a read and to a write.
async fn both(answer: &'static str) -> String {
    let mut lines = Vec::new();
    for kind in [Kind::Read, Kind::Write] {
        lines.push(format!("{kind:?}: {}", told(&asked(kind, answer).await.unwrap_err())));
    }
    lines.join("\n")
}

#[tokio::test]
async fn a_page_of_html_is_no_answer_and_a_write_may_have_happened() {
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>";
    insta::assert_snapshot!(both(page).await, @"
    Read: nothing changed, refused: a page of HTML instead of JSON (status 200): expected value at line 1 column 1
    Write: unknown: a page of HTML instead of JSON (status 200): expected value at line 1 column 1
    ");
}

#[tokio::test]
async fn nothing_is_no_answer() {
    let nothing = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 0\r\n\r\n";
    insta::assert_snapshot!(both(nothing).await, @"
    Read: nothing changed, refused: an empty answer (status 200): EOF while parsing a value at line 1 column 0
    Write: unknown: an empty answer (status 200): EOF while parsing a value at line 1 column 0
    ");
}

#[tokio::test]
async fn half_of_an_answer_is_none() {
    let json = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 8\r\n\r\n{\"id\": \"";
    insta::assert_snapshot!(both(json).await, @"
    Read: nothing changed, refused: an answer that is not as published: EOF while parsing a string at line 1 column 8
    Write: unknown: an answer that is not as published: EOF while parsing a string at line 1 column 8
    ");
    let cut = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{\"id\": \"";
    for (kind, wanted) in [(Kind::Read, "nothing changed, unreachable"), (Kind::Write, "unknown")] {
        let error = asked(kind, cut).await.unwrap_err();
        assert!(told(&error).starts_with(wanted), "{kind:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_in_trouble_leaves_a_write_unknown() {
    let trouble = "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 11\r\n\r\nbad gateway";
    insta::assert_snapshot!(both(trouble).await, @"
    Read: nothing changed, unreachable: bad gateway
    Write: unknown: bad gateway
    ");
}

#[tokio::test]
async fn whoever_is_sent_elsewhere_does_not_go_and_a_write_may_have_happened() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = elsewhere.local_addr().unwrap();
    let mut said = Vec::new();
    for status in ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect"] {
        let answer = format!("HTTP/1.1 {status}\r\nlocation: http://{place}/\r\ncontent-length: 2\r\n\r\ngo");
        said.push(both(answer.leak()).await);
    }
    said.dedup();
    insta::assert_snapshot!(said.join("\n"), @"
    Read: nothing changed, unreachable: go
    Write: unknown: go
    ");
    // The token would have gone with the request.
    let nobody = tokio::time::timeout(Duration::from_millis(50), elsewhere.accept()).await;
    assert!(nobody.is_err(), "somebody was followed");
}

#[tokio::test]
async fn a_connection_that_is_reset_after_the_head_of_an_answer_leaves_a_write_unknown() {
    for (kind, wanted) in [(Kind::Read, "nothing changed, unreachable"), (Kind::Write, "unknown")] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            // Some of the request stays unread, so that hanging up is a reset.
            stream.read_u8().await.unwrap();
            let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n";
            stream.write_all(head).await.unwrap();
        });
        let error = sent(&base, kind, LONG).await.unwrap_err();
        server.await.unwrap();
        assert!(told(&error).starts_with(wanted), "{kind:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_no_to_the_credentials_changed_nothing() {
    for status in ["401 Unauthorized", "403 Forbidden", "404 Not Found"] {
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\n\r\nno");
        let error = asked(Kind::Write, answer.leak()).await.unwrap_err();
        assert_eq!(told(&error), "nothing changed, refused: no", "{status}");
    }
}

#[tokio::test]
async fn a_connection_that_is_refused_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = sent(&base, Kind::Write, LONG).await.unwrap_err();
    assert!(matches!(error, SwitchError::Unreachable { .. }), "{error:?}");
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_connection_that_ends_after_the_request_leaves_a_write_unknown() {
    for (kind, wanted) in [(Kind::Read, "nothing changed, unreachable"), (Kind::Write, "unknown")] {
        let error = asked(kind, "").await.unwrap_err();
        assert!(told(&error).starts_with(wanted), "{kind:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_that_stays_silent_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let error = sent(&base, Kind::Write, Duration::from_millis(30)).await.unwrap_err();
    assert!(matches!(error, SwitchError::Unconfirmed { .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_wants_patience_says_for_how_long_by_its_own_clock() {
    let cases = [
        ("retry-after: 7\r\n", 7),
        ("retry-after: 99999\r\n", 3_600),
        ("", 30),
        ("retry-after: soon\r\n", 30),
        // Its clock is years behind ours; only the difference counts.
        ("date: Mon, 05 Jan 2015 10:00:00 GMT\r\nretry-after: Mon, 05 Jan 2015 10:00:12 GMT\r\n", 12),
        ("date: Mon, 05 Jan 2015 10:00:00 GMT\r\nretry-after: Mon, 05 Jan 2015 09:00:00 GMT\r\n", 0),
    ];
    for (headers, seconds) in cases {
        let answer = format!("HTTP/1.1 429 Too Many Requests\r\n{headers}content-length: 0\r\n\r\n");
        let error = asked(Kind::Write, answer.leak()).await.unwrap_err();
        let SwitchError::Throttled { after, .. } = error else { panic!("{headers}: {error:?}") };
        assert_eq!(after, Duration::from_secs(seconds), "{headers}");
    }
}

/// A server that does not say what time it is by its clock: ours is all there is, and a wrong one is bounded.
#[test]
fn a_date_without_a_clock_beside_it_is_read_by_our_own() {
    let after = |until: &str, now: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(reqwest::header::RETRY_AFTER, until.parse().unwrap());
        client::retry_after(&headers, httpdate::parse_http_date(now).unwrap()).unwrap()
    };
    let ten = "Mon, 05 Jan 2015 10:00:00 GMT";
    assert_eq!(after("Mon, 05 Jan 2015 10:00:12 GMT", ten), Duration::from_secs(12));
    assert_eq!(after(ten, "Mon, 05 Jan 2015 11:00:00 GMT"), Duration::ZERO, "our clock is an hour ahead");
    assert_eq!(after(ten, "Sun, 04 Jan 2015 10:00:00 GMT"), Duration::from_hours(1), "ours is a day behind");
}

#[test]
fn an_address_that_is_none_is_refused() {
    for base in ["ftp://example.com", "example"] {
        assert!(Control::new("the platform", base, LONG).is_err(), "{base}");
    }
}
