//! What the machine itself must offer.

use std::time::Duration;

use handover_core::Timestamp;
use rustix::process::{Resource, getrlimit};

use super::check::Check;
use crate::output::{moment, short_duration};

/// 2025-01-01: a clock before it was never set.
const BUILT: Timestamp = Timestamp::from_unix_millis(1_735_689_600_000);

/// A clock may be corrected by this much without anybody noticing.
const JITTER: Duration = Duration::from_secs(5);

/// A connection of a user needs two descriptors; below this a few hundred users are too many.
const FEW_FILES: u64 = 4_096;

/// Whether the wall clock was set, and has not gone back since the journal was written.
pub(super) fn clock(now: Timestamp, last_record: Option<Timestamp>) -> Check {
    let next = "set the clock, `timedatectl set-ntp true`: holds and retained releases end by it";
    if now < BUILT {
        return Check::fail("clock", format!("it says {}", moment(now)), next);
    }
    match last_record.filter(|last| *last > now.plus(JITTER)) {
        Some(last) => {
            let back = short_duration(last.since(now));
            Check::warn("clock", format!("it is {back} behind the journal's last record"), next)
        }
        None => Check::ok("clock", moment(now)),
    }
}

/// Whether enough connections can be open at once.
pub(super) fn open_files() -> Check {
    files(getrlimit(Resource::Nofile).current)
}

pub(super) fn files(limit: Option<u64>) -> Check {
    match limit {
        None => Check::ok("open files", "no limit"),
        Some(few @ ..FEW_FILES) => Check::warn(
            "open files",
            format!("at most {few}: about {} users at once", few / 2),
            "`ulimit -n 65536` before the agent starts; the unit of `handover agent install` does so",
        ),
        Some(limit) => Check::ok("open files", format!("at most {limit}")),
    }
}
