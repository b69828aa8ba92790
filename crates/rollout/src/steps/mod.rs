//! The steps of a deployment, one idea per file.

mod bake;
mod drain;
mod drift;
mod evict;
mod flags;
mod health;
mod hook;
mod judge;
mod launch;
mod migrations;
mod restore;
mod settle;
mod shift;
mod smoke;
mod verify;
mod views;
mod windows;

pub(crate) use bake::Bake;
pub(crate) use drain::Drain;
pub(crate) use evict::{Evict, Stop};
pub(crate) use flags::{FlagJob, Flags};
pub(crate) use health::Health;
pub(crate) use hook::Hook;
pub(crate) use judge::{Bench, Judge};
pub(crate) use launch::Launch;
pub(crate) use migrations::Migrations;
pub(crate) use restore::Restore;
pub(crate) use settle::Settle;
pub(crate) use shift::Shift;
pub(crate) use smoke::Smoke;
pub(crate) use verify::Verify;
pub(crate) use views::Before;
pub(crate) use windows::BeginWindows;

use handover_core::Retry;
use handover_runbook::StepError;
use handover_traffic::SwitchError;

use crate::WorldError;

/// A step could not act on the world.
fn failed(attempted: impl Into<String>, error: WorldError) -> StepError {
    let (retry, fenced) = (error.retry, error.fenced);
    StepError { attempted: attempted.into(), retry, fenced, source: Some(Box::new(error)) }
}

/// A step could not move or read traffic.
fn not_switched(attempted: impl Into<String>, error: SwitchError) -> StepError {
    let retry = match error {
        // Somebody moved traffic between our reading and our writing: the engine reads again and decides.
        SwitchError::Conflict { .. } => Retry::AfterReadBack,
        _ => error.retry(),
    };
    let fenced = matches!(error, SwitchError::Fenced { .. });
    StepError { attempted: attempted.into(), retry, fenced, source: Some(Box::new(error)) }
}

/// A final no of the step's own.
fn refused(attempted: impl Into<String>, because: impl Into<String>) -> StepError {
    failed(attempted, WorldError::refused(because))
}
