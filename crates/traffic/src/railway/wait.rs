//! Waiting for a deployment: on a subscription while that works, else by asking now and then.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::documents::{DEPLOYMENT, WATCH};
use super::socket::{Socket, Word};
use super::{Deployment, NAME, Railway, Status};
use crate::{BoxError, SwitchError};

/// So often a lost subscription is opened again; each opening is a request.
const OPENINGS: u32 = 3;
/// Looks are never further apart than this, unless the quota says so.
const LAZIEST: Duration = Duration::from_secs(30);

/// So long the first word of a subscription may take.
const FIRST: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
struct One {
    deployment: Deployment,
}

#[derive(Deserialize)]
struct Watched {
    deployment: Glimpse,
}

#[derive(Deserialize)]
struct Glimpse {
    id: String,
    status: Status,
}

impl Railway {
    /// One deployment.
    ///
    /// # Errors
    ///
    /// It is not there, or Railway gave no usable answer.
    pub async fn deployment(&self, id: &str) -> Result<Deployment, SwitchError> {
        Ok(self.ask::<One>(DEPLOYMENT, json!({ "id": id })).await?.deployment)
    }

    /// Waits until a deployment is ready or over, or until `until`.
    ///
    /// # Errors
    ///
    /// [`SwitchError::Unconfirmed`]: nothing was known at the end.
    ///
    /// # Cancellation
    ///
    /// Changes nothing.
    pub async fn wait(&self, id: &str, until: Instant) -> Result<Status, SwitchError> {
        self.wait_out(id, None, until).await
    }

    /// Waits until a deployment is over, or is ready and the one before it is over.
    pub(super) async fn wait_out(
        &self,
        id: &str,
        before: Option<&str>,
        until: Instant,
    ) -> Result<Status, SwitchError> {
        let (begun, mut last, mut looks) = (Instant::now(), None, 0);
        loop {
            if looks < OPENINGS
                && let Ok(Ok(status)) = timeout_at(until, self.listen(id, before)).await
            {
                return Ok(status);
            }
            match self.deployment(id).await {
                Ok(found) if !found.status.is_under_way() => return Ok(found.status),
                Ok(found) => last = Some(found.status),
                Err(error) => self.bear(id, error, until).await?,
            }
            let pause = self.pause(looks);
            if Instant::now() + pause >= until {
                return Err(not_yet(id, last.as_ref(), begun.elapsed()));
            }
            sleep(pause).await;
            looks += 1;
        }
    }

    /// A look that failed says nothing about the deployment; the next one may do better.
    async fn bear(&self, id: &str, error: SwitchError, until: Instant) -> Result<(), SwitchError> {
        match error {
            SwitchError::Throttled { after, .. } => {
                sleep_until(until.min(Instant::now() + after)).await;
                Ok(())
            }
            SwitchError::Unreachable { .. } => Ok(()),
            other => Err(unsure(&format!("deployment {id} was asked for and cannot be read"), &other)),
        }
    }

    async fn listen(&self, id: &str, before: Option<&str>) -> Result<Status, BoxError> {
        let mut socket = Socket::open(self).await?;
        for watched in [Some(id), before].into_iter().flatten() {
            socket.subscribe(WATCH, json!({ "id": watched })).await?;
        }
        // What was over before anybody listened is told by no word, so the first one must come soon.
        let first = Instant::now() + self.limits().poll.max(FIRST);
        let mut state = Listening { ready: None, before: before.is_some(), grace: None };
        loop {
            let until = if state.heard() { state.grace } else { Some(first) };
            let word = match until {
                Some(until) => timeout_at(until, socket.word()).await,
                None => Ok(socket.word().await),
            };
            let Ok(word) = word else { return state.ready.ok_or_else(|| "no word came".into()) };
            let Word::Data(data) = word? else { return Err("the subscription ended early".into()) };
            let seen = serde_json::from_value::<Watched>(data)?.deployment;
            if let Some(status) = state.note(id, seen, self.limits().poll) {
                return Ok(status);
            }
        }
    }

    /// Between two looks: longer each time, never so short that the quota would not last, never in step with others.
    pub(super) fn pause(&self, looks: u32) -> Duration {
        let least = self.limits().poll;
        let wanted = (least * 2_u32.saturating_pow(looks.min(3))).min(LAZIEST.max(least));
        let pause = self.shared.quota.pace(wanted);
        pause + pause.mul_f64(fraction() / 5.0)
    }
}

/// What has been heard so far.
struct Listening {
    ready: Option<Status>,
    /// The deployment before is still there.
    before: bool,
    grace: Option<Instant>,
}

/// The overlap and the draining of the one before are minutes at the most; who looks then sees for himself.
const GRACE: u32 = 24;

impl Listening {
    const fn heard(&self) -> bool {
        self.ready.is_some() || !self.before
    }

    fn note(&mut self, id: &str, seen: Glimpse, poll: Duration) -> Option<Status> {
        if seen.id == id {
            if matches!(seen.status, Status::Over(_)) {
                return Some(seen.status);
            }
            if seen.status.is_ready() {
                self.ready = Some(seen.status);
                self.grace = Some(Instant::now() + (poll * GRACE).max(FIRST));
            }
        } else if matches!(seen.status, Status::Over(_)) {
            self.before = false;
        }
        if self.before { None } else { self.ready.clone() }
    }
}

fn not_yet(id: &str, last: Option<&Status>, after: Duration) -> SwitchError {
    let source = match last {
        Some(status) => format!("deployment {id} is still {status}"),
        None => format!("nobody could say how deployment {id} is"),
    };
    SwitchError::Unconfirmed { backend: NAME, after, source: Some(source.into()) }
}

/// Something was asked for, and what became of it cannot be read.
pub(super) fn unsure(what: &str, error: &SwitchError) -> SwitchError {
    let because = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    let source = Some(format!("{what}: {because}").into());
    SwitchError::Unconfirmed { backend: NAME, after: Duration::ZERO, source }
}

/// Between 0 and 1, from the randomness of the standard library's hashes.
fn fraction() -> f64 {
    let random = u32::try_from(RandomState::new().hash_one(0_u8) >> 32).unwrap_or_default();
    f64::from(random) / f64::from(u32::MAX)
}
