//! `handover demo`, as somebody runs it who has nothing else.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::processes::end_all_under;
use super::typed::Typed;
use crate::handover::handover;

/// A demo whose temporary folder is in `folder`.
fn start(folder: &Path) -> Typed {
    let temporary = folder.join("t");
    fs::create_dir(&temporary).unwrap();
    let mut command = handover(folder);
    // Fewer users than by default: two demos and other tests share this machine.
    command.args(["demo", "--json", "--rate", "100"]).env("TMPDIR", temporary).env("PATH", "/usr/bin:/bin");
    Typed::start(command, &folder.join("demo").display().to_string())
}

#[test]
fn two_demos_at_once_each_promote_the_good_release_and_take_the_bad_one_back() {
    let folders = [(); 2].map(|()| tempfile::Builder::new().prefix("ho").tempdir().unwrap());
    let demos = folders.each_ref().map(|folder| start(folder.path()));
    for (demo, folder) in demos.into_iter().zip(&folders) {
        let ran = demo.wait();
        end_all_under(folder.path());
        let result = ran.exits(0).result();
        check(&result);
        let left: Vec<_> = fs::read_dir(folder.path().join("t")).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// One object with exactly these members.
fn check(result: &Value) {
    let members: Vec<_> = result.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["detect_to_zero_ms", "failed", "harmed", "releases", "requests", "version"]);
    assert_eq!((&result["version"], &result["failed"]), (&json!(1), &json!(0)), "{result}");
    let releases = json!([
        { "id": "v1", "outcome": "promoted" },
        { "id": "v2", "outcome": "promoted" },
        { "id": "v3", "outcome": "rolled_back" },
    ]);
    assert_eq!(result["releases"], releases);
    let number = |name: &str| result[name].as_u64().unwrap();
    assert!(
        number("requests") > 1_000 && number("harmed") >= 5 && number("harmed") < number("requests") / 10,
        "{result}"
    );
    assert!(number("detect_to_zero_ms") > 0, "{result}");
}
