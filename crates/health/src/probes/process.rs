use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;

use super::blocking::Blocking;
use super::deadline::within;
use crate::{HealthProbe, Healthy, ProbeClass, ProbeError};

/// Whether another process of this machine is there, is no zombie, and is still the one that was seen first: numbers are
/// used again.
///
/// It reads `/proc`, so it is for Linux.
pub struct ProcessProbe {
    source: Arc<Source>,
    seen: Arc<Mutex<Option<Seen>>>,
    asked: Blocking<Result<(), ProbeError>>,
}

enum Source {
    Pid(u32),
    File(PathBuf),
}

/// Which process was found first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    named: Named,
    /// In ticks since the machine booted.
    started: u64,
}

/// Who was named when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Named {
    pid: u32,
    /// When its file was written.
    at: Option<SystemTime>,
}

impl ProcessProbe {
    /// Looks for the process of this number. Another one that gets the number later is [`ProbeClass::Mismatch`].
    pub fn pid(pid: u32) -> Self {
        Self::of(Source::Pid(pid))
    }

    /// Looks for the process whose number is in this file. When it is written anew, the process may be another.
    pub fn pid_file(path: impl AsRef<Path>) -> Self {
        Self::of(Source::File(path.as_ref().to_owned()))
    }

    fn of(source: Source) -> Self {
        Self { source: Arc::new(source), seen: Arc::default(), asked: Blocking::default() }
    }
}

#[async_trait]
impl HealthProbe for ProcessProbe {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        let (source, seen) = (self.source.clone(), self.seen.clone());
        within(deadline, async { self.asked.run(move || look(&source, &seen)).await? }).await
    }
}

fn look(source: &Source, seen: &Mutex<Option<Seen>>) -> Result<(), ProbeError> {
    let named = source.named()?;
    let started = started(named.pid)?;
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let first = seen.filter(|seen| seen.named == named).unwrap_or(Seen { named, started });
    *seen = Some(first);
    if first.started == started {
        return Ok(());
    }
    Err(ProbeError::new(ProbeClass::Mismatch, format!("process {} is another than at first", named.pid)))
}

impl Source {
    fn named(&self) -> Result<Named, ProbeError> {
        match self {
            Self::Pid(pid) => Ok(Named { pid: *pid, at: None }),
            Self::File(file) => {
                let said =
                    |why: String| ProbeError::new(ProbeClass::Failed, format!("{}: {why}", file.display()));
                let text = fs::read_to_string(file).map_err(|error| said(error.to_string()))?;
                let pid = text.trim().parse().map_err(|_| said("there is no number in it".into()))?;
                Ok(Named { pid, at: fs::metadata(file).and_then(|data| data.modified()).ok() })
            }
        }
    }
}

/// When a process began.
fn started(pid: u32) -> Result<u64, ProbeError> {
    let failed = |why: &str| ProbeError::new(ProbeClass::Failed, format!("process {pid} {why}"));
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).map_err(|_| failed("is not there"))?;
    let (state, started) =
        parsed(&stat).ok_or_else(|| failed("is described in another way than expected"))?;
    if matches!(state, 'Z' | 'X') { Err(failed("has ended")) } else { Ok(started) }
}

/// A process's state, and when it began: fields 3 and 22. The name before them may hold anything, but no `)` comes after it.
fn parsed(stat: &str) -> Option<(char, u64)> {
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    let state = fields.next()?.parse().ok()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

impl fmt::Debug for ProcessProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessProbe").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_its_name() {
        let stat = "42 (a) S (b)) Z 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 123456 0 0";
        assert_eq!(parsed(stat), Some(('Z', 123_456)));
        assert_eq!(parsed("42 (a"), None);
    }

    #[test]
    fn a_number_that_another_process_got_is_a_mismatch_until_it_is_named_anew() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        fs::write(&file, format!("{}\n", std::process::id())).unwrap();
        let source = Source::File(file.clone());
        let named = source.named().unwrap();
        let seen = Mutex::new(Some(Seen { named, started: 1 }));
        for _ in 0..2 {
            assert_eq!(look(&source, &seen).expect_err("another").class(), ProbeClass::Mismatch);
        }
        fs::File::open(&file).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(look(&source, &seen), Ok(()));
    }
}
