//! Numbers as people read them.

use std::time::Duration;

use handover_core::Timestamp;

/// `250ms`, `1.3s`, `4m 12s`, `2h 5m`, `3d 4h`: two units at most.
pub(crate) fn short_duration(time: Duration) -> String {
    let seconds = time.as_secs();
    let pair = |big: u64, unit: &str, small: u64, under: &str| match small {
        0 => format!("{big}{unit}"),
        small => format!("{big}{unit} {small}{under}"),
    };
    match seconds {
        0 => format!("{}ms", time.as_millis()),
        1..10 => format!("{}.{}s", seconds, time.subsec_millis() / 100),
        10..60 => format!("{seconds}s"),
        60..3_600 => pair(seconds / 60, "m", seconds % 60, "s"),
        3_600..86_400 => pair(seconds / 3_600, "h", seconds / 60 % 60, "m"),
        _ => pair(seconds / 86_400, "d", seconds / 3_600 % 24, "h"),
    }
}

/// Seconds from elsewhere, which may be anything a float can be: `-` where they are no time.
pub(crate) fn seconds(seconds: f64) -> String {
    Duration::try_from_secs_f64(seconds).map_or_else(|_| "-".into(), short_duration)
}

/// Basis points as `10 %` or `0.25 %`.
pub(crate) fn percent_bps(points: u16) -> String {
    format!("{} %", f64::from(points) / 100.0)
}

/// How many of how many, as `0.4 %`; `-` of none.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
pub(crate) fn percent_of(part: u64, whole: u64) -> String {
    match whole {
        0 => "-".to_owned(),
        whole => format!("{:.1} %", part as f64 * 100.0 / whole as f64),
    }
}

/// `12,345,678`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 file`, `1,234 files`.
pub(crate) fn many(number: usize, what: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{} {what}{end}", count(u64::try_from(number).unwrap_or(u64::MAX)))
}

/// `2026-11-23 01:12:44Z`: always UTC, so that two people read the same.
pub(crate) fn moment(at: Timestamp) -> String {
    format!("{}", civil(at).strftime("%Y-%m-%d %H:%M:%SZ"))
}

/// `01:12:44`, UTC: for lines that follow one another.
pub(crate) fn clock_time(at: Timestamp) -> String {
    format!("{}", civil(at).strftime("%H:%M:%S"))
}

/// A moment beyond the calendar is shown as its last.
fn civil(at: Timestamp) -> jiff::Timestamp {
    let millis = i64::try_from(at.unix_millis()).ok();
    millis.and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok()).unwrap_or(jiff::Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_two_units_at_most() {
        let shown = |millis| short_duration(Duration::from_millis(millis));
        let all = [0, 250, 1_390, 9_999, 59_999, 60_000, 252_000, 7_500_000, 273_600_000].map(shown);
        assert_eq!(all, ["0ms", "250ms", "1.3s", "9.9s", "59s", "1m", "4m 12s", "2h 5m", "3d 4h"]);
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn shares_of_nothing_are_not_zero() {
        assert_eq!([percent_of(1, 250), percent_of(0, 9), percent_of(0, 0)], ["0.4 %", "0.0 %", "-"]);
        assert_eq!([percent_bps(1_000), percent_bps(25)], ["10 %", "0.25 %"]);
    }

    #[test]
    fn moments_are_utc_and_never_fail() {
        let at = Timestamp::from_unix_millis(1_795_396_364_999);
        assert_eq!(moment(at), "2026-11-23 01:12:44Z");
        assert_eq!(clock_time(at), "01:12:44");
        assert_eq!(moment(Timestamp::from_unix_millis(u64::MAX)), "9999-12-30 22:00:00Z");
    }
}
