//! `handover flags`, on real servers and real files.

mod confirm;
mod env;
mod file;
mod hostile;
mod import;
mod look;
mod mistakes;
mod rules;
mod secrets;
mod stale;
mod switch;
mod watch;

use handover_testing::Redis;
use insta::internals::SettingsBindDropGuard;
use tempfile::{TempDir, tempdir};

use crate::handover::run;

/// A folder to type in, and where the flags are.
struct Place {
    dir: TempDir,
    store: String,
}

impl Place {
    fn at(store: &str) -> Self {
        Self { dir: tempdir().unwrap(), store: store.to_owned() }
    }

    /// A file of flags in the folder.
    fn file() -> Self {
        Self::at("file:flags.json")
    }

    fn of(redis: &Redis) -> Self {
        Self::at(&redis.url())
    }

    /// `handover flags …`: exit code, standard output, standard error.
    fn flags(&self, args: &[&str]) -> (i32, String, String) {
        run(self.dir.path(), &[&["flags"], args, &["--store", &self.store]].concat())
    }

    /// The same by somebody, with nothing but the result, which must be there.
    fn ann(&self, args: &[&str]) -> String {
        let (code, out, err) = self.flags(&[args, &["--actor", "ann"]].concat());
        assert_eq!((code, err.as_str()), (0, ""), "{args:?}: {out}");
        out
    }

    /// What a verb that changes nothing says.
    fn look(&self, args: &[&str]) -> String {
        let (code, out, err) = self.flags(args);
        assert_eq!((code, err.as_str()), (0, ""), "{args:?}: {out}");
        out
    }
}

/// Takes what differs from run to run out of snapshots.
fn filters() -> SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    for (from, to) in [
        (r"127\.0\.0\.1:\d{4,5}", "HOST"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", "DATE"),
        (r"\d\d:\d\d:\d\d  ", "TIME  "),
        (r"(in|within|after|at most) \d+(\.\d)? ?m?s", "$1 T"),
        (r#""(at|at_ms|elapsed_ms|after_ms|delay_ms|delay_at_most_ms)":[\d.]+"#, r#""$1":0"#),
    ] {
        settings.add_filter(from, to);
    }
    settings.bind_to_scope()
}
