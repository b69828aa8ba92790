//! What can be typed. Each verb's arguments stand in the group they are used in; nothing here acts.

mod agent;
mod look;
mod release;
mod setup;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub(crate) use agent::{
    Agent, AgentInstall, AgentStop, Drain, Hold, Lease, Prune, Releases, Shift, TakeOver, Traffic, Unhold,
};
pub(crate) use look::{Explain, History, Log, Logs, Status};
pub(crate) use release::{Deploy, Plan, Rollback, Steer, What};
pub(crate) use setup::{Completions, Demo, Init};

use crate::commands::hidden::{Load, SampleService};
use crate::output::Colour;

/// Zero-downtime deployments: move live traffic to a new release, watch it, take a bad one back.
#[derive(Debug, Parser)]
#[command(name = "handover", version, about, max_term_width = 110, disable_help_subcommand = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 a bug, 2 usage or settings, 3 refused or failed before any traffic moved,
4 not known whether anything changed, 5 rolled back, 6 waiting, 7 stuck."
)]
pub(crate) struct Cli {
    /// What holds for every verb.
    #[command(flatten)]
    pub(crate) globals: Globals,
    /// The verb.
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What holds for every verb.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Globals {
    /// The settings file; by default the nearest handover.toml at or above the current folder
    #[arg(long, global = true, value_name = "FILE", env = "HANDOVER_CONFIG", hide_env_values = true)]
    pub(crate) config: Option<PathBuf>,
    /// Where handover keeps its state for the service
    #[arg(long, global = true, value_name = "DIR", env = "HANDOVER_STATE_DIR", hide_env_values = true)]
    pub(crate) state_dir: Option<PathBuf>,
    /// Shows results as versioned JSON, one object per line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Colour,
}

/// What handover can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Writes a commented handover.toml
    Init(Init),
    /// Prints completions for a shell
    Completions(Completions),
    /// Runs the service that `demo` releases
    #[command(hide = true)]
    SampleService(SampleService),
    /// Sends requests at a fixed rate and counts how they are answered
    #[command(hide = true)]
    Load(Load),
}
