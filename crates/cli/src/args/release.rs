//! The life of a release: deploy, plan, steer, go back.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use handover_core::{ReleaseId, RunId};

use crate::migrate::rule;
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
  handover deploy --accept L01='orders has 200 rows'
  handover deploy --dry-run"
)]
pub(crate) struct Deploy {
    #[command(flatten)]
    pub(crate) what: What,
    #[command(flatten)]
    pub(crate) accepting: Accepting,
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
    #[command(flatten)]
    pub(crate) accepting: Accepting,
}

/// Findings in pending migrations that somebody knows of, and lets pass.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Accepting {
    /// Lets findings of this rule in pending migrations pass, `all` those of any; the reason is kept in the journal, with who gave it
    #[arg(long = "accept", value_name = "RULE=REASON")]
    pub(crate) accept: Vec<AcceptFinding>,
}

/// `RULE=REASON`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AcceptFinding {
    /// The rule's id; none is any.
    pub(crate) rule: Option<&'static str>,
    pub(crate) reason: String,
}

/// What a reason may be at most; it is a sentence.
const LONGEST_REASON: usize = 500;

impl FromStr for AcceptFinding {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, reason) =
            text.split_once('=').ok_or("is not RULE=REASON, such as L01='orders is small'")?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err("has no reason: whoever reads the journal will want one".into());
        }
        if reason.chars().count() > LONGEST_REASON {
            return Err(format!("has a reason of more than {LONGEST_REASON} characters"));
        }
        let rule = if name.eq_ignore_ascii_case("all") {
            None
        } else {
            Some(rule::find(name).ok_or_else(|| rule::unknown(name))?.id)
        };
        Ok(Self { rule, reason: reason.to_owned() })
    }
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
