//! A deployment as a sealed plan, and the plan as steps of a runbook.
//!
//! Start at [`Plan`]: what is rolled out, over which stages, judged how. [`Plan::outline`] names every step and
//! every call without making one; [`program`] turns the plan into a `handover_runbook::Program` that acts on a
//! [`World`]: the traffic, the launcher, the windows, the public front and the hooks of one service. How a run ended
//! reads from its records through [`Outcome`] and [`Story`].
//!
//! | feature | adds |
//! |---|---|
//! | `local` | [`local`]: the world of one machine, through the agent's client |
//! | `railway` | `railway`: releases that Railway runs, in one service or in a service per slot |
//! | `vercel` | [`vercel`]: releases that are Vercel's deployments |
//!
//! Not for: printing, settings files, or remembering anything outside the journal.

mod error;
mod flags;
pub mod hosted;
mod judge;
#[cfg(feature = "local")]
pub mod local;
mod migrations;
mod orders;
mod outcome;
mod outline;
mod outlook;
mod plan;
mod program;
#[cfg(feature = "railway")]
pub mod railway;
mod steps;
mod story;
#[cfg(feature = "vercel")]
pub mod vercel;
mod words;
mod world;

pub use error::PlanError;
pub use flags::{
    FlagChange, FlagFate, FlagMoment, FlagStoreAt, OnRollback, RunFlags, flag_fates, flag_warnings,
};
pub use judge::{AnalysisKind, JudgeSpec, OnNoData};
pub use migrations::{
    Accept, Acceptance, FindingLine, MigrationCheck, MigrationFiles, PendingMigrations, check_migrations,
};
pub use orders::order_words;
pub use outcome::Outcome;
pub use outline::{Outline, StepOutline};
pub use outlook::{Outlook, ViewLine, ViewsSpec, view_lines};
pub use plan::{Hooks, Kind, Plan, SmokeMethod, SmokeSpec, Stage};
pub use program::program;
pub use story::{Chapter, Story, Teller};
pub use world::{
    Front, HookCall, HookEnd, HookRunner, Launcher, Occupant, ProbeAnswer, WindowSource, World, WorldError,
};
