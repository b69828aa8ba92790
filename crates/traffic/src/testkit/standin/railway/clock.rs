use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// The platform's clock: may be off, never goes back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    wall: SystemTime,
    origin: Instant,
}

impl Clock {
    pub(super) fn new(skew: i64) -> Self {
        let by = Duration::from_secs(skew.unsigned_abs());
        let now = SystemTime::now();
        let wall = if skew < 0 { now.checked_sub(by) } else { now.checked_add(by) };
        Self { wall: wall.unwrap_or(now), origin: Instant::now() }
    }

    pub(super) fn wall(&self, at: Instant) -> SystemTime {
        self.wall + at.saturating_duration_since(self.origin)
    }

    pub(super) fn text(&self, at: Instant) -> String {
        iso(self.wall(at))
    }
}

/// ISO 8601 with milliseconds, as Railway writes moments.
fn iso(at: SystemTime) -> String {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (seconds, millis) = (since.as_secs(), since.subsec_millis());
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// Days since 1970 as a date; Howard Hinnant's `civil_from_days`, for days after the epoch.
fn civil(days: u64) -> (u64, u64, u64) {
    let z = days + 719_468;
    let (era, day_of_era) = (z / 146_097, z % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_railway_writes_it() {
        let at = UNIX_EPOCH + Duration::from_millis(1_709_210_096_007);
        assert_eq!(iso(at), "2024-02-29T12:34:56.007Z");
    }
}
