//! What cannot be asked.

use std::fs;

use tempfile::tempdir;

use super::check;
use crate::handover::run;

#[test]
fn what_is_no_address_is_refused_with_the_nearest_one_before_anything_is_asked() {
    let (code, out, err) = check(&["localhost:8080/health"]);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err, @"
    error: could not ask localhost:8080/health
      because: it does not say how to ask: http:// or https://

    hint: did you mean http://localhost:8080/health?
    ");
    let (code, out, err) = check(&["http://127.0.0.1:1/", "htps://shop.example.com"]);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err, @"
    error: could not ask htps://shop.example.com
      because: only http and https can be asked, and this is htps

    hint: did you mean https://shop.example.com?
    ");
    let (code, _, err) = check(&["postgres://ann:hunter2@db/shop"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @"
    error: could not ask postgres://db/shop
      because: only http and https can be asked, and this is postgres

    hint: name the address of its health endpoint: https://HOST:PORT/PATH
    ");
}

#[test]
fn without_an_address_and_without_settings_there_is_nothing_to_ask() {
    let (code, out, err) = check(&[]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("there is no handover.toml in "), "{err}");
}

#[test]
fn settings_with_a_mistake_do_not_stand_in_the_way_of_an_address() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("handover.toml"), "[service]\nnmae = 1\n").unwrap();
    let url = format!("http://127.0.0.1:{}", super::super::server::nobody());
    assert_eq!(run(dir.path(), &["health", "check", &url]).0, 3);
    assert_eq!(run(dir.path(), &["health", "check"]).0, 2);
}
