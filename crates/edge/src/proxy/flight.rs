//! A request's stay at an instance, counted from admission until its last byte.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use handover_core::Timestamp;
use handover_monitor::{Outcome, Started};
use http::StatusCode;
use http::request::Parts;
use tokio::time::Instant;

use super::count::Kind;
use super::edge::Edge;
use super::failure::Failure;
use super::instance::Instance;
use super::log::Entry;
use super::peer::Peer;
use super::stats::{Class, one};

/// Counts a request in at its slot and its instance, and out again when dropped.
#[derive(Debug)]
pub(super) struct Flight {
    edge: Arc<Edge>,
    pub(super) instance: Arc<Instance>,
    kind: Kind,
    /// Only a user's request is measured, and only once.
    measured: Option<Started>,
}

impl Flight {
    /// Takes over the counts that admission made. `users`: neither pinned nor a probe.
    pub(super) fn begin(edge: &Arc<Edge>, instance: Arc<Instance>, users: bool) -> Self {
        let slot = &edge.slots[instance.slot];
        let measured = users.then(|| {
            one(&slot.served);
            slot.meter.start(edge.since(Instant::now()))
        });
        Self { edge: edge.clone(), instance, kind: Kind::Request, measured }
    }

    pub(super) fn turn_into(&mut self, kind: Kind) {
        self.edge.slots[self.instance.slot].load.change(self.kind, kind);
        self.instance.load.change(self.kind, kind);
        self.kind = kind;
    }

    /// Measures how it ended; only the first call does.
    pub(super) fn end(&mut self, class: Class) {
        let Some(started) = self.measured.take() else { return };
        let outcome = match class {
            Class::Status(status) if status.is_server_error() => Outcome::Error,
            Class::Status(_) => Outcome::Ok,
            Class::Error => Outcome::Error,
            Class::Cancelled => Outcome::Cancelled,
        };
        let now = self.edge.since(Instant::now());
        self.edge.slots[self.instance.slot].meter.finish(started, now, outcome);
        self.instance.release.answers.count(class);
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.end(Class::Cancelled);
        self.instance.load.leave(self.kind);
        self.edge.slots[self.instance.slot].load.leave(self.kind);
    }
}

/// What the access log will say of a request; nothing where there is no log.
#[derive(Debug, Default)]
pub(super) struct Note(Option<Box<Open>>);

#[derive(Debug)]
struct Open {
    edge: Arc<Edge>,
    began: Instant,
    entry: Option<Entry>,
}

/// A client that went away before its answer began, as others' logs write it.
const GONE: u16 = 499;

impl Note {
    pub(super) fn new(edge: &Arc<Edge>, head: &Parts, peer: &Peer) -> Self {
        if edge.settings.log.is_none() {
            return Self(None);
        }
        let entry = Entry {
            time: Timestamp::now(),
            method: head.method.clone(),
            uri: head.uri.clone(),
            status: GONE,
            to: None,
            error: None,
            bytes: 0,
            took: Duration::ZERO,
            held: Duration::ZERO,
            retried: false,
            pinned: false,
            client: peer.ip,
        };
        Self(Some(Box::new(Open { edge: edge.clone(), began: Instant::now(), entry: Some(entry) })))
    }

    /// Where it was sent, after waiting this long.
    pub(super) fn sent(&mut self, instance: &Instance, held: Duration, pinned: bool) {
        self.with(|entry| {
            entry.to = Some((instance.slot, instance.release.clone()));
            entry.held += held;
            entry.pinned = pinned;
        });
    }

    pub(super) fn retried(&mut self) {
        self.with(|entry| entry.retried = true);
    }

    pub(super) fn answered(&mut self, status: StatusCode) {
        self.with(|entry| entry.status = status.as_u16());
    }

    pub(super) fn failed(&mut self, failure: Failure) {
        self.with(|entry| {
            entry.status = failure.status().as_u16();
            entry.error = Some(failure.code());
        });
    }

    /// Bytes of the answer's body that went out.
    pub(super) fn bytes(&mut self, count: u64) {
        self.with(|entry| entry.bytes = count);
    }

    fn with(&mut self, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.0.as_mut().and_then(|open| open.entry.as_mut()) {
            change(entry);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let (Some(mut entry), Some(log)) = (self.entry.take(), &self.edge.settings.log) {
            entry.took = self.began.elapsed();
            log.write(entry);
        }
    }
}

/// Takes back what admission counted, where the request was not admitted after all.
pub(super) fn uncount(edge: &Edge, instance: &Instance) {
    instance.load.leave(Kind::Request);
    edge.slots[instance.slot].load.leave(Kind::Request);
}

/// Counts a request in; it must be followed by [`Flight::begin`] or [`uncount`].
pub(super) fn count(edge: &Edge, instance: &Instance) {
    edge.slots[instance.slot].load.enter();
    instance.load.enter();
}

/// Counts a request that is not a user's.
pub(super) fn mark(edge: &Edge, pinned: bool, probe: bool) {
    if pinned {
        edge.stats.pinned.fetch_add(1, Ordering::Relaxed);
    } else if probe {
        edge.stats.probes.fetch_add(1, Ordering::Relaxed);
    }
}
