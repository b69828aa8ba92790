//! Acting on the agent by hand: with its lease, so that no driver is fought and none fights back.

use std::future::Future;
use std::time::Duration;

use handover_core::Fence;
use handover_edge::ClientError;
use handover_edge::api::{AgentStatus, LeaseRequest, LeaseView};

use super::status::lease_line;
use crate::exit::Exit;
use crate::helm::Helm;
use crate::output::moment;
use crate::report::Failure;
use crate::run;

const HINT: &str =
    "`handover abort` takes the run back; `handover traffic shift --stable --now` waits for nobody";

/// The agent's lease in the hands of a person.
#[derive(Debug)]
pub(super) struct ByHand {
    client: Helm,
    lease: LeaseView,
}

impl ByHand {
    /// Takes the lease, unless a run is going on or somebody else holds it.
    ///
    /// # Errors
    ///
    /// Who acts already. Nothing changed.
    pub(super) async fn begin(client: &Helm, attempted: &str) -> Result<Self, Failure> {
        refuse_run(&status(client, attempted).await?, attempted)?;
        let holder = format!("{} by hand (pid {})", run::who(), std::process::id());
        let request = LeaseRequest { holder, pid: std::process::id(), take_over: false };
        let lease = client.acquire(&request).await.map_err(|error| refused(&error, attempted))?;
        let held = Self { client: client.clone(), lease };
        // A run that began a moment ago goes first: its driver is about to ask for the lease.
        let still_idle = match status(client, attempted).await {
            Ok(status) => refuse_run(&status, attempted),
            Err(failure) => Err(failure),
        };
        match still_idle {
            Ok(()) => Ok(held),
            Err(failure) => {
                held.end().await;
                Err(failure)
            }
        }
    }

    /// What each effect carries.
    pub(super) fn fence(&self) -> Fence {
        self.lease.fence
    }

    /// Keeps the lease while `work` goes on.
    pub(super) async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let period = Duration::from_millis(self.lease.ttl_ms / 3).max(Duration::from_millis(100));
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                // A lease that is lost shows where it matters: the agent refuses the fence.
                () = tokio::time::sleep(period) => drop(self.client.renew(&self.lease).await),
            }
        }
    }

    /// Gives the lease back. It runs out by itself where that fails.
    pub(super) async fn end(self) {
        drop(self.client.release(&self.lease).await);
    }
}

/// Refuses while a run goes on: it decides about the traffic, and would take a change by hand for a stranger's.
///
/// # Errors
///
/// Which run, since when, and who drives it.
pub(super) fn refuse_run(status: &AgentStatus, attempted: &str) -> Result<(), Failure> {
    let Some(active) = &status.run else { return Ok(()) };
    let mut failure = Failure::new(attempted, Exit::Refused).because(format!(
        "run {} is going on since {}",
        active.request.run,
        moment(active.since)
    ));
    if let Some(lease) = &status.lease {
        failure = failure.because(format!("the lease is held by {}", lease_line(lease)));
    }
    Err(failure.hint(HINT))
}

/// What a refusal of the agent, or its silence, ends with.
pub(super) fn refused(error: &ClientError, attempted: &str) -> Failure {
    let exit = if matches!(error, ClientError::Unconfirmed { .. }) { Exit::Unknown } else { Exit::Refused };
    Failure::of(attempted, exit, error)
}

async fn status(client: &Helm, attempted: &str) -> Result<AgentStatus, Failure> {
    client.status().await.map_err(|error| refused(&error, attempted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::fixtures;

    #[test]
    fn a_run_that_goes_on_is_named_with_its_driver() {
        let failure = refuse_run(&fixtures::status(), "could not move traffic by hand").unwrap_err();
        insta::assert_snapshot!(failure, @"
        error: could not move traffic by hand
          because: run 20261123-011244-abcd is going on since 2026-11-23 01:12:44Z
          because: the lease is held by driver of 20261123-011244-abcd (pid 99) since 2026-11-23 01:12:44Z, fence 3, 12s left

        hint: `handover abort` takes the run back; `handover traffic shift --stable --now` waits for nobody
        ");
        assert!(refuse_run(&fixtures::idle(), "x").is_ok());
    }
}
