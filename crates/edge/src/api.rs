//! The admin API, version 1: what goes over an agent's Unix socket, or to an edge of its own over TCP, as types.
//!
//! HTTP/1.1 with JSON bodies under `/v1/`. Every non-2xx answer is an [`ApiError`]. Unknown fields are ignored by
//! readers, so a newer client and an older agent of the same version understand each other.
//!
//! | method and path | body → answer |
//! |---|---|
//! | `GET /v1/status` | → [`AgentStatus`] |
//! | `GET /v1/route` | → `Observed` |
//! | `PUT /v1/route` | `Change` → `Observed` |
//! | `POST /v1/panic` | [`PanicRequest`] → `Observed`: break-glass, raises the fence itself |
//! | `POST /v1/drain` | [`DrainRequest`] → `Drained` |
//! | `GET /v1/slots/{slot}` | → [`SlotView`] |
//! | `PUT /v1/slots/{slot}` | [`LaunchRequest`] → [`SlotView`]; the same run and release twice is once |
//! | `DELETE /v1/slots/{slot}` | [`StopRequest`] → [`SlotView`], once the slot is empty |
//! | `POST /v1/slots/{slot}/restart` | [`RestartRequest`] → [`SlotView`], once every instance was replaced |
//! | `POST /v1/watch` | [`WatchRequest`] → [`WatchView`]: begins windows for a run |
//! | `GET /v1/windows?after=SEQ&wait_ms=N` | → `Pairs` (long poll) |
//! | `PUT /v1/run` | [`RunRequest`] → [`RunView`]: makes the run active and starts its driver |
//! | `POST /v1/run/end` | [`RunEnd`] → [`RunView`] |
//! | `POST /v1/settle` | [`SettleRequest`] → [`AgentStatus`]: names the new stable, retains the old one |
//! | `GET /v1/lease` | → `Option<`[`LeaseView`]`>` |
//! | `POST /v1/lease/acquire` | [`LeaseRequest`] → [`LeaseView`] |
//! | `POST /v1/lease/renew` | [`LeaseView`] → [`LeaseView`] |
//! | `POST /v1/lease/release` | [`LeaseView`] → `()` |
//! | `GET /v1/secrets` | → [`Secrets`] |
//! | `GET /v1/metrics` | → Prometheus text |
//! | `POST /v1/stop` | [`StopAgent`] → `()` |
//!
//! An edge of its own ([`crate::standalone`]) answers `route`, `panic` (with a slot), `drain`, `watch`, `windows`,
//! `secrets` and `metrics` of these, and `GET /v1/edge` → [`EdgeStatus`]; each request with its token as
//! `Authorization: Bearer TOKEN`, else 401.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use handover_core::{BySlot, Fence, OpId, ReleaseId, RunId, ServiceName, Slot, Timestamp};
use handover_monitor::Histogram;
use handover_traffic::{Observed, Revision};
use serde::{Deserialize, Serialize};

/// The version in every path.
pub const VERSION: u32 = 1;

/// How a release is run; frozen beside its files as `releases/<id>/spec.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseSpec {
    /// The release's name.
    pub id: ReleaseId,
    /// Run by `sh -c` in the release's folder, with `$PORT`, `$HOST`, `$RELEASE`.
    pub command: String,
    /// A file of `NAME=value` lines, read at launch; the values are never stored.
    pub env_file: Option<PathBuf>,
    /// How many processes per slot.
    pub instances: u16,
    /// From SIGTERM to SIGKILL.
    pub grace: Duration,
    /// How an instance is asked whether it is ready.
    pub health: HealthSpec,
    /// Set where the release was not copied: its files are used where they lie, and going back is not real.
    pub in_place: Option<PathBuf>,
    /// A log file is rotated at this many bytes; one former file is kept.
    pub log_cap: u64,
    /// When it was frozen.
    pub frozen_at: Timestamp,
}

/// How an instance is asked whether it is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthSpec {
    /// An absolute path; any 2xx or 3xx is ready.
    pub path: String,
    /// From one probe to the next.
    pub interval: Duration,
    /// For one probe.
    pub timeout: Duration,
    /// Good probes in a row until ready.
    pub rise: u32,
    /// Bad probes in a row until not ready; an answer of 503 counts at once.
    pub fall: u32,
    /// From launch until the first time every instance is ready.
    pub start_limit: Duration,
}

/// What an instance is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum InstanceState {
    /// Launched, not yet ready.
    Starting,
    /// Ready: it gets requests.
    Ready,
    /// Alive, but its readiness fails: it gets no new requests.
    Unready,
    /// Asked to stop; its requests are finished first.
    Stopping,
    /// Gone; launched again after `again_in_ms`, where it is to run at all.
    Exited {
        /// Exit code, where it exited by itself.
        code: Option<i32>,
        /// Signal number, where one ended it.
        signal: Option<i32>,
        /// The back-off left; `None` when it is not launched again.
        again_in_ms: Option<u64>,
    },
}

