//! `handover health check`, on real sockets.

mod forms;
mod hostile;
mod once;
mod secrets;
mod typed;
mod watch;

use insta::internals::SettingsBindDropGuard;
use tempfile::tempdir;

use crate::handover::run;

const JSON: &str = "application/json";

/// Exit code, standard output, standard error.
fn check(args: &[&str]) -> (i32, String, String) {
    let dir = tempdir().unwrap();
    run(dir.path(), &[&["health", "check"], args].concat())
}

/// Takes what differs from run to run out of snapshots, and leaves columns as wide as they are.
fn filters() -> SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    for (from, to) in [
        (r"127\.0\.0\.1:\d{5}", "127.0.0.1:PPPPP"),
        (r"after [\d.]+m?s", "after T"),
        (r" +\d+(\.\d)?m?s +", "  T  "),
        (r" +\d+(\.\d)?m?s\n", "  T\n"),
        (r"TIME +", "TIME  "),
        (r"FOR +", "FOR  "),
        (r"\d\d:\d\d:\d\d  ", "HH:MM:SS  "),
        (r#""(at|held_ms|elapsed_ms)":[\d.]+"#, r#""$1":0"#),
    ] {
        settings.add_filter(from, to);
    }
    settings.bind_to_scope()
}
