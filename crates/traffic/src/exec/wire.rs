//! The shapes of `docs/exec.md`. No logic but the version's.

use std::time::Duration;

use handover_core::{BySlot, Fence, OpId, Slot};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{BoxError, Capabilities, Change, DrainSupport, InFlight, Observed, Revision, Route, Weights};

/// The version of the protocol.
const VERSION: u64 = 1;

#[derive(Debug, Serialize)]
struct Request<'a> {
    handover: u64,
    #[serde(flatten)]
    call: &'a Call<'a>,
}

/// What is asked.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "call")]
pub(super) enum Call<'a> {
    Capabilities,
    Observe,
    Apply { change: &'a Change },
    Drain { slot: Slot, limit: Duration },
}

/// One request: a line of JSON.
pub(super) fn request(call: &Call<'_>) -> Result<Vec<u8>, BoxError> {
    let mut line = serde_json::to_vec(&Request { handover: VERSION, call })?;
    line.push(b'\n');
    Ok(line)
}

#[derive(Debug, Deserialize)]
struct Version {
    handover: Option<u64>,
}

enum Answer<T> {
    Ok(T),
    Error(Complaint),
}

/// An error in the program's words.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(super) enum Complaint {
    Conflict { expected: Revision, found: Revision },
    Fenced { seen: Fence },
    Unsupported { message: Option<String> },
    Elsewhere { found: String },
    Refused { message: Option<String> },
    Throttled { after: Duration },
    Unreachable { message: Option<String> },
    Unconfirmed { message: Option<String> },
}

impl Complaint {
    /// The same with its words changed.
    pub(super) fn with(self, change: impl Fn(String) -> String) -> Self {
        match self {
            Self::Unsupported { message } => Self::Unsupported { message: message.map(change) },
            Self::Refused { message } => Self::Refused { message: message.map(change) },
            Self::Unreachable { message } => Self::Unreachable { message: message.map(change) },
            Self::Unconfirmed { message } => Self::Unconfirmed { message: message.map(change) },
            Self::Elsewhere { found } => Self::Elsewhere { found: change(found) },
            other => other,
        }
    }
}

/// Reads an answer; the outer error says why it is none.
pub(super) fn answer<T: DeserializeOwned>(text: &[u8]) -> Result<Result<T, Complaint>, String> {
    if text.trim_ascii().is_empty() {
        return Err("it did not answer".into());
    }
    let value: serde_json::Value =
        serde_json::from_slice(text).map_err(|e| format!("its answer is not JSON: {e}"))?;
    let version = Version::deserialize(&value).map_err(|e| format!("its answer is not understood: {e}"))?;
    if let Some(version) = version.handover.filter(|version| *version != VERSION) {
        return Err(format!("it answered in version {version} of the protocol, not {VERSION}"));
    }
    Ok(match one_of(value)? {
        Answer::Ok(answer) => Ok(answer),
        Answer::Error(complaint) => Err(complaint),
    })
}

/// The one key that counts; others are tolerated beside it.
fn one_of<T: DeserializeOwned>(mut value: serde_json::Value) -> Result<Answer<T>, String> {
    let take = |value: &mut serde_json::Value, key: &str| value.as_object_mut()?.remove(key);
    let unclear = |e: serde_json::Error| format!("its answer is not understood: {e}");
    match (take(&mut value, "ok"), take(&mut value, "error")) {
        (Some(ok), None) => serde_json::from_value(ok).map(Answer::Ok).map_err(unclear),
        (None, Some(error)) => serde_json::from_value(error).map(Answer::Error).map_err(unclear),
        _ => Err("its answer has not one of `ok` and `error`".into()),
    }
}

/// [`Capabilities`] in which everything but the weights may be left out.
#[derive(Debug, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "mirrors `Capabilities`")]
pub(super) struct Claims {
    weights: Weights,
    #[serde(default)]
    atomic: bool,
    #[serde(default)]
    hold: bool,
    #[serde(default)]
    pin: bool,
    #[serde(default)]
    sticky: bool,
    #[serde(default)]
    compare_and_set: bool,
    #[serde(default)]
    fencing: bool,
    #[serde(default)]
    read_back: bool,
    drain: Option<DrainSupport>,
    #[serde(default)]
    keeps_state: bool,
    #[serde(default)]
    resets_keepalive: bool,
    #[serde(default)]
    kills_upgrades: bool,
    #[serde(default)]
    acks_before_effect: bool,
    #[serde(default)]
    stops_old: bool,
    rollback_bound: Option<Duration>,
    observe_every: Option<Duration>,
}

impl From<Claims> for Capabilities {
    fn from(claims: Claims) -> Self {
        Self {
            weights: claims.weights,
            atomic: claims.atomic,
            hold: claims.hold,
            pin: claims.pin,
            sticky: claims.sticky,
            compare_and_set: claims.compare_and_set,
            fencing: claims.fencing,
            read_back: claims.read_back,
            drain: claims.drain.unwrap_or(DrainSupport::None),
            keeps_state: claims.keeps_state,
            resets_keepalive: claims.resets_keepalive,
            kills_upgrades: claims.kills_upgrades,
            acks_before_effect: claims.acks_before_effect,
            stops_old: claims.stops_old,
            rollback_bound: claims.rollback_bound,
            observe_every: claims.observe_every.unwrap_or(crate::capability::OBSERVE_EVERY),
        }
    }
}

/// [`Observed`] of a program that may keep nothing but the route.
#[derive(Debug, Deserialize)]
pub(super) struct Sight {
    route: Route,
    #[serde(default)]
    revision: Revision,
    last_op: Option<OpId>,
    fence: Option<Fence>,
    in_flight: Option<BySlot<InFlight>>,
    served: Option<BySlot<u64>>,
}

impl From<Sight> for Observed {
    fn from(sight: Sight) -> Self {
        let Sight { route, revision, last_op, fence, in_flight, served } = sight;
        Self { route, revision, last_op, fence, in_flight, served, moving: false }
    }
}
