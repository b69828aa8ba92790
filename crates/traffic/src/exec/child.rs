//! One process for one call, and what it left.

use std::io;
use std::process::ExitStatus;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin};
use tokio::time::timeout;

use super::Program;
use crate::BoxError;

/// An answer is a few hundred bytes; whoever writes this much has lost its way.
const LONGEST: u64 = 1 << 20;
/// So much of standard error is kept, from its end.
const TAIL: usize = 4 << 10;
/// So many of its last lines are shown.
const LINES: usize = 5;

/// What a program wrote, and how it ended.
pub(super) struct Said {
    pub(super) text: Vec<u8>,
    pub(super) succeeded: bool,
    ended: String,
}

impl Said {
    /// The answer was of no use, because of this.
    pub(super) fn unusable(&self, why: &str) -> BoxError {
        format!("{why}; {}", self.ended).into()
    }
}

pub(super) enum NoAnswer {
    /// The program never ran.
    NotStarted(BoxError),
    /// It ran, and was killed without an answer.
    Silent(BoxError),
}

/// Starts the program, hands it the request, and takes what it writes until it ends.
///
/// # Cancellation
///
/// Dropped, or at the limit, it kills the program and everything in its process group.
pub(super) async fn run(program: &Program, request: &[u8], limit: Duration) -> Result<Said, NoAnswer> {
    let unstarted = |e| NoAnswer::NotStarted(format!("{} could not be started: {e}", program.shown()).into());
    let mut child = program.command().spawn().map_err(unstarted)?;
    // Declared after the child, so it goes first: a child that was not waited for still holds its number.
    let mut group = Group(child.id());
    let (mut text, complaints) = (Vec::new(), Tail::default());
    let ended = timeout(limit, talk(&mut child, request, &mut text, &complaints)).await;
    let complaint = || program.blotted(&complaints.lines());
    let silent = |why: String| NoAnswer::Silent(format!("{why}{}", complaint()).into());
    let status = match ended {
        Err(_) => return Err(silent(format!("it was killed after {limit:?}"))),
        Ok(Err(error)) => return Err(silent(format!("it was killed: {error}"))),
        Ok(Ok(status)) => status,
    };
    group.0 = None;
    let ended = format!("it ended with {status}{}", complaint());
    Ok(Said { text, succeeded: status.success(), ended })
}

async fn talk(
    child: &mut Child,
    request: &[u8],
    text: &mut Vec<u8>,
    complaints: &Tail,
) -> io::Result<ExitStatus> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    tokio::try_join!(write(stdin, request), read(stdout, text), complaints.follow(stderr))?;
    child.wait().await
}

/// A program that does not read what it is asked may still answer.
async fn write(stdin: Option<ChildStdin>, request: &[u8]) -> io::Result<()> {
    if let Some(mut stdin) = stdin {
        let _ = stdin.write_all(request).await;
    }
    Ok(())
}

async fn read(stdout: Option<impl AsyncRead + Unpin>, text: &mut Vec<u8>) -> io::Result<()> {
    let Some(stdout) = stdout else { return Ok(()) };
    stdout.take(LONGEST + 1).read_to_end(text).await?;
    let long = u64::try_from(text.len()).unwrap_or(u64::MAX) > LONGEST;
    if long { Err(io::Error::other(format!("its answer is longer than {LONGEST} bytes"))) } else { Ok(()) }
}

/// The end of what a program complained of.
#[derive(Default)]
struct Tail(Mutex<Vec<u8>>);

impl Tail {
    async fn follow(&self, stderr: Option<impl AsyncRead + Unpin>) -> io::Result<()> {
        let (Some(mut stderr), mut part) = (stderr, [0; 1024]) else { return Ok(()) };
        loop {
            match stderr.read(&mut part).await? {
                0 => return Ok(()),
                read => self.keep(&part[..read]),
            }
        }
    }

    fn keep(&self, part: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(part);
        let over = kept.len().saturating_sub(TAIL);
        kept.drain(..over);
    }

    /// Its last lines, in one, with a colon before; nothing if there are none.
    fn lines(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&kept);
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines[lines.len().saturating_sub(LINES)..].join(" / ");
        if last.is_empty() { last } else { format!(": {last}") }
    }
}

/// A process group that is killed with its guard; its number is known to be its own until somebody has waited.
struct Group(Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        let number = self.0.and_then(|number| i32::try_from(number).ok());
        if let Some(group) = number.and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}
