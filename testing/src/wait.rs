#![expect(clippy::disallowed_methods, reason = "other processes do not share a paused clock")]

use std::net::TcpListener;
use std::time::{Duration, Instant};

/// No test waits longer than this for anything.
pub(crate) const LIMIT: Duration = Duration::from_mins(1);

/// Waits until something is so; asks at once, and then every few milliseconds.
pub fn until<T>(what: &str, so: impl FnMut() -> Option<T>) -> T {
    let found = within(LIMIT, so);
    assert!(found.is_some(), "never: {what}");
    found.unwrap()
}

/// Waits until something is so, or the time is over.
pub(crate) fn within<T>(limit: Duration, mut so: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        let found = so();
        if found.is_some() || begun.elapsed() > limit {
            return found;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A port that nobody uses now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
