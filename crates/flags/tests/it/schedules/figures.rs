//! What schedules came to, in figures.

use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Debug, Default, Clone)]
pub(crate) struct Figures {
    pub(crate) schedules: u64,
    pub(crate) writes: u64,
    pub(crate) reads: u64,
    /// How often each mishap struck.
    pub(crate) mishaps: BTreeMap<&'static str, u64>,
    /// From the moment at which all had healed and every flag was set, until every read was right.
    pub(crate) right: Vec<Duration>,
    /// What happened where that took too long.
    pub(crate) late: Vec<String>,
    /// From the moment at which an open connection fell silent until that was told.
    pub(crate) told_silent: Vec<Duration>,
    /// From a heal after everything was lost until that was said.
    pub(crate) told_wiped: Vec<Duration>,
    /// From the removal of a flag in the calm until it had its safe value.
    pub(crate) removed: Vec<Duration>,
    /// How long a process took to begin from its file in an outage, where it did not wait for the store.
    pub(crate) restarts: Vec<Duration>,
    /// The longest read of each schedule, by the clock on the wall and by the thread's own.
    pub(crate) longest: Vec<Duration>,
    pub(crate) longest_cpu: Vec<Duration>,
}

impl Figures {
    pub(crate) fn add(&mut self, other: Self) {
        self.schedules += other.schedules;
        self.writes += other.writes;
        self.reads += other.reads;
        for (name, count) in other.mishaps {
            *self.mishaps.entry(name).or_default() += count;
        }
        self.right.extend(other.right);
        self.late.extend(other.late);
        self.told_silent.extend(other.told_silent);
        self.told_wiped.extend(other.told_wiped);
        self.removed.extend(other.removed);
        self.restarts.extend(other.restarts);
        self.longest.extend(other.longest);
        self.longest_cpu.extend(other.longest_cpu);
    }

    pub(super) fn struck(&mut self, name: &'static str) {
        *self.mishaps.entry(name).or_default() += 1;
    }
}
