//! Flags in the environment, which can only be read.

use tempfile::tempdir;

use super::filters;
use crate::handover::handover;

fn flags(args: &[&str]) -> (i32, String, String) {
    let dir = tempdir().unwrap();
    let mut command = handover(dir.path());
    command.env("FEATURE_SCAN_CREATION", "true").env("FEATURE_ODD", "yes").arg("flags").args(args);
    let output = command.args(["--store", "env:"]).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn they_are_looked_at() {
    let _filters = filters();
    insta::assert_snapshot!(flags(&["list"]).1, @"");
    insta::assert_snapshot!(flags(&["get", "scan_creation", "--for", "user=1"]).1, @"");
    insta::assert_snapshot!(flags(&["stale"]).1, @"");
}

#[test]
fn what_this_store_cannot_is_refused() {
    let _filters = filters();
    let refused = [
        &["enable", "scan_creation"][..],
        &["kill", "scan_creation", "--reason", "r"],
        &["rules", "scan_creation", "--percentage", "1"],
        &["remove", "scan_creation", "--reason", "r"],
        &["accept", "--reason", "r"],
        &["audit"],
    ]
    .map(|args| {
        let (code, out, err) = flags(args);
        assert_eq!((code, out.as_str()), (3, ""), "{args:?}");
        err
    });
    insta::assert_snapshot!(refused.concat(), @"");
}
