//! Counters that only grow, and their Prometheus text.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use handover_core::Slot;
use handover_monitor::Histogram;
use handover_traffic::InFlight;
use http::StatusCode;

use super::edge::Edge;
use super::failure::Failure;

/// How requests to one release ended; users' only, neither pinned nor probes.
#[derive(Debug, Default)]
pub(super) struct Answers([AtomicU64; CLASSES.len()]);

const CLASSES: [&str; 7] = ["1xx", "2xx", "3xx", "4xx", "5xx", "error", "cancelled"];

/// How a request ended, as a class of the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// It was answered, to the end.
    Status(StatusCode),
    /// The release gave no answer, or broke it off.
    Error,
    /// The client went away.
    Cancelled,
}

impl Answers {
    pub(super) fn count(&self, class: Class) {
        let index = match class {
            Class::Status(status) => usize::from(status.as_u16() / 100).clamp(1, 5) - 1,
            Class::Error => 5,
            Class::Cancelled => 6,
        };
        self.0[index].fetch_add(1, Ordering::Relaxed);
    }
}

/// What happened at the edge as a whole.
#[derive(Debug, Default)]
pub(super) struct Stats {
    pub(super) retries: AtomicU64,
    pub(super) reconnects: AtomicU64,
    pub(super) held: AtomicU64,
    pub(super) waiting: AtomicUsize,
    pub(super) pinned: AtomicU64,
    pub(super) probes: AtomicU64,
    pub(super) upgrades_closed: AtomicU64,
    pub(super) connections: AtomicUsize,
    errors: [AtomicU64; Failure::ALL.len()],
}

/// Counts one.
pub(super) fn one(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Stats {
    pub(super) fn failed(&self, failure: Failure) {
        one(&self.errors[failure as usize]);
    }
}

/// Everything, in the text form that Prometheus reads.
pub(super) fn text(edge: &Edge) -> String {
    let mut out = String::with_capacity(4096);
    requests(edge, &mut out);
    durations(edge, &mut out);
    in_flight(edge, &mut out);
    whole(edge, &mut out);
    errors(edge, &mut out);
    out
}

/// What stands before the lines of one metric.
pub(crate) fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    // Writing into a String cannot fail.
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn requests(edge: &Edge, out: &mut String) {
    let name = "handover_edge_requests_total";
    head(out, name, "counter", "Requests by how they ended; neither pinned ones nor probes.");
    let table = edge.table.load();
    for (slot, place) in table.slots.iter() {
        let Some(release) = &place.release else { continue };
        for (class, count) in CLASSES.iter().zip(&release.answers.0) {
            let count = count.load(Ordering::Relaxed);
            let id = &release.id;
            let _ = writeln!(out, "{name}{{slot=\"{slot}\",release=\"{id}\",class=\"{class}\"}} {count}");
        }
    }
    let name = "handover_edge_served_total";
    head(out, name, "counter", "Requests ever sent to the slot; neither pinned ones nor probes.");
    for slot in Slot::BOTH {
        let count = edge.slots[slot].served.load(Ordering::Relaxed);
        let _ = writeln!(out, "{name}{{slot=\"{slot}\"}} {count}");
    }
}

/// Upper ends of the buckets in milliseconds, close together where latency limits usually lie: a quantile read from
/// buckets is only as good as the one it falls into.
const BUCKETS_MS: [u64; 19] =
    [5, 10, 25, 50, 75, 100, 150, 200, 250, 300, 400, 500, 750, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000];

fn durations(edge: &Edge, out: &mut String) {
    let name = "handover_edge_request_duration_seconds";
    let help =
        "Time to the end of the answer, given-up requests left out; each bucket's end is up to 1/64 late.";
    head(out, name, "histogram", help);
    for (slot, place) in edge.table.load().slots.iter() {
        let Some(release) = &place.release else { continue };
        let labels = format!("slot=\"{slot}\",release=\"{}\"", release.id);
        buckets(&release.durations(&edge.slots[slot].meter), name, &labels, out);
    }
}

/// A histogram with these labels, in seconds.
pub(crate) fn buckets(durations: &Histogram, name: &str, labels: &str, out: &mut String) {
    let count = durations.count();
    for end in BUCKETS_MS.map(Duration::from_millis) {
        let (le, within) = (end.as_secs_f64(), count - durations.count_over(end));
        let _ = writeln!(out, "{name}_bucket{{{labels},le=\"{le}\"}} {within}");
    }
    let _ = writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {count}");
    let sum =
        durations.iter().fold(0.0, |sum, (code, count)| sum + code.value().as_secs_f64() * float(count));
    let _ = writeln!(out, "{name}_sum{{{labels}}} {sum}\n{name}_count{{{labels}}} {count}");
}

#[expect(clippy::cast_precision_loss, reason = "a sum of seconds is no exact number anyway")]
fn float(count: u64) -> f64 {
    count as f64
}

fn in_flight(edge: &Edge, out: &mut String) {
    let name = "handover_edge_in_flight";
    head(out, name, "gauge", "What is being answered right now.");
    for slot in Slot::BOTH {
        let InFlight { requests, streams, upgrades } = edge.slots[slot].load.read();
        for (kind, count) in [("request", requests), ("stream", streams), ("upgrade", upgrades)] {
            let _ = writeln!(out, "{name}{{slot=\"{slot}\",kind=\"{kind}\"}} {count}");
        }
    }
    let name = "handover_edge_weight_bps";
    head(out, name, "gauge", "The slot's share of the split in force, in basis points.");
    let split = edge.table.load().route.split;
    for slot in Slot::BOTH {
        let _ = writeln!(out, "{name}{{slot=\"{slot}\"}} {}", split.bps(slot));
    }
}

fn whole(edge: &Edge, out: &mut String) {
    let stats = &edge.stats;
    let dropped = edge.settings.log.as_ref().map_or(0, super::log::AccessLog::dropped);
    let counters = [
        ("retries", stats.retries.load(Ordering::Relaxed), "Requests tried again elsewhere."),
        (
            "reconnects",
            stats.reconnects.load(Ordering::Relaxed),
            "Kept connections found closed and replaced.",
        ),
        ("held", stats.held.load(Ordering::Relaxed), "Requests that waited in a hold or at the ready gate."),
        ("pinned", stats.pinned.load(Ordering::Relaxed), "Requests that named their slot."),
        ("probes", stats.probes.load(Ordering::Relaxed), "Probes through the public address."),
        ("upgrades_closed", stats.upgrades_closed.load(Ordering::Relaxed), "Upgraded connections closed."),
        ("log_dropped", dropped, "Lines that the access log had no room for."),
    ];
    for (name, count, help) in counters {
        let name = format!("handover_edge_{name}_total");
        head(out, &name, "counter", help);
        let _ = writeln!(out, "{name} {count}");
    }
    let gauges = [
        ("waiting", stats.waiting.load(Ordering::Relaxed), "Requests waiting right now."),
        ("connections", stats.connections.load(Ordering::Relaxed), "Client connections open right now."),
    ];
    for (name, count, help) in gauges {
        let name = format!("handover_edge_{name}");
        head(out, &name, "gauge", help);
        let _ = writeln!(out, "{name} {count}");
    }
}

fn errors(edge: &Edge, out: &mut String) {
    let name = "handover_edge_errors_total";
    head(out, name, "counter", "Answers that the edge gave in its own name.");
    for (failure, count) in Failure::ALL.into_iter().zip(&edge.stats.errors) {
        let (code, count) = (failure.code(), count.load(Ordering::Relaxed));
        let _ = writeln!(out, "{name}{{code=\"{code}\"}} {count}");
    }
}
