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
    insta::assert_snapshot!(flags(&["list"]).1, @"
    FLAG           VALUE      RULES  CHANGED  BY
    odd            MALFORMED  -      -        -
    scan_creation  on         -      -        -

    WRONG: odd: its gate: `yes` is neither true nor false
    ");
    insta::assert_snapshot!(flags(&["get", "scan_creation", "--for", "user=1"]).1, @"
    scan_creation  on

    no rules: on is on for everybody

    for userId=1: on: the gate says so, and there are no rules

    this store keeps no audit
    ");
    insta::assert_snapshot!(flags(&["stale"]).1, @"
    NOT KNOWN: which flags are used: this store does not keep it
    NOT KNOWN: how long a flag has been as it is: this store keeps no audit
    ");
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
    insta::assert_snapshot!(refused.concat(), @"
    error: could not enable the flag
      because: the environment (FEATURE_…) cannot be changed
    error: could not kill the flag
      because: the environment (FEATURE_…) cannot be changed
    error: could not change the rules
      because: the environment (FEATURE_…) cannot be changed
    error: could not remove the flag
      because: the environment (FEATURE_…) cannot be changed
    error: could not say that so few flags are meant
      because: the environment (FEATURE_…) cannot be changed
    error: could not show the audit
      because: the environment (FEATURE_…) cannot keep an audit
    ");
}
