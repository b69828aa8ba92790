//! Looking without touching: status, history, logs.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;
use handover_core::{ReleaseId, RunId};

/// `handover status`.
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Goes on showing it until Ctrl-C
    #[arg(long, short)]
    pub(crate) watch: bool,
    /// How often to look again
    #[arg(long, value_name = "TIME", default_value = "1s", requires = "watch", value_parser = humantime::parse_duration)]
    pub(crate) every: Duration,
}

/// `handover history`.
#[derive(Debug, Args)]
pub(crate) struct History {
    /// How many runs, the latest first
    #[arg(long, short = 'n', value_name = "COUNT", default_value = "20")]
    pub(crate) limit: NonZeroUsize,
}

/// `handover log`.
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Which run; by default the latest
    pub(crate) run: Option<RunId>,
    /// Goes on until the run ends
    #[arg(long, short)]
    pub(crate) follow: bool,
}

/// `handover explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Which run; by default the latest
    pub(crate) run: Option<RunId>,
}

/// `handover logs`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  handover logs -f
  handover logs v42 --lines 200")]
pub(crate) struct Logs {
    /// Which release; by default the one that has the traffic
    pub(crate) release: Option<ReleaseId>,
    /// Goes on as lines are written
    #[arg(long, short)]
    pub(crate) follow: bool,
    /// How many lines of each process to begin with
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 50)]
    pub(crate) lines: usize,
}
