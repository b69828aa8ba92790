use std::io::Write as _;
use std::time::{Duration, Instant};

/// How long anything here may take before the test is stuck rather than slow.
pub(super) const PATIENCE: Duration = Duration::from_mins(3);

/// How often a condition is looked at.
const PERIOD: Duration = Duration::from_millis(20);

/// Waits until `look` sees something.
#[track_caller]
pub(super) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begin.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain: {what}");
        std::thread::sleep(PERIOD);
    }
}

/// Says something that is to be seen although the test passes: that it was skipped, and why.
pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
