//! What can be typed. Each verb's arguments stand in the group they are used in; nothing here acts.

mod agent;
mod edge;
mod flags;
mod health;
mod look;
mod migrate;
mod monitor;
mod release;
mod setup;
mod statuses;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub(crate) use agent::{
    Agent, AgentInstall, AgentRun, AgentStop, Drain, Hold, Lease, Prune, Releases, Restart, Shift, Shim,
    TakeOver, Traffic, Unhold, WatchTraffic,
};
pub(crate) use edge::EdgeArgs;
pub(crate) use flags::{
    AcceptFlags, AuditFlags, ByHand, FlagRules, Flags, GetFlag, Import, KillFlag, ListFlags, RemoveFlag,
    StaleFlags, Switch, Unleash, Wait, WatchFlags,
};
pub(crate) use health::{
    Ask, Asker, ContainerConfig, Health, HealthCheck, HealthConfig, KubernetesConfig, Target,
};
pub(crate) use look::{Explain, History, Log, Logs, Status};
pub(crate) use migrate::{ExplainRule, ExportCatalog, FailLevel, Format, LintMigrations, Migrate, Server};
pub(crate) use monitor::{AnalysisName, Dashboard, Judge, Monitor, System, Watch};
pub(crate) use release::{AcceptFinding, Accepting, Deploy, Driver, Plan, Promote, Rollback, Steer, What};
pub(crate) use setup::{Completions, Demo, Doctor, Init};
pub(crate) use statuses::Statuses;

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
    /// Shows a good release taking over and a bad one taken back, on a service of its own
    Demo(Demo),
    /// Writes a commented handover.toml
    Init(Init),
    /// Rolls out a release as handover.toml says, and watches
    Deploy(Deploy),
    /// Shows every step a deployment would take, and takes none
    Plan(Plan),
    /// Ends the waiting of the step in hand; proofs still decide
    Promote(Promote),
    /// Makes no further step; what has traffic is judged on
    Pause(Steer),
    /// Says yes to what a run asks
    Approve(Steer),
    /// Goes on after a pause, or with a run whose driver is gone
    Resume(Steer),
    /// Takes the candidate back and ends the run
    Abort(Steer),
    /// Goes back to the release before
    Rollback(Rollback),
    /// Looks whether everything that a deployment needs is there
    Doctor(Doctor),
    /// Shows how things stand
    Status(Status),
    /// Lists the runs
    History(History),
    /// Tells what happened in a run
    Log(Log),
    /// Says what became of a run, why, and what that rests on
    Explain(Explain),
    /// Shows what the processes of a release wrote
    Logs(Logs),
    /// The releases kept on this machine
    #[command(subcommand)]
    Releases(Releases),
    /// Where requests go, and changing it by hand
    #[command(subcommand)]
    Traffic(Traffic),
    /// What is measured, and how to look at it
    #[command(subcommand)]
    Monitor(Monitor),
    /// Whether a service is well, and how a platform is told to ask
    #[command(subcommand)]
    Health(Health),
    /// Feature flags: looking at them, and changing them by hand
    #[command(subcommand)]
    Flags(Box<Flags>),
    /// Migrations: what they would do to a database that is in use
    #[command(subcommand)]
    Migrate(Migrate),
    /// Who may act on the service
    #[command(subcommand)]
    Lease(Lease),
    /// The long-lived process that carries the traffic
    #[command(subcommand)]
    Agent(Agent),
    /// Runs an edge in front of releases that something else runs
    Edge(Box<EdgeArgs>),
    /// Prints completions for a shell
    Completions(Completions),
    /// Carries out a sealed run; the agent starts it
    #[command(hide = true)]
    Driver(Driver),
    /// Stands above one process of a release; the agent starts it
    #[command(hide = true)]
    Shim(Shim),
    /// Runs the service that `demo` releases
    #[command(hide = true)]
    SampleService(SampleService),
    /// Sends requests at a fixed rate and counts how they are answered
    #[command(hide = true)]
    Load(Load),
}
