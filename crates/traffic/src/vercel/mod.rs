//! Vercel: all at once, or in the stages of a rolling release.
//!
//! [`VercelClient`] asks, [`VercelPromote`] and [`VercelRolling`] move; behind a
//! [`WithLogbook`](crate::logbook::WithLogbook) each is a whole switcher. What a slot stands for is a deployment's id.
//! [`examine`] says what of a project would stand in the way.
//!
//! The platform takes a change on and makes it by and by, shows states that are a few seconds old, and knows no
//! operation by its name. So each change is remembered before it is asked for, followed by what it is rather than by
//! the last status in sight, and believed once every host name of production leads where it should.

mod adopt;
mod calls;
mod client;
mod doctor;
mod job;
mod options;
mod promote;
mod rolling;
mod survey;
mod wire;

use serde::{Deserialize, Serialize};

pub use adopt::adopt;
pub use calls::{Filter, NewDeployment};
pub(crate) use client::NAME;
pub use client::VercelClient;
pub use doctor::{examine, mend};
pub use options::{BASE, VercelOptions};
pub use promote::VercelPromote;
pub use rolling::VercelRolling;
pub use wire::{
    Alias, AliasRequest, Billing, BillingReason, ConfigStage, Deployment, Domain, Event, FailedAlias,
    JobKind, JobStatus, Link, Named, Production, Project, ReadyState, RollingConfig, RollingRelease,
    RollingState, Source, Stage, Substate, User,
};

/// What is written down before the platform is asked for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "asked")]
enum Note {
    /// A promotion or a rollback.
    Job(job::Job),
    /// A rolling release.
    Start { canary: String },
    /// Its next stage.
    Approve { canary: String, next: u32 },
    /// All of it.
    Complete { canary: String },
}
