use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{DATE, HeaderMap};
use tokio::time::Instant;

/// So many requests are left alone by polling: going back needs about five.
const RESERVE: u64 = 10;
/// The quota is by the hour, so no reset is further away.
const WINDOW: Duration = Duration::from_hours(1);
/// The quota of the smallest plan, where Railway has not said yet which it is.
const LEAST_QUOTA: u64 = 100;
/// One request in so many is for looking whether all is still as it was set.
const FOR_WATCHING: u64 = 20;

/// What Railway said about the quota, last.
#[derive(Debug, Default)]
pub(super) struct Quota {
    last: Mutex<Option<Left>>,
    whole: Mutex<Option<u64>>,
}

#[derive(Debug, Clone, Copy)]
struct Left {
    requests: u64,
    until: Instant,
}

impl Quota {
    /// Takes note of an answer's headers.
    pub(super) fn note(&self, headers: &HeaderMap) {
        if let Some(whole) = number(headers, "x-ratelimit-limit") {
            *self.whole.lock().unwrap_or_else(PoisonError::into_inner) = Some(whole);
        }
        let Some(requests) = number(headers, "x-ratelimit-remaining") else { return };
        let reset = headers.get("x-ratelimit-reset").and_then(|value| value.to_str().ok());
        let reset = reset.and_then(|text| until(text, server_time(headers))).unwrap_or(WINDOW);
        let left = Left { requests, until: Instant::now() + reset.min(WINDOW) };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(left);
    }

    /// How long to wait before asking at all: the quota is used up.
    pub(super) fn closed(&self) -> Option<Duration> {
        let left = self.left()?;
        (left.requests == 0)
            .then(|| left.until.saturating_duration_since(Instant::now()))
            .filter(|d| !d.is_zero())
    }

    /// How far apart looks must be so that the rest of the quota lasts until there is a new one.
    pub(super) fn pace(&self, least: Duration) -> Duration {
        let Some(left) = self.left() else { return least };
        let time = left.until.saturating_duration_since(Instant::now());
        let spare = left.requests.saturating_sub(RESERVE);
        let each = u32::try_from(spare).ok().filter(|n| *n > 0).map_or(time, |n| time / n);
        each.max(least)
    }

    /// What is left of the quota, once Railway has said so.
    pub(super) fn remaining(&self) -> Option<u64> {
        self.left().filter(|left| left.until > Instant::now()).map(|left| left.requests)
    }

    /// How far apart looks are while nothing is meant to happen.
    pub(super) fn watching(&self) -> Duration {
        let whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or(LEAST_QUOTA);
        let looks = u32::try_from((whole / FOR_WATCHING).max(1)).unwrap_or(u32::MAX);
        WINDOW / looks
    }

    fn left(&self) -> Option<Left> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// The server's clock where it gives it: ours may be wrong.
fn server_time(headers: &HeaderMap) -> SystemTime {
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(SystemTime::now)
}

/// Railway does not say in what form a reset is given; each of the usual ones is told by its size.
fn until(text: &str, now: SystemTime) -> Option<Duration> {
    let now = now.duration_since(UNIX_EPOCH).ok()?;
    match text.trim().parse::<u64>() {
        Ok(seconds) if seconds < 10_000_000 => Some(Duration::from_secs(seconds)),
        Ok(seconds) if seconds < 100_000_000_000 => Some(Duration::from_secs(seconds).saturating_sub(now)),
        Ok(millis) => Some(Duration::from_millis(millis).saturating_sub(now)),
        Err(_) => {
            let date = httpdate::parse_http_date(text.trim()).ok()?;
            Some(date.duration_since(UNIX_EPOCH).ok()?.saturating_sub(now))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(remaining: &str, reset: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-remaining", remaining.parse().unwrap());
        headers.insert("x-ratelimit-reset", reset.parse().unwrap());
        headers
    }

    #[tokio::test(start_paused = true)]
    async fn the_rest_of_the_quota_is_spread_over_the_rest_of_the_hour() {
        let quota = Quota::default();
        let least = Duration::from_secs(5);
        assert_eq!(quota.pace(least), least, "nothing is known yet");
        quota.note(&headers("40", "600"));
        assert_eq!(quota.pace(least), Duration::from_secs(20));
        quota.note(&headers("10000", "600"));
        assert_eq!(quota.pace(least), least);
        quota.note(&headers("3", "600"));
        assert_eq!(quota.pace(least), Duration::from_mins(10), "what is left is for going back");
    }

    #[test]
    fn watching_takes_a_twentieth_of_the_quota() {
        let quota = Quota::default();
        assert_eq!(
            quota.watching(),
            Duration::from_mins(12),
            "the smallest plan's, as long as nothing is known"
        );
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-limit", "10000".parse().unwrap());
        quota.note(&headers);
        assert_eq!(quota.watching(), Duration::from_millis(7_200));
    }

    #[tokio::test(start_paused = true)]
    async fn a_used_up_quota_is_not_asked_until_it_is_new() {
        let quota = Quota::default();
        quota.note(&headers("0", "90"));
        assert_eq!(quota.closed(), Some(Duration::from_secs(90)));
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(quota.closed(), None);
    }

    #[test]
    fn a_reset_is_understood_in_each_of_the_usual_forms() {
        let now = UNIX_EPOCH + Duration::from_hours(500_000);
        let date = httpdate::fmt_http_date(now + Duration::from_mins(1));
        for text in ["60", "1800000060", "1800000060000", &date] {
            assert_eq!(until(text, now), Some(Duration::from_mins(1)), "{text}");
        }
        assert_eq!(until("soon", now), None);
    }
}
