use std::collections::HashMap;
use std::fs::OpenOptions;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::wait::{until, within};

/// How long a server may take to end when asked.
const PATIENCE: Duration = Duration::from_secs(5);

/// A process with its descendants, whatever groups and sessions they are in: PostgreSQL gives each of its own a session.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts it; what it says is appended to `log`.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Self {
        let log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        let quiet = command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        // Away from the terminal's Ctrl-C, so that it is ended in one way only.
        Self { child: quiet.process_group(0).spawn().unwrap() }
    }

    /// Whether it has ended by itself.
    pub(crate) fn ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Stops all of them where they are (SIGSTOP): the kernel still takes connections and bytes, nobody answers.
    pub(crate) fn freeze(&self) {
        let mut stopped = Vec::new();
        // Who is stopped starts no others, so in the end nobody is new.
        while let Some(next) = self.tree().into_iter().find(|pid| !stopped.contains(pid)) {
            signal(next, Signal::STOP);
            until("a process stops", || matches!(state(next), None | Some('T' | 'Z')).then_some(()));
            stopped.push(next);
        }
    }

    /// Lets all of them go on (SIGCONT).
    pub(crate) fn thaw(&self) {
        self.tree().into_iter().for_each(|pid| signal(pid, Signal::CONT));
    }

    /// Ends all of them at once (SIGKILL).
    pub(crate) fn kill(&mut self) {
        self.freeze();
        let all = self.tree();
        end(&all);
        let _ = self.child.wait();
        all.into_iter().for_each(gone);
    }

    /// Asks the first of them to end, by this signal, and ends the others with it; kills who takes too long.
    pub(crate) fn end(&mut self, by: Signal) {
        self.thaw();
        let all = self.tree();
        signal(self.root(), by);
        if within(PATIENCE, || self.ended().then_some(())).is_none() {
            self.kill();
        }
        end(&all[1..]);
        all.into_iter().for_each(gone);
    }

    fn root(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// The process and its descendants, parents before children.
    fn tree(&self) -> Vec<Pid> {
        let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
        for (pid, parent) in processes() {
            children.entry(parent).or_default().push(pid);
        }
        let mut tree = vec![self.root()];
        let mut next = 0;
        while let Some(parent) = tree.get(next) {
            let found = children.remove(&parent.as_raw_pid()).unwrap_or_default();
            tree.extend(found.into_iter().filter_map(Pid::from_raw));
            next += 1;
        }
        tree
    }
}

fn signal(pid: Pid, signal: Signal) {
    // Who has ended meanwhile needs none.
    let _ = kill_process(pid, signal);
}

fn end(all: &[Pid]) {
    for pid in all {
        signal(*pid, Signal::KILL);
    }
}

/// Waits until a killed process is no more than an entry that its parent has to take away.
fn gone(pid: Pid) {
    until("a killed process is gone", || matches!(state(pid), None | Some('Z' | 'X')).then_some(()));
}

/// Every process of the machine with its parent.
fn processes() -> impl Iterator<Item = (i32, i32)> {
    let entries = Path::new("/proc").read_dir().unwrap().flatten();
    entries.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        Some((pid, stat(pid)?.1))
    })
}

fn state(pid: Pid) -> Option<char> {
    stat(pid.as_raw_pid()).map(|stat| stat.0)
}

/// A process's state and parent. The name before them may hold anything, but no `)` comes after it.
fn stat(pid: i32) -> Option<(char, i32)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shell with a child that is in a session of its own, as PostgreSQL's are.
    fn family() -> (tempfile::TempDir, Process) {
        let folder = tempfile::tempdir().unwrap();
        let mut shell = Command::new("sh");
        shell.args(["-c", "setsid sleep 600 & sleep 600"]);
        let process = Process::start(&mut shell, &folder.path().join("log"));
        until("all are there", || (process.tree().len() == 3).then_some(()));
        (folder, process)
    }

    fn states(all: &[Pid]) -> Vec<Option<char>> {
        all.iter().map(|pid| state(*pid).filter(|state| *state != 'Z')).collect()
    }

    #[test]
    fn who_left_the_group_is_frozen_and_killed_as_well() {
        let (_folder, mut process) = family();
        let all = process.tree();
        process.freeze();
        assert_eq!(states(&all), [Some('T'); 3]);
        process.thaw();
        until("all go on", || (!states(&all).contains(&Some('T'))).then_some(()));
        process.freeze();
        process.kill();
        assert_eq!(states(&all), [None; 3]);
    }

    #[test]
    fn asked_to_end_it_takes_its_descendants_with_it() {
        let (_folder, mut process) = family();
        let all = process.tree();
        process.end(Signal::TERM);
        assert_eq!(states(&all), [None; 3]);
    }
}
