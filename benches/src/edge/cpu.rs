//! How much CPU time processes have used, as the kernel counts it.

use std::fs;
use std::time::Duration;

/// The processes whose CPU time is an engine's.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Processes {
    /// None: there is no engine.
    None,
    /// One process with all its threads, but not what it started.
    One(u32),
    /// A process and all that descend from it.
    Tree(u32),
}

impl Processes {
    /// User and system time so far, in the kernel's steps of 10 ms.
    ///
    /// # Errors
    ///
    /// A process is gone.
    pub(crate) fn used(self) -> Result<Duration, String> {
        self.all().into_iter().map(used).sum()
    }

    fn all(self) -> Vec<u32> {
        match self {
            Self::None => Vec::new(),
            Self::One(pid) => vec![pid],
            Self::Tree(pid) => {
                let below = children(pid).into_iter().flat_map(|child| Self::Tree(child).all());
                std::iter::once(pid).chain(below).collect()
            }
        }
    }
}

fn used(pid: u32) -> Result<Duration, String> {
    let stat =
        fs::read_to_string(format!("/proc/{pid}/stat")).map_err(|why| format!("process {pid}: {why}"))?;
    let ticks = ticks(&stat).ok_or_else(|| format!("process {pid}: /proc has an unknown shape"))?;
    let per_second = rustix::param::clock_ticks_per_second().max(1);
    Ok(Duration::from_millis(ticks * 1_000 / per_second))
}

/// `utime` and `stime`, fields 14 and 15 of proc(5); the name in field 2 may hold anything, parentheses included.
fn ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(") ")?;
    let mut fields = after_name.split(' ').skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

fn children(pid: u32) -> Vec<u32> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|child| parent(*child) == Some(pid)).collect()
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(") ")?;
    after_name.split(' ').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_system_time_are_found_whatever_the_process_is_called() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 250 130 7 8 20 0 1 0 99 0 0";
        assert_eq!(ticks(stat), Some(380));
        assert_eq!(ticks("42 (cut"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_tree_holds_what_a_process_started_and_one_does_not() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let own = std::process::id();
        assert!(Processes::Tree(own).all().contains(&child.id()));
        assert_eq!(Processes::One(own).all(), [own]);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
