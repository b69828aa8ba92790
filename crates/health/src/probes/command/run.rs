use std::future::Future;
use std::io;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::output;

/// How long the rest of what a program said is read once it has ended: only who left the group could still write.
const REST: Duration = Duration::from_millis(100);

/// A program with everything it starts, in a process group of its own that is killed with this value.
pub(super) struct Run {
    child: Child,
    group: Option<Pid>,
}

/// How a program ended, and what it said.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    pub(super) said: String,
}

impl Run {
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.process_group(0).spawn()?;
        let group = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
        Ok(Self { child, group })
    }

    /// Waits for its end. What it left running in its group is killed then.
    pub(super) async fn end(mut self) -> io::Result<Ended> {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let streams = (self.child.stdout.take(), self.child.stderr.take());
        let reading = async {
            tokio::join!(output::read(streams.0, &mut out), output::read(streams.1, &mut err));
        };
        let status = self.status(reading).await?;
        let said = [output::text(&out), output::text(&err)].join("\n").trim().to_owned();
        Ok(Ended { status, said })
    }

    async fn status(&mut self, reading: impl Future<Output = ()>) -> io::Result<ExitStatus> {
        let mut reading = pin!(reading);
        tokio::select! {
            status = self.child.wait() => {
                self.kill();
                let _ = timeout(REST, reading).await;
                status
            }
            () = &mut reading => {
                let status = self.child.wait().await;
                self.kill();
                status
            }
        }
    }

    /// Once: when the group is gone its number may be given to others.
    fn kill(&mut self) {
        if let Some(group) = self.group.take() {
            // Whose members have all ended is gone.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.kill();
    }
}
