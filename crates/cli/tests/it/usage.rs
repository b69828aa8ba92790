use std::process::Stdio;

use tempfile::tempdir;

use crate::handover::{handover, run};

#[test]
fn what_cannot_be_understood_is_a_usage_error() {
    let dir = tempdir().unwrap();
    let (code, out, err) = run(dir.path(), &["depoly"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with("error: unrecognized subcommand 'depoly'"), "{err}");
    let (code, ..) = run(dir.path(), &[]);
    assert_eq!(code, 2);
}

#[test]
fn a_program_is_answered_with_an_object_also_when_it_cannot_be_understood() {
    let dir = tempdir().unwrap();
    let (code, out, err) = run(dir.path(), &["init", "--json", "--nmae", "x"]);
    assert_eq!((code, err.as_str()), (2, ""));
    insta::assert_snapshot!(out, @r#"{"version":1,"error":{"attempted":"could not understand the command line","causes":["unexpected argument '--nmae' found"],"hint":"`handover --help` lists what can be typed"},"exit":2}"#);
}

#[test]
fn help_and_version_are_answers() {
    let dir = tempdir().unwrap();
    let (code, out, err) = run(dir.path(), &["--version"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, concat!("handover ", env!("CARGO_PKG_VERSION"), "\n"));
    let (code, out, _) = run(dir.path(), &["--help"]);
    assert_eq!(code, 0);
    assert!(out.contains("Exit codes: 0 done") && !out.contains("sample-service"), "{out}");
}

#[test]
fn completions_name_every_verb() {
    let dir = tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, err) = run(dir.path(), &["completions", shell]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains("init"), "{shell}: {out}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let dir = tempdir().unwrap();
    let mut child = handover(dir.path())
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}