/// One process of a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceView {
    /// 0-based number within the slot.
    pub index: u16,
    /// The port it was given.
    pub port: u16,
    /// Its process id, while it lives.
    pub pid: Option<u32>,
    /// What it is doing.
    #[serde(flatten)]
    pub state: InstanceState,
    /// How often it was launched again.
    pub restarts: u32,
    /// Why its last probe failed, in one line.
    pub trouble: Option<String>,
}

/// Why a release never became ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchFailure {
    /// One line naming the cause: exited at once, wrong port, wrong process on the port, never healthy.
    pub cause: String,
    /// The last lines it logged.
    pub log_tail: Vec<String>,
}

/// A slot and what runs in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotView {
    /// Which slot.
    pub slot: Slot,
    /// What runs there; `None` for an empty slot.
    pub release: Option<ReleaseId>,
    /// The run that launched it.
    pub run: Option<RunId>,
    /// Every process.
    pub instances: Vec<InstanceView>,
    /// Set once the launch is known to have failed.
    pub failure: Option<LaunchFailure>,
    /// A request with the header `handover-pin: <this>` reaches the slot whatever the split.
    pub pin: Option<String>,
    /// Kept warm until then, after the next release took over.
    pub retained_until: Option<Timestamp>,
}

impl SlotView {
    /// Whether every instance is ready, and there is one.
    pub fn ready(&self) -> bool {
        !self.instances.is_empty() && self.instances.iter().all(|i| i.state == InstanceState::Ready)
    }
}

/// Launch a frozen release in a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchRequest {
    /// The run that asks; with `release` it makes the request idempotent.
    pub run: RunId,
    /// The frozen release.
    pub release: ReleaseId,
    /// The caller's fence.
    pub fence: Fence,
}

/// Stop what runs in a slot. Refused while the slot has weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopRequest {
    /// Stop only if this release is there; a slot with another one, or an empty one, is left alone.
    pub release: ReleaseId,
    /// The caller's fence.
    pub fence: Fence,
}

/// Replace a slot's processes one by one: each is taken out, drained, stopped, launched and waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestartRequest {
    /// Restart only if this release is there.
    pub release: ReleaseId,
    /// The caller's fence.
    pub fence: Fence,
}

/// Wait until a slot is idle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrainRequest {
    /// Which slot; it must have no weight.
    pub slot: Slot,
    /// After this, upgraded connections are closed and the rest is reported.
    pub limit_ms: u64,
}

/// Begin windows for a run: candidate against the other slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchRequest {
    /// The run; the same run, candidate and limit twice is once.
    pub run: RunId,
    /// The slot being judged.
    pub candidate: Slot,
    /// The latency limit that `over` counts against.
    pub limit_ms: u64,
}

/// A watch in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchView {
    /// The epoch its windows carry.
    pub epoch: u64,
    /// What was asked.
    pub request: WatchRequest,
}

/// Make a run active and start its driver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRequest {
    /// The sealed run.
    pub run: RunId,
    /// The slot of the release being rolled out.
    pub candidate: Slot,
    /// The slot to go back to, where there is one.
    pub stable: Option<Slot>,
}

/// The run the agent looks after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// What was asked.
    pub request: RunRequest,
    /// The driver's process id, while one lives.
    pub driver: Option<u32>,
    /// How often a driver was started for it.
    pub drivers_started: u32,
    /// Since when.
    pub since: Timestamp,
    /// Set where the agent acted in the driver's stead, or a person broke the glass.
    pub guard: Option<GuardNote>,
}

/// The agent moved traffic back by itself; the resumed run ends as rolled back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardNote {
    /// The run whose candidate lost its traffic.
    pub run: RunId,
    /// The fence the agent raised to.
    pub fence: Fence,
    /// When.
    pub at: Timestamp,
    /// Why, in one sentence.
    pub why: String,
}

/// A run is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnd {
    /// Which run.
    pub run: RunId,
    /// How it ended, for the status: `done`, `rolled back`, `failed`, `stuck`.
    pub ending: String,
}

/// Name the stable release; retain what the other slot holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettleRequest {
    /// The slot verified at 100 %.
    pub stable: Slot,
    /// The release in it.
    pub release: ReleaseId,
    /// How long the other slot's release stays warm; zero stops it now.
    pub retain_ms: u64,
    /// The caller's fence.
    pub fence: Fence,
}

/// Ask for the service's lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseRequest {
    /// Who: a driver's own unique name, with process id and start time for take-over.
    pub holder: String,
    /// The holder's process id, on this host.
    pub pid: u32,
    /// Take it from a living holder.
    pub take_over: bool,
}

