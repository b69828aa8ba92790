//! What a run needs beside traffic and releases: windows over the requests, and a tap on them for people.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use handover_core::{BySlot, RunId, Slot};
use handover_edge::AgentClient;
use handover_edge::api::Recent;
use handover_monitor::source::{
    Answer, HaproxyOptions, HaproxySource, PrometheusOptions, PrometheusSource, Resolution, SlotQueries,
    SourceError, WindowSource,
};
use handover_monitor::{ArmWindow, Histogram, Pairs, WindowPair};
use handover_rollout::Plan;
use handover_rollout::hosted::SilentSource;

use super::token::Secret;
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings;

/// How far back the figures for people reach.
const MINUTE: Duration = Duration::from_mins(1);

/// Where windows will come from, once a run needs them.
#[derive(Debug)]
pub(super) struct WindowSetup {
    kind: WindowKind,
    minute: Arc<Mutex<Minute>>,
}

/// Whose counts are judged.
#[derive(Debug)]
pub(super) enum WindowKind {
    /// HAProxy's log.
    HaproxyLog(Box<HaproxyOptions>),
    /// An edge of one's own counts, and goes on counting whoever drives.
    RemoteEdge(AgentClient),
    /// A Prometheus, asked by the releases' names.
    Prometheus {
        /// Where it is, and what to ask.
        section: Box<settings::Prometheus>,
        /// Opens it, where it asks for one.
        token: Option<Secret>,
    },
    /// Nobody counts: the plan's `on_no_data` says what that means.
    Nobody,
}

impl WindowSetup {
    pub(super) fn new(kind: WindowKind) -> Self {
        Self { kind, minute: Arc::default() }
    }

    /// Begins to listen.
    pub(super) async fn open(&self, backend: &str, plan: &Plan) -> Result<Arc<dyn WindowSource>, Failure> {
        let source: Arc<dyn WindowSource> = match &self.kind {
            WindowKind::Nobody => Arc::new(SilentSource::new()),
            WindowKind::Prometheus { section, token } => {
                let source = PrometheusSource::new(queries(section, token.as_ref(), plan));
                Arc::new(source.map_err(|e| Failure::of("could not use the Prometheus", Exit::Usage, &e))?)
            }
            WindowKind::RemoteEdge(client) => Arc::new(client.clone()),
            WindowKind::HaproxyLog(options) => {
                let bound = HaproxySource::bind((**options).clone()).await;
                let attempted = || format!("could not count what passes {backend}");
                Arc::new(bound.map_err(|e| Failure::of(attempted(), Exit::Refused, &e))?)
            }
        };
        Ok(Arc::new(Tapped { source, minute: Arc::clone(&self.minute) }))
    }

    /// The last minute: an edge of one's own knows it at any time, else of a run that is driven from here.
    pub(super) async fn recent(&self) -> BySlot<Recent> {
        if let WindowKind::RemoteEdge(client) = &self.kind {
            let told = client.edge_status().await.map(|status| status.slots.map(|_, slot| slot.recent));
            return told.unwrap_or_default();
        }
        let minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        BySlot::from_fn(|slot| minute.recent(slot))
    }
}

/// What is asked for the two releases of a plan.
fn queries(section: &settings::Prometheus, token: Option<&Secret>, plan: &Plan) -> PrometheusOptions {
    let of = |slot: Slot| {
        let stable = plan.stable.as_ref().filter(|_| slot != plan.slot);
        let (release, slot) = (stable.unwrap_or(&plan.candidate).as_str(), slot.as_str());
        SlotQueries {
            requests: section.requests.of(release, slot),
            errors: section.errors.of(release, slot),
            buckets: section.buckets.of(release, slot),
        }
    };
    let options = PrometheusOptions::new(section.url.to_string(), BySlot::from_fn(of));
    let options = options.with_step(section.step.get());
    match token {
        Some(token) => options.with_token(token.reveal()),
        None => options,
    }
}

/// Passes windows on, and keeps the last minute of them.
#[derive(Debug)]
struct Tapped {
    source: Arc<dyn WindowSource>,
    minute: Arc<Mutex<Minute>>,
}

#[derive(Debug, Default)]
struct Minute {
    candidate: Option<Slot>,
    pairs: VecDeque<WindowPair>,
}

impl WindowSource for Tapped {
    fn begin<'a>(&'a self, run: &'a RunId, candidate: Slot, limit: Duration) -> Answer<'a, u64> {
        self.minute.lock().unwrap_or_else(PoisonError::into_inner).candidate = Some(candidate);
        self.source.begin(run, candidate, limit)
    }

    fn after(&self, seq: Option<u64>, wait: Duration) -> Answer<'_, Pairs> {
        Box::pin(async move {
            let pairs: Result<Pairs, SourceError> = self.source.after(seq, wait).await;
            if let Ok(pairs) = &pairs {
                self.minute.lock().unwrap_or_else(PoisonError::into_inner).keep(&pairs.pairs);
            }
            pairs
        })
    }

    fn moved(&self, candidate_bps: u16) {
        self.source.moved(candidate_bps);
    }

    fn resolution(&self) -> Resolution {
        self.source.resolution()
    }
}

impl Minute {
    fn keep(&mut self, new: &[WindowPair]) {
        let known = self.pairs.back().map(|pair| (pair.epoch, pair.seq));
        self.pairs.extend(
            new.iter().filter(|pair| known.is_none_or(|known| (pair.epoch, pair.seq) > known)).cloned(),
        );
        while self.lasted() > MINUTE && self.pairs.len() > 1 {
            self.pairs.pop_front();
        }
    }

    fn lasted(&self) -> Duration {
        self.pairs.iter().map(|pair| Duration::from_millis(pair.lasted_ms)).sum()
    }

    fn recent(&self, slot: Slot) -> Recent {
        let arm = |pair: &WindowPair| -> ArmWindow {
            if self.candidate == Some(slot) { pair.candidate.clone() } else { pair.stable.clone() }
        };
        let arms: Vec<_> = self.pairs.iter().map(arm).collect();
        let hist = Histogram::sum(arms.iter().map(|arm| &arm.hist));
        let quantile = |q: f64| hist.value(q).map(|value| value.as_secs_f64());
        let n = arms.iter().map(|arm| arm.n).sum::<u64>();
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52 requests a minute")]
        let rate = n as f64 / self.lasted().as_secs_f64().max(1.0);
        Recent {
            n,
            errors: arms.iter().map(|arm| arm.errors).sum(),
            p50: quantile(0.5),
            p95: quantile(0.95),
            p99: quantile(0.99),
            rate,
            seconds: Vec::new(),
        }
    }
}
