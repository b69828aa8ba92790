//! The agent, its releases, its lease and its traffic.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use handover_core::{ReleaseId, Slot};

use crate::settings::Weight;

/// `handover agent`.
#[derive(Debug, Subcommand)]
pub(crate) enum Agent {
    /// Runs the agent in this terminal
    Run(AgentRun),
    /// Shows whether the agent runs, and what it looks after
    Status,
    /// Stops the agent; its releases run on and the next agent finds them
    Stop(AgentStop),
    /// Writes a systemd unit for the agent
    Install(AgentInstall),
}

/// `handover agent run`.
#[derive(Debug, Args)]
#[command(
    after_help = "`deploy` starts an agent in the background where none runs; `agent install` makes it start with the machine."
)]
pub(crate) struct AgentRun {
    /// Begins from the copy kept before the last change, where agent.json is damaged
    #[arg(long)]
    pub(crate) recover: bool,
    /// Only as long as this process lives; then the releases are stopped too
    #[arg(long = "while", value_name = "PID", hide = true)]
    pub(crate) while_lives: Option<u32>,
    /// In a session of its own, so that a terminal that closes does not end it
    #[arg(long, hide = true)]
    pub(crate) detached: bool,
}

/// `handover shim`: the agent starts one above each process of a release.
#[derive(Debug, Args)]
pub(crate) struct Shim {
    /// The instance's folder
    pub(crate) folder: PathBuf,
}

/// `handover agent stop`.
#[derive(Debug, Args)]
pub(crate) struct AgentStop {
    /// Stops the releases too: nothing serves any more
    #[arg(long)]
    pub(crate) releases: bool,
    /// Shows what would be stopped and stops nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `handover agent install`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sudo handover agent install --run-as shop
  handover agent install --user
  handover agent install --dry-run")]
pub(crate) struct AgentInstall {
    /// For this user's own systemd instead of the system's
    #[arg(long, conflicts_with = "run_as")]
    pub(crate) user: bool,
    /// The user that the agent and its releases run as
    #[arg(long, value_name = "USER", value_parser = account)]
    pub(crate) run_as: Option<String>,
    /// Writes the unit into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) unit_dir: Option<PathBuf>,
    /// Overwrites a unit that is there
    #[arg(long)]
    pub(crate) force: bool,
    /// Shows the unit and writes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// A name that can stand in a unit as it is.
fn account(text: &str) -> Result<String, String> {
    let begins = |c: char| c.is_ascii_lowercase() || c == '_';
    let goes_on = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let good = text.starts_with(begins) && text.chars().all(goes_on) && text.len() <= 32;
    if good { Ok(text.to_owned()) } else { Err("is not the name of an account".into()) }
}

/// `handover releases`.
#[derive(Debug, Subcommand)]
pub(crate) enum Releases {
    /// Lists the releases kept on this machine
    List,
    /// Removes old releases that no slot holds
    Prune(Prune),
    /// Replaces the processes of a release, one after the other
    Restart(Restart),
}

/// `handover releases restart`.
#[derive(Debug, Args)]
pub(crate) struct Restart {
    /// Which release; a slot must hold it
    pub(crate) release: ReleaseId,
    /// Shows what would be restarted and restarts nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `handover releases prune`.
#[derive(Debug, Args)]
pub(crate) struct Prune {
    /// How many of the latest to keep, beside those in a slot
    #[arg(long, value_name = "COUNT", default_value = "5")]
    pub(crate) keep: NonZeroUsize,
    /// Shows what would be removed and removes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `handover traffic`.
#[derive(Debug, Subcommand)]
pub(crate) enum Traffic {
    /// Shows where requests go
    Show,
    /// Moves traffic by hand
    Shift(Shift),
    /// Lets requests wait at the edge instead of passing them on
    Hold(Hold),
    /// Lets waiting requests go on
    Unhold(Unhold),
    /// Waits until a slot without traffic has finished what it began
    Drain(Drain),
    /// Watches after a deployment that nobody else moves the traffic
    Watch(WatchTraffic),
}

/// `handover traffic watch`.
#[derive(Debug, Args)]
#[command(
    after_help = "It ends with 0 when its time is over, and with 7 as soon as somebody else has moved the traffic.
With `--restore` it takes the traffic back, goes on, and ends with 5.
While a deployment is going on, that one watches.

Examples:
  handover traffic watch                    as long as the old release is kept
  handover traffic watch --for 1h --restore
  handover traffic watch --once || page-somebody"
)]
pub(crate) struct WatchTraffic {
    /// For this long; by default as long as the old release is kept to go back to
    #[arg(long = "for", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub(crate) time: Option<Duration>,
    /// Between two looks; a platform with a quota is asked less often
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = humantime::parse_duration)]
    pub(crate) every: Duration,
    /// Looks until it is sure, and no longer
    #[arg(long, conflicts_with = "time")]
    pub(crate) once: bool,
    /// Gives all traffic back to the stable release
    #[arg(long)]
    pub(crate) restore: bool,
}

/// `handover traffic shift`.
#[derive(Debug, Args)]
#[command(
    after_help = "`--stable --now` breaks the glass: it needs neither the lease nor the journal, and ends a run that is going on.

Examples:
  handover traffic shift --stable --now
  handover traffic shift --candidate 25%"
)]
pub(crate) struct Shift {
    /// Everything to the last release that was verified
    #[arg(long, conflicts_with = "candidate", required_unless_present = "candidate")]
    pub(crate) stable: bool,
    /// This share to the other slot
    #[arg(long, value_name = "WEIGHT")]
    pub(crate) candidate: Option<Weight>,
    /// Even while somebody else holds the lease
    #[arg(long, requires = "stable", conflicts_with = "candidate")]
    pub(crate) now: bool,
    /// Says why, for the status
    #[arg(long, value_name = "TEXT", default_value = "by hand")]
    pub(crate) why: String,
    /// Shows the change and makes none
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `handover traffic hold`.
#[derive(Debug, Args)]
pub(crate) struct Hold {
    /// For at most this long; then requests go on by themselves
    #[arg(long = "for", value_name = "TIME", default_value = "10s", value_parser = humantime::parse_duration)]
    pub(crate) time: Duration,
    /// Shows the change and makes none
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `handover traffic unhold`.
#[derive(Debug, Args)]
pub(crate) struct Unhold {
    /// Shows the change and makes none
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `handover traffic drain`.
#[derive(Debug, Args)]
pub(crate) struct Drain {
    /// blue or green; by default the one without traffic
    pub(crate) slot: Option<Slot>,
    /// Gives up after this long, and says what was left
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = humantime::parse_duration)]
    pub(crate) limit: Duration,
    /// Shows what would be waited for and waits for nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `handover lease`.
#[derive(Debug, Subcommand)]
pub(crate) enum Lease {
    /// Shows who may act
    Show,
    /// Takes the lease from whoever holds it
    TakeOver(TakeOver),
}

/// `handover lease take-over`.
#[derive(Debug, Args)]
pub(crate) struct TakeOver {
    /// Shows whose lease would be taken and takes none
    #[arg(long)]
    pub(crate) dry_run: bool,
}
