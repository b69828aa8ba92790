//! What is written for a platform, held to what that platform publishes.

mod compose;
mod docker;
mod kubernetes;
mod mistakes;
mod railway;

use std::path::Path;

use serde_json::Value;

use crate::handover::run;

/// What is printed for a platform, and what is said beside it.
#[track_caller]
fn written(folder: &Path, args: &[&str]) -> (String, String) {
    let (code, out, err) = run(folder, &[&["health", "config"], args].concat());
    assert_eq!(code, 0, "{err}");
    (out, err)
}

/// The same for programs.
#[track_caller]
fn object(folder: &Path, args: &[&str]) -> Value {
    let (out, err) = written(folder, &[args, &["--json"]].concat());
    assert_eq!(err, "");
    let object: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(object["version"], 1);
    object
}
