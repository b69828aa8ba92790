use std::time::{Duration, UNIX_EPOCH};

use handover_core::Timestamp;

/// `2026-11-29T08:14:43.120Z`.
pub(crate) fn iso(at: Timestamp) -> String {
    // The formatter knows no year above 9999.
    const LAST: u64 = 253_402_300_799_999;
    let since = Duration::from_millis(at.unix_millis().min(LAST));
    humantime::format_rfc3339_millis(UNIX_EPOCH + since).to_string()
}

/// Milliseconds, with their fraction.
pub(super) fn millis(time: Duration) -> f64 {
    // To a microsecond, which is more than a probe's time means.
    (time.as_secs_f64() * 1e6).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_browsers_write_it() {
        assert_eq!(iso(Timestamp::from_unix_millis(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(Timestamp::from_unix_millis(1_700_000_000_120)), "2023-11-14T22:13:20.120Z");
        assert_eq!(iso(Timestamp::from_unix_millis(u64::MAX)), "9999-12-31T23:59:59.999Z");
    }
}
