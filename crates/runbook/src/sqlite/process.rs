//! Whether a holder still lives, and a clock all processes of a machine share.
//!
//! From `/proc`. Where there is none nobody is ever known to be dead, and the wall clock is used: a lease
//! then runs out by its time alone.

use std::fs;
use std::time::Duration;

use handover_core::Timestamp;

/// A process, told apart from a later one with the same number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) pid: u32,
    /// When it began, in the system's own words.
    pub(super) birth: String,
    /// The boot of the machine, and where process numbers count; see [`place`].
    pub(super) place: String,
}

impl Process {
    pub(super) fn this() -> Self {
        let pid = std::process::id();
        Self { pid, birth: birth(pid).unwrap_or_default(), place: place() }
    }

    /// Whether it is known to be dead.
    pub(super) fn is_gone(&self) -> bool {
        let here = place();
        if here.is_empty() || self.place.is_empty() {
            return false;
        }
        if !self.same_boot(&here) {
            return true;
        }
        // In another container the same number is another process.
        self.place == here && birth(self.pid).is_none_or(|birth| birth != self.birth)
    }

    fn same_boot(&self, here: &str) -> bool {
        self.place.split(' ').next() == here.split(' ').next()
    }
}

/// Time since the boot, which no clock adjustment moves.
pub(super) fn uptime() -> Duration {
    let text = fs::read_to_string("/proc/uptime").unwrap_or_default();
    let seconds = text.split(' ').next().and_then(|word| word.parse().ok());
    let wall = || Duration::from_millis(Timestamp::now().unix_millis());
    seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).unwrap_or_else(wall)
}

/// The boot's id and the name space of process numbers; empty where the system does not say.
fn place() -> String {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id");
    let numbers = fs::read_link("/proc/self/ns/pid");
    match (boot, numbers) {
        (Ok(boot), Ok(numbers)) => format!("{} {}", boot.trim(), numbers.display()),
        _ => String::new(),
    }
}

/// The start time of a living process.
fn birth(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold anything; the fields after it are plain.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let state = fields.next()?;
    // A zombie acts no more. The start time is field 22, the state field 3.
    if state == "Z" { None } else { fields.nth(18).map(ToOwned::to_owned) }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_lives_and_a_finished_one_does_not() {
        let this = Process::this();
        assert!(!this.birth.is_empty());
        assert!(!this.is_gone());
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        assert!(Process { pid: child.id(), ..this.clone() }.is_gone());
    }

    #[test]
    fn a_process_number_given_to_somebody_else_is_not_its_former_owner() {
        assert!(Process { birth: "1".into(), ..Process::this() }.is_gone());
    }

    #[test]
    fn a_process_of_another_container_is_not_called_dead_and_one_before_the_boot_is() {
        let this = Process::this();
        let (boot, _) = this.place.split_once(' ').unwrap();
        let elsewhere = Process { birth: "1".into(), place: format!("{boot} pid:[1]"), ..this.clone() };
        assert!(!elsewhere.is_gone());
        let before = Process { place: "0000 pid:[1]".into(), ..this };
        assert!(before.is_gone());
    }
}
