//! Processes named so that a reused number is never taken for the old owner.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde::{Deserialize, Serialize};

/// A process: its number and when it started, in clock ticks since boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct ProcessId {
    pub(crate) pid: u32,
    pub(crate) start: u64,
}

impl ProcessId {
    /// The living process of this number.
    pub(crate) fn of(pid: u32) -> Option<Self> {
        Some(Self { pid, start: Stat::read(pid)?.start })
    }

    /// This process.
    pub(crate) fn current() -> Self {
        let pid = std::process::id();
        Self::of(pid).unwrap_or(Self { pid, start: 0 })
    }

    /// Whether it still runs; a zombie does not.
    pub(crate) fn is_alive(self) -> bool {
        Stat::read(self.pid).is_some_and(|stat| stat.start == self.start && stat.state != 'Z')
    }

    /// Sends a signal, if it still runs.
    pub(crate) fn signal(self, signal: Signal) {
        if let (true, Some(pid)) = (self.is_alive(), to_pid(self.pid)) {
            let _ = kill_process(pid, signal);
        }
    }
}

/// Sends a signal to every process of the group.
pub(crate) fn signal_group(group: u32, signal: Signal) {
    if let Some(group) = to_pid(group) {
        let _ = kill_process_group(group, signal);
    }
}

/// Whether the group has a living process left. Zombies do not count: where the first process of a container reaps
/// nobody, they stay for ever.
pub(crate) fn group_lives(group: u32) -> bool {
    all().any(|pid| Stat::read(pid).is_some_and(|stat| stat.group == group && stat.state != 'Z'))
}

/// Names this boot of the machine; empty where the system does not say.
pub(crate) fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

/// The parts of `/proc/<pid>/stat` that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) state: char,
    pub(crate) group: u32,
    pub(crate) session: u32,
    pub(crate) start: u64,
}

impl Stat {
    pub(crate) fn read(pid: u32) -> Option<Self> {
        Self::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    /// The second field is the program's name in parentheses and may itself hold any character, so the fields are
    /// counted from the last parenthesis.
    fn parse(text: &str) -> Option<Self> {
        let mut fields = text.rsplit_once(')')?.1.split_ascii_whitespace();
        let state = fields.next()?.chars().next()?;
        let group = fields.nth(1)?.parse().ok()?;
        let session = fields.next()?.parse().ok()?;
        // Field 22 of the line; the session was field 6.
        let start = fields.nth(15)?.parse().ok()?;
        Some(Self { state, group, session, start })
    }
}

/// Every process now, where `/proc` can be read.
pub(crate) fn all() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The processes of the session that `leader` leads.
pub(crate) fn in_session(leader: u32) -> Vec<u32> {
    all().filter(|&pid| Stat::read(pid).is_some_and(|stat| stat.session == leader)).collect()
}

/// The program's name, for messages.
pub(crate) fn name(pid: u32) -> String {
    let comm = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("comm"));
    comm.map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

fn to_pid(pid: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(pid).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_name_with_spaces_and_parentheses_does_not_shift_the_fields() {
        let line = "77 (a) b (c) S 1 70 66 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 424242 9 9";
        assert_eq!(Stat::parse(line), Some(Stat { state: 'S', group: 70, session: 66, start: 424_242 }));
    }

    #[test]
    fn a_reused_process_number_is_another_process() {
        let me = ProcessId::current();
        assert!(me.is_alive());
        assert!(!ProcessId { start: me.start + 1, ..me }.is_alive());
    }
}
