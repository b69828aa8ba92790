//! Servers that mean no good, or do not speak HTTP.

use super::super::server::{Server, answer};
use super::{JSON, check, filters};

#[test]
fn what_a_server_says_cannot_drive_the_terminal() {
    let _filters = filters();
    let page = Server::saying(500, "\u{1b}[2J\u{1b}]0;owned\u{7}<b>\r\n\u{202e}boom\u{9b}31m");
    let (code, out, _) = check(&[&page.url("/")]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT   STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  not well  500  T  answered 500: [2J ]0;owned <b>   boom 31m
    ");
    let names = r#"{"status":"not_ready","checks":{"\u001b[2Jdb\n\u202e":"error","\u0007":"\u001b[31m"}}"#;
    let parts = Server::with(&[("/health/ready", 503, JSON, names)]);
    for args in [&[][..], &["--json"], &["--watch", "-n", "1"]] {
        let (_, out, err) = check(&[args, &[&parts.url(""), &page.url("/")]].concat());
        let odd = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!out.contains(odd) && err.is_empty(), "{out:?} {err:?}");
    }
}

#[test]
fn what_is_too_large_or_no_http_is_not_read_to_its_end() {
    let _filters = filters();
    let huge = Server::new(|_| Some(answer(200, JSON, &"x".repeat(2 << 20))));
    let (code, out, _) = check(&[&huge.url("/")]);
    assert_eq!(code, 4);
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT    STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  not known  -  T  the answer is too large
    next: http://127.0.0.1:PPPPP/health/ready: ask a path with a small answer: `--path`
    ");
    let ssh = Server::shouting(b"SSH-2.0-OpenSSH_9.2p1\r\n");
    let (code, out, _) = check(&[&ssh.url("/")]);
    assert_eq!(code, 4);
    // It depends on the moment whether that is read as an answer or as something that nobody asked for.
    let out = out.replace("received unexpected message from connection", "invalid HTTP version parsed");
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT    STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  not known  -  T  the answer is of another protocol: invalid HTTP version parsed
    next: http://127.0.0.1:PPPPP/health/ready: what answers there does not speak HTTP/1.1; a port that speaks TLS is asked with https://
    ");
    let (code, out, _) = check(&[&ssh.url("/").replace("http:", "https:")]);
    assert_eq!(code, 4);
    insta::assert_snapshot!(out, @"
    ASKED                                 VERDICT    STATUS  TIME  WHY
    https://127.0.0.1:PPPPP/health/ready  not known  -  T  no TLS session came about: received corrupt message of type InvalidContentType
    next: https://127.0.0.1:PPPPP/health/ready: check the certificate and who signed it; a port that speaks plain HTTP is asked with http://
    ");
    let short = Server::new(|_| Some(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec()));
    let (code, out, _) = check(&[&short.url("/")]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT   STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  not well  -  T  connection closed before the answer was complete
    next: http://127.0.0.1:PPPPP/health/ready: it hung up before it had answered: its log says why
    ");
}

#[test]
fn more_parts_than_anybody_reads_are_counted() {
    let checks: Vec<_> = (0..1_000).map(|n| format!(r#""check-{n}":"ok""#)).collect();
    let body = format!(r#"{{"status":"ready","checks":{{{}}}}}"#, checks.join(","));
    let server = Server::new(move |_| Some(answer(200, JSON, &body)));
    let (code, out, _) = check(&[&server.url("")]);
    assert!(code == 0 && out.contains("\n  and 800 more") && out.lines().count() == 203, "{out}");
}
