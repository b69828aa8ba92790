//! `handover demo`, as somebody runs it who has nothing else.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::processes::{end_all_under, under};
use super::typed::Typed;
use super::wait::until;
use crate::handover::handover;

/// A demo that has its temporary folder in one of the test's, and that leaves with it.
struct Demo {
    folder: TempDir,
    typed: Option<Typed>,
}

impl Demo {
    fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("ho").tempdir().unwrap();
        let temporary = folder.path().join("t");
        fs::create_dir(&temporary).unwrap();
        let mut command = handover(folder.path());
        // Fewer users than by default: two demos and other tests share this machine.
        command
            .args(["demo", "--json", "--rate", "100"])
            .env("TMPDIR", temporary)
            .env("PATH", "/usr/bin:/bin");
        let typed = Typed::start(command, &folder.path().join("demo").display().to_string());
        Self { folder, typed: Some(typed) }
    }

    /// Its result; nothing may be left of it by then.
    fn finish(mut self) -> Value {
        let result = self.typed.take().unwrap().wait().exits(0).result();
        let left: Vec<_> = fs::read_dir(self.folder.path().join("t")).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
        until("its processes are gone", || under(self.folder.path()).is_empty().then_some(()));
        result
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.typed.take());
        end_all_under(self.folder.path());
    }
}

#[test]
fn two_demos_at_once_each_promote_the_good_release_and_take_the_bad_one_back() {
    for demo in [Demo::start(), Demo::start()] {
        check(&demo.finish());
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
