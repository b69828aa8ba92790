//! The life of a release: deploy, plan, steer, go back.

use std::path::PathBuf;

use clap::Args;
use handover_core::{ReleaseId, RunId};

use crate::settings::Kind;

/// What is to be released, where it is not what the settings say.
#[derive(Debug, Clone, Args)]
pub(crate) struct What {
    /// The release's name; by default the commit's, else the content's
    #[arg(long, value_name = "NAME")]
    pub(crate) release: Option<ReleaseId>,
    /// Releases this folder or file instead
    #[arg(long, value_name = "PATH", conflicts_with = "commit")]
    pub(crate) artifact: Option<PathBuf>,
    /// Releases what `git archive` makes of this commit instead
    #[arg(long, value_name = "COMMIT")]
    pub(crate) commit: Option<String>,
    /// Takes over in this way instead
    #[arg(long, value_name = "KIND")]
    pub(crate) strategy: Option<Kind>,
}

/// `handover deploy`.
#[derive(Debug, Args)]
#[command(
    after_help = "With an agent, closing the terminal or Ctrl-C leaves the deployment running. Without one (any backend but
\"edge\") this command drives it: Ctrl-C asks, and a cancelled job takes the candidate back.

Examples:
  handover deploy
  handover deploy --release v42 --strategy blue-green
  handover deploy --dry-run"
)]
pub(crate) struct Deploy {
    #[command(flatten)]
    pub(crate) what: What,
    /// Returns once the agent has taken over, with exit code 6
    #[arg(long)]
    pub(crate) detach: bool,
    /// Shows the plan and changes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `handover plan`.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) what: What,
}

/// An order to a run: `promote`, `pause`, `abort`, `approve`, `resume`.
#[derive(Debug, Args)]
pub(crate) struct Steer {
    /// Which run; by default the one that is going on
    pub(crate) run: Option<RunId>,
    /// Says why, for the journal
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
    /// Shows what would be ordered and orders nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `handover promote`.
#[derive(Debug, Args)]
#[command(
    after_help = "Proofs are never skipped: health, smoke tests and the probes after each shift still decide.

Examples:
  handover promote
  handover promote --full"
)]
pub(crate) struct Promote {
    #[command(flatten)]
    pub(crate) steer: Steer,
    /// Skips the waiting of every further step, not only of this one
    #[arg(long)]
    pub(crate) full: bool,
}

/// `handover driver`: the agent starts one for each run.
#[derive(Debug, Args)]
pub(crate) struct Driver {
    /// The sealed run
    pub(crate) run: RunId,
}

/// `handover rollback`.
#[derive(Debug, Args)]
#[command(
    after_help = "Without --to it takes the run that is going on back; with none going on it returns to the release before.

Examples:
  handover rollback
  handover rollback --to v41 --why 'checkout is slow'"
)]
pub(crate) struct Rollback {
    /// Goes back to this release
    #[arg(long, value_name = "RELEASE")]
    pub(crate) to: Option<ReleaseId>,
    /// Says why, for the journal
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
    /// Returns once the agent has taken over, with exit code 6
    #[arg(long)]
    pub(crate) detach: bool,
    /// Shows the plan and changes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
