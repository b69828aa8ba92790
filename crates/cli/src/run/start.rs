//! Seals a plan and hands it to the agent.

use handover_core::{Fence, ReleaseId, Timestamp};
use handover_edge::ClientError;
use handover_edge::api::{AgentStatus, ApiErrorKind, LeaseView, RunRequest};
use handover_rollout::Plan;
use handover_runbook::{Body, Ending, Journal as _, SqliteStore};

use crate::exit::Exit;
use crate::helm::Helm;
use crate::output::{moment, short_duration};
use crate::report::Failure;

/// Writes the sealed plan and asks the agent to carry it out.
///
/// # Errors
///
/// Another run is active: who holds the lease, since when, and how to take over. The sealed run is then closed.
pub(crate) async fn seal_and_start(store: &SqliteStore, client: &Helm, plan: &Plan) -> Result<(), Failure> {
    let attempted = || format!("could not start the deployment of release {}", plan.candidate);
    let sealed = plan.seal().map_err(|e| Failure::of(attempted(), Exit::Bug, &e))?;
    let written = store.append(&plan.run, 0, Fence::ZERO, Body::Sealed { plan: sealed }).await;
    written.map_err(|e| Failure::of(attempted(), Exit::Refused, &e))?;
    let request = RunRequest { run: plan.run.clone(), candidate: plan.slot, stable: plan.stable_slot() };
    match client.start_run(&request).await {
        Ok(()) => Ok(()),
        Err(error) => {
            close(store, plan, &error).await;
            Err(refused(attempted(), &error))
        }
    }
}

/// A run that the agent refused is over before it began; one it may have taken is left as it is.
async fn close(store: &SqliteStore, plan: &Plan, error: &ClientError) {
    if matches!(error, ClientError::Unconfirmed { .. }) {
        return;
    }
    let ending = Ending::TurnedBack { why: format!("not started: {error}") };
    // If this cannot be written either, `history` shows the run as unfinished; nothing acts on it.
    let _ = store.append(&plan.run, 1, Fence::ZERO, Body::Ended { ending }).await;
}

fn refused(attempted: String, error: &ClientError) -> Failure {
    let exit = if matches!(error, ClientError::Unconfirmed { .. }) { Exit::Unknown } else { Exit::Refused };
    let failure = Failure::of(attempted, exit, error);
    match error.kind() {
        Some(ApiErrorKind::Held { lease, since, .. }) => failure.because(held_by(lease.as_ref(), *since)),
        _ => failure,
    }
}

/// Refuses before anything is copied, where a run is going on already. The agent decides in the end.
pub(crate) fn refuse_busy(status: &AgentStatus, release: &ReleaseId) -> Result<(), Failure> {
    let Some(active) = &status.run else { return Ok(()) };
    Err(Failure::new(format!("could not start the deployment of release {release}"), Exit::Refused)
        .because(format!("run {} is going on", active.request.run))
        .because(held_by(status.lease.as_ref(), active.since))
        .hint("`handover status --watch` follows it, `handover abort` ends it, `handover lease take-over` takes over"))
}

fn held_by(lease: Option<&LeaseView>, since: Timestamp) -> String {
    match lease {
        Some(lease) => format!(
            "{} holds the lease since {}, with {} left of it",
            lease.holder,
            moment(lease.since),
            short_duration(std::time::Duration::from_millis(lease.left_ms))
        ),
        None => format!("it is active since {}; nobody holds the lease at the moment", moment(since)),
    }
}

/// Who asks: the account and the host, for the journal.
pub(crate) fn who() -> String {
    let account = std::env::var("SUDO_USER").unwrap_or_else(|_| account(rustix::process::getuid().as_raw()));
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match host.trim() {
        "" => account,
        host => format!("{account}@{host}"),
    }
}

/// The account's name, as the system's own list has it; its number where it has none.
fn account(uid: u32) -> String {
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let found = accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid.to_string()).then(|| name.to_owned())
    });
    found.unwrap_or_else(|| format!("uid {uid}"))
}