/// The lease in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseView {
    /// Who holds it.
    pub holder: String,
    /// The holder's process id.
    pub pid: u32,
    /// Grows with each acquisition.
    pub fence: Fence,
    /// Since when.
    pub since: Timestamp,
    /// How long it lives without renewal.
    pub ttl_ms: u64,
    /// How much of that is left.
    pub left_ms: u64,
}

/// What only a trusted caller may know: never to be shown, written or logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// A request with the header `handover-probe: <this>` is routed as a user's, learns which release answered, and is
    /// counted nowhere. New with each agent.
    pub probe: String,
    /// The pins of both slots, as [`SlotView::pin`], where they are not told with the slots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pins: Option<BySlot<String>>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}

/// What the driver of a run counts at its views from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewsSaid {
    /// Which run; only the active one is heard.
    pub run: RunId,
    /// Each view.
    pub views: Vec<ViewFigures>,
}

/// What was counted at one view from outside, since its driver began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewFigures {
    /// The address asked.
    pub name: String,
    /// Whether the service is well as seen from there.
    pub up: bool,
    /// How long good answers took.
    pub ok: Histogram,
    /// How long it took until a check had failed.
    pub failed: Histogram,
}

/// Take everything back now, without lease or journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanicRequest {
    /// The slot to send everything to; stable's where absent.
    pub to: Option<Slot>,
    /// Who and why, for the status.
    pub why: String,
    /// Names the wish.
    pub op: OpId,
}

/// Stop the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopAgent {
    /// Stop the releases too; otherwise they run on and the next agent re-attaches.
    pub releases: bool,
}

/// Recent traffic of one slot, for people: the last 60 s, by whole seconds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Recent {
    /// Requests completed.
    pub n: u64,
    /// Of them, failed.
    pub errors: u64,
    /// Half of the requests took no longer, in seconds; absent where there was none, as in the next two.
    #[serde(default)]
    pub p50: Option<f64>,
    /// p95 in seconds.
    pub p95: Option<f64>,
    /// p99 in seconds.
    #[serde(default)]
    pub p99: Option<f64>,
    /// Requests per second over the time covered.
    pub rate: f64,
    /// Requests completed in each second, oldest first; 60 at most.
    #[serde(default)]
    pub seconds: Vec<u64>,
}

/// Everything the agent knows, for `handover status`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentStatus {
    /// [`VERSION`].
    pub version: u32,
    /// The binary's version.
    pub build: String,
    /// Which service.
    pub service: ServiceName,
    /// The agent's process id.
    pub pid: u32,
    /// Since when it runs.
    pub since: Timestamp,
    /// Where it listens for users.
    pub listen: String,
    /// The route in force.
    pub route: Observed,
    /// The last release verified at 100 %, and its slot.
    pub stable: Option<(Slot, ReleaseId)>,
    /// Both slots.
    pub slots: BySlot<SlotView>,
    /// The last 60 s per slot.
    pub recent: BySlot<Recent>,
    /// The lease, where held.
    pub lease: Option<LeaseView>,
    /// The active run.
    pub run: Option<RunView>,
    /// How the last run ended.
    pub last_end: Option<RunEnd>,
    /// The last time the guard acted.
    pub last_guard: Option<GuardNote>,
}

/// Everything an edge of its own knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EdgeStatus {
    /// [`VERSION`].
    pub version: u32,
    /// The binary's version.
    pub build: String,
    /// Since when it runs.
    pub since: Timestamp,
    /// The route in force.
    pub route: Observed,
    /// Both slots.
    pub slots: BySlot<UpstreamView>,
}

/// A slot in front of which an edge of its own stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UpstreamView {
    /// Where its release answers, as it was written.
    pub addresses: Vec<String>,
    /// The last 60 s.
    pub recent: Recent,
}

/// Why the agent said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// What kind, for programs.
    #[serde(flatten)]
    pub kind: ApiErrorKind,
    /// One line for people.
    pub message: String,
    /// The causes under it, outermost first.
    pub causes: Vec<String>,
}

/// What kind of refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ApiErrorKind {
    /// `Change::expected` was stale.
    Conflict {
        /// What the change was planned on.
        expected: Revision,
        /// What is in force.
        found: Revision,
    },
    /// The fence was behind.
    Fenced {
        /// The caller's.
        offered: Fence,
        /// The highest seen.
        seen: Fence,
    },
    /// Somebody else holds the lease, or another run is active.
    Held {
        /// The lease, where one is held.
        lease: Option<LeaseView>,
        /// The run, where one is active.
        run: Option<RunId>,
        /// Since when.
        since: Timestamp,
    },
    /// The request makes no sense, or not now; nothing changed.
    Refused,
    /// No such thing.
    NotFound,
    /// The agent's own trouble, a full disk for one; nothing changed.
    Failed,
}
