//! What is sent is not shown.

use tempfile::tempdir;

use super::super::server::{Server, answer};
use super::{check, filters};
use crate::handover::handover;

const SECRET: &str = "hunter2-hunter2";

/// Well for whoever shows the token.
fn locked() -> Server {
    Server::new(|head| {
        let head = head.to_ascii_lowercase();
        let shown = head.contains(&format!("authorization: bearer {SECRET}"))
            || head.contains(&format!("x-key: {SECRET}"));
        Some(answer(if shown { 200 } else { 401 }, "text/plain", ""))
    })
}

#[test]
fn a_token_comes_from_the_environment_and_is_never_shown() {
    let (server, dir, _filters) = (locked(), tempdir().unwrap(), filters());
    let typed = |args: &[&str], set: bool| {
        let mut command = handover(dir.path());
        command.args(["health", "check", &server.url("/")]).args(args);
        if set {
            command.env("TOKEN", SECRET);
        }
        let ran = command.output().unwrap();
        let [out, err] = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        assert!(!out.contains(SECRET) && !err.contains(SECRET), "{out}{err}");
        (ran.status.code().unwrap(), out, err)
    };
    let (code, out, _) = typed(&[], true);
    assert_eq!(code, 3);
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT   STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  not well  401  T  the credentials were not taken
    next: http://127.0.0.1:PPPPP/health/ready: `--token-env VARIABLE` sends a token, `--header` anything else
    ");
    for args in [
        &["--token-env", "TOKEN"][..],
        &["--token-env", "TOKEN", "--json"],
        &["--token-env", "TOKEN", "--watch", "-n1"],
    ] {
        assert_eq!(typed(args, true).0, 0);
    }
    let (code, out, err) = typed(&["--token-env", "TOKEN"], false);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err, @"
    error: could not find the token
      because: TOKEN is not set in the environment of this command

    hint: `--token-env` names the variable that holds the token, never the token itself
    ");
}

#[test]
fn a_header_is_sent_and_one_that_is_none_is_refused_without_a_word_of_it() {
    let server = locked();
    let (code, ..) = check(&["--header", &format!("X-Key:  {SECRET} "), &server.url("/")]);
    assert_eq!(code, 0);
    for wrong in [SECRET.to_owned(), format!("{SECRET} x: y"), format!(": {SECRET}")] {
        let (code, out, err) = check(&["--header", &wrong, &server.url("/")]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(!err.contains(SECRET), "{err}");
    }
    insta::assert_snapshot!(check(&["--header", "a: b", "--header", SECRET, &server.url("/")]).2, @"
    error: could not send the header
      because: --header number 2 is not a name, a colon and a value

    hint: `--header 'X-Api-Key: …'`; it is not shown here, since it may be a secret
    ");
    let (code, _, err) = check(&["--header", &format!("x-key: {SECRET}\u{1}"), &server.url("/")]);
    assert!(code == 2 && !err.contains(SECRET), "{err}");
}

#[test]
fn name_password_and_query_of_an_address_are_asked_with_and_not_shown() {
    let server = locked();
    let url = format!("http://ann:{SECRET}@127.0.0.1:{}/x?token={SECRET}", server.port());
    for args in [&[][..], &["--json"], &["--watch", "-n", "1"], &["--watch", "-n", "1", "--json"]] {
        let (code, out, err) = check(&[args, &[&url]].concat());
        assert!(code == 3 || code == 4, "{out}");
        assert!(!out.contains(SECRET) && !err.contains(SECRET), "{out}{err}");
        assert!(out.contains(&format!("http://127.0.0.1:{}/x?…", server.port())), "{out}");
    }
    assert!(server.asked()[0].starts_with(&format!("GET /x?token={SECRET} ")), "{:?}", server.asked());
}
