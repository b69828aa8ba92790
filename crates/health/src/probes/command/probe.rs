use std::ffi::OsString;
use std::fmt;
use std::io;
use std::time::Duration;

use async_trait::async_trait;
use tokio::process::Command;

use super::run::Run;
use crate::probes::deadline::within;
use crate::{HealthProbe, Healthy, ProbeClass, ProbeError};

/// Runs a program; it is well when that ends with 0.
///
/// At the deadline, or when the check is dropped, the program is killed with everything it started in its process group.
/// The first 4 KiB of what it says are the detail of a failure. It has no input.
///
/// ```
/// # use std::time::Duration;
/// # use handover_health::{CommandProbe, HealthProbe as _};
/// # async fn ask() -> Result<(), Box<dyn std::error::Error>> {
/// let queue = CommandProbe::new("sh", ["-c", "test $(ls /var/spool/shop | wc -l) -lt 1000"]);
/// let well = queue.check(Duration::from_secs(2)).await?;
/// # let _ = well; Ok(()) }
/// ```
pub struct CommandProbe {
    program: OsString,
    args: Vec<OsString>,
}

impl CommandProbe {
    /// Runs `program` with these arguments, as this process's user and with its environment.
    pub fn new<A: Into<OsString>>(program: impl Into<OsString>, args: impl IntoIterator<Item = A>) -> Self {
        Self { program: program.into(), args: args.into_iter().map(Into::into).collect() }
    }

    async fn run(&self) -> Result<(), ProbeError> {
        let run =
            Run::start(Command::new(&self.program).args(&self.args)).map_err(|error| unrunnable(&error))?;
        let ended = run.end().await.map_err(|error| unrunnable(&error))?;
        if ended.status.success() {
            return Ok(());
        }
        Err(ProbeError::new(ProbeClass::Failed, format!("{}: {}", ended.status, ended.said)))
    }
}

#[async_trait]
impl HealthProbe for CommandProbe {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        within(deadline, self.run()).await
    }
}

/// Too many processes or open files are this machine's trouble, everything else the program's.
fn unrunnable(error: &io::Error) -> ProbeError {
    let exhausted = [
        rustix::io::Errno::AGAIN,
        rustix::io::Errno::NOMEM,
        rustix::io::Errno::MFILE,
        rustix::io::Errno::NFILE,
    ];
    let exhausted =
        error.raw_os_error().is_some_and(|raw| exhausted.iter().any(|errno| errno.raw_os_error() == raw));
    let class = if exhausted { ProbeClass::Exhausted } else { ProbeClass::Failed };
    ProbeError::new(class, error.to_string())
}

impl fmt::Debug for CommandProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandProbe").finish_non_exhaustive()
    }
}
