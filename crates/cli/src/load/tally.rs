use std::collections::BTreeMap;
use std::time::Duration;

use handover_core::Timestamp;

use super::ask::{Answer, Outcome};
use super::report::{Latency, LoadReport, ReleaseReport};

/// The most different reasons that are kept apart; hostile answers must not fill the memory.
const MOST_REASONS: usize = 50;

/// The most different releases that are kept apart, for the same reason.
const MOST_RELEASES: usize = 50;

/// Counts answers as they come.
#[derive(Debug, Default)]
pub(super) struct Tally {
    sent: u64,
    ok: u64,
    harmed: u64,
    failed: u64,
    first_bad: Option<Timestamp>,
    releases: BTreeMap<String, ReleaseReport>,
    reasons: BTreeMap<String, u64>,
    /// Of every request that ended, in microseconds.
    took: Vec<u32>,
}

impl Tally {
    /// A request was due.
    pub(super) fn sent(&mut self) {
        self.sent += 1;
    }

    /// It could not be sent, since too many wait for an answer.
    pub(super) fn overflow(&mut self) {
        self.fail("too many requests in flight");
    }

    /// It ended, this long after it was due.
    pub(super) fn record(&mut self, answer: &Answer, took: Duration) {
        self.took.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
        let bad = match &answer.outcome {
            Outcome::Ok => {
                self.ok += 1;
                false
            }
            Outcome::Harmed => {
                self.harmed += 1;
                self.first_bad.get_or_insert_with(Timestamp::now);
                true
            }
            Outcome::Failed(why) => return self.fail(why),
        };
        let name = answer.release.as_deref().unwrap_or("unknown");
        if let Some(release) = slot(&mut self.releases, name, MOST_RELEASES) {
            release.count(bad);
        }
    }

    fn fail(&mut self, why: &str) {
        self.failed += 1;
        self.first_bad.get_or_insert_with(Timestamp::now);
        if let Some(count) = slot(&mut self.reasons, why, MOST_REASONS) {
            *count += 1;
        }
    }

    /// What was counted so far.
    pub(super) fn report(&self) -> LoadReport {
        LoadReport {
            version: LoadReport::VERSION,
            requests: self.sent,
            ok: self.ok,
            harmed: self.harmed,
            failed: self.failed,
            first_bad: self.first_bad,
            releases: self.releases.clone(),
            reasons: self.reasons.clone(),
            latency: Latency::of(self.took.clone()),
        }
    }
}

/// The entry called `name`, made if there is room for it.
fn slot<'a, T: Default>(map: &'a mut BTreeMap<String, T>, name: &str, most: usize) -> Option<&'a mut T> {
    if map.len() >= most && !map.contains_key(name) {
        return None;
    }
    Some(map.entry(name.to_owned()).or_default())
}
