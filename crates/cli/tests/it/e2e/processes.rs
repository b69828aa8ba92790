//! Processes by the folder they work in: agent, drivers, shims and releases of one test have nothing else in common,
//! each being in a session of its own.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

use super::wait::until;

/// Sends a signal; a process that is gone already needs none.
pub(super) fn signal(pid: u32, signal: Signal) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).unwrap();
    let _ = kill_process(pid, signal);
}

/// Ends a process, and waits until it holds nothing any more: no file, no lock, no port.
pub(super) fn kill(pid: u32) {
    signal(pid, Signal::KILL);
    until("a killed process is gone", || {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // One that nobody has waited for yet stays in the list as a zombie.
        let state = stat.rsplit(") ").next().unwrap_or_default();
        (stat.is_empty() || state.starts_with('Z')).then_some(())
    });
}

/// Ends every process [`under`] the folder.
pub(super) fn end_all_under(folder: &Path) {
    // A process that was just about to start another is gone at the second look, and so is the other at the third.
    let mut quiet = 0;
    until("the processes of the test are gone", || {
        let left = under(folder);
        quiet = if left.is_empty() { quiet + 1 } else { 0 };
        for pid in left {
            signal(pid, Signal::KILL);
        }
        (quiet == 2).then_some(())
    });
}

/// The processes that work in `folder` or were given a path in it.
pub(super) fn under(folder: &Path) -> Vec<u32> {
    let all = fs::read_dir("/proc").unwrap().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| *pid != std::process::id() && belongs_to(*pid, folder)).collect()
}

fn belongs_to(pid: u32, folder: &Path) -> bool {
    let works_there = fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(folder));
    let path = folder.as_os_str().as_bytes();
    let command_line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    works_there || command_line.windows(path.len()).any(|part| part == path)
}
