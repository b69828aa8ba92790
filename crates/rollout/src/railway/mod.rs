//! Releases that Railway runs.
//!
//! [`RailwayHost`] is for one service that is deployed into in place: there the launch and the cutover are one act of
//! Railway's, so launching only says what the slot stands for. [`RailwayServices`] has a private service per slot, behind
//! an edge that shares traffic between them: there a release runs, and is looked at, before it gets any.

mod in_place;
mod looks;
mod services;
mod template;

pub use in_place::RailwayHost;
pub use services::RailwayServices;
pub use template::{Template, TemplateError};

use handover_core::Retry;
use handover_traffic::SwitchError;
use handover_traffic::railway::{Ended, LogLine, Railway, Status};

use crate::WorldError;
use crate::hosted::Condition;

/// So many of the last lines are shown.
const LINES: usize = 20;

/// What a deployment's status means for the release.
fn condition(id: &str, status: &Status, log: Vec<String>) -> Condition {
    match status {
        Status::Success => Condition::Ready { summary: format!("deployment {id} is active"), restarts: 0 },
        Status::Sleeping => Condition::Ready { summary: format!("deployment {id} sleeps"), restarts: 0 },
        Status::Over(Ended::Removed) => Condition::Gone,
        Status::Over(_) => Condition::Failed { cause: format!("deployment {id} ended {status}"), log },
        _ => Condition::Starting { summary: format!("deployment {id} is {status}") },
    }
}

async fn last_lines(railway: &Railway, id: &str) -> Vec<String> {
    match railway.logs(id, LINES).await {
        Ok(lines) if !lines.is_empty() => messages(lines),
        // A build that failed has left nothing that ran.
        _ => railway.build_logs(id, LINES).await.map(messages).unwrap_or_default(),
    }
}

fn messages(lines: Vec<LogLine>) -> Vec<String> {
    lines.into_iter().map(|line| line.message).collect()
}

fn world(error: &SwitchError) -> WorldError {
    let source = std::error::Error::source(error).map(|source| source.to_string().into());
    WorldError { message: error.to_string(), retry: error.retry(), fenced: false, source }
}

fn unwritten(error: handover_traffic::BoxError) -> WorldError {
    WorldError {
        message: "the logbook cannot be used".to_owned(),
        retry: Retry::Never,
        fenced: false,
        source: Some(error),
    }
}
