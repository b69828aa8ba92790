//! Admission: load the table, count the request in, and look again whether the table is still the one in force.
//!
//! Without the second look a request could enter a release after its drain was declared finished.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use handover_core::{Slot, Timestamp};
use handover_traffic::{Mode, Split};
use http::header::HeaderMap;
use tokio::time::Instant;

use super::edge::Edge;
use super::failure::Failure;
use super::flight::{Flight, count, mark, uncount};
use super::instance::{Instance, choose};
use super::secret::Claims;
use super::stats::one;
use super::sticky::{Seat, slot_at};
use super::table::{Place, Table};

/// What a request asks for, read from its headers before they go on.
#[derive(Debug)]
pub(super) struct Wish {
    claims: Claims,
    probe: bool,
    pub(super) seat: Seat,
}

impl Wish {
    /// Takes the proxy's own headers away.
    pub(super) fn take(headers: &mut HeaderMap, edge: &Edge) -> Self {
        let claims = Claims::take(headers);
        let probe = claims.probes(edge.settings.probe);
        Self { claims, probe, seat: edge.settings.key.find(headers) }
    }
}

/// A request that was let in.
#[derive(Debug)]
pub(super) struct Admitted {
    pub(super) flight: Flight,
    pub(super) pinned: bool,
    /// Whether the answer names its release.
    pub(super) named: bool,
    /// How long it waited.
    pub(super) held: Duration,
}

/// Lets a request in, after waiting where requests are held or a slot is not ready yet.
pub(super) async fn admit(edge: &Arc<Edge>, wish: &Wish) -> Result<Admitted, Failure> {
    enter(edge, wish, None).await
}

/// Lets a request in again that `tried` could not answer: at another instance of its slot, else at the other slot.
///
/// Either must have weight now. `None` where neither can take it.
pub(super) async fn admit_elsewhere(
    edge: &Arc<Edge>,
    wish: &Wish,
    tried: &Arc<Instance>,
) -> Option<Admitted> {
    enter(edge, wish, Some(tried)).await.ok()
}

async fn enter(edge: &Arc<Edge>, wish: &Wish, tried: Option<&Arc<Instance>>) -> Result<Admitted, Failure> {
    match step(edge, wish, tried) {
        Step::In(instance, pinned) => Ok(admitted(edge, wish, instance, pinned, Duration::ZERO)),
        Step::Out(failure) => Err(failure),
        Step::Wait(_) => wait(edge, wish, tried).await,
    }
}

#[cold]
async fn wait(edge: &Arc<Edge>, wish: &Wish, tried: Option<&Arc<Instance>>) -> Result<Admitted, Failure> {
    let _room = Room::take(edge).ok_or(Failure::TooManyWaiting)?;
    let began = Instant::now();
    loop {
        let mut changed = pin!(edge.changed.notified());
        changed.as_mut().enable();
        match step(edge, wish, tried) {
            Step::In(instance, pinned) => return Ok(admitted(edge, wish, instance, pinned, began.elapsed())),
            Step::Out(failure) => return Err(failure),
            // Passed or changed: either way the table is read anew.
            Step::Wait(most) => _ = tokio::time::timeout(most, changed).await,
        }
    }
}

fn admitted(
    edge: &Arc<Edge>,
    wish: &Wish,
    instance: Arc<Instance>,
    pinned: bool,
    held: Duration,
) -> Admitted {
    mark(edge, pinned, wish.probe);
    let flight = Flight::begin(edge, instance, !pinned && !wish.probe);
    let named = pinned || wish.probe || edge.settings.release_header;
    Admitted { flight, pinned, named, held }
}

/// What one look at the table says.
enum Step {
    /// Counted in at this instance; `true` for a pinned request.
    In(Arc<Instance>, bool),
    /// Not now; look again when the table changes, or after this long.
    Wait(Duration),
    Out(Failure),
}

fn step(edge: &Edge, wish: &Wish, tried: Option<&Arc<Instance>>) -> Step {
    loop {
        let table = edge.table.load();
        let pinned = wish.claims.pinned(&table);
        if let (None, Some(left)) = (pinned, held_for(&table)) {
            return Step::Wait(left);
        }
        let slot = pinned.unwrap_or_else(|| draw(table.route.split, &wish.seat));
        let chosen = match tried {
            None => first_choice(edge, &table, slot, wish, pinned.is_some()),
            Some(tried) => second_choice(edge, &table, tried),
        };
        let instance = match chosen {
            Choice::Instance(instance) => instance,
            Choice::Wait(left) => return Step::Wait(left),
            Choice::None(failure) => return Step::Out(failure),
        };
        count(edge, instance);
        if edge.epoch.load(Ordering::SeqCst) == table.epoch {
            return Step::In(instance.clone(), pinned.is_some());
        }
        uncount(edge, instance);
    }
}

/// How much is left of a hold.
fn held_for(table: &Table) -> Option<Duration> {
    let Mode::Hold { until } = table.route.mode else { return None };
    let left = until.since(Timestamp::now());
    (!left.is_zero()).then_some(left)
}

fn draw(split: Split, seat: &Seat) -> Slot {
    split.sole().unwrap_or_else(|| slot_at(seat.at.unwrap_or_else(|| fastrand::u16(..Split::WHOLE)), split))
}

enum Choice<'a> {
    Instance(&'a Arc<Instance>),
    Wait(Duration),
    None(Failure),
}

/// The drawn slot; where nothing is ready there the other one stands in, except for a pinned request.
fn first_choice<'a>(edge: &Edge, table: &'a Table, slot: Slot, wish: &Wish, pinned: bool) -> Choice<'a> {
    let place = &table.slots[slot];
    if let Some(left) = gated(edge, place) {
        return Choice::Wait(left);
    }
    if let Some(instance) = pick(edge, place, None) {
        return Choice::Instance(instance);
    }
    if !pinned && !wish.probe && place.release.is_some() {
        edge.nobody_there(slot);
    }
    match other(edge, table, slot) {
        Some(instance) if !pinned => Choice::Instance(instance),
        _ if place.release.is_none() => Choice::None(Failure::NoTarget),
        _ => Choice::None(Failure::NoInstance),
    }
}

fn second_choice<'a>(edge: &Edge, table: &'a Table, tried: &Arc<Instance>) -> Choice<'a> {
    let same = table.has_weight(tried.slot).then_some(&table.slots[tried.slot]);
    let found =
        same.and_then(|place| pick(edge, place, Some(tried))).or_else(|| other(edge, table, tried.slot));
    found.map_or(Choice::None(Failure::NoInstance), Choice::Instance)
}

fn other<'a>(edge: &Edge, table: &'a Table, slot: Slot) -> Option<&'a Arc<Instance>> {
    let other = slot.other();
    table.has_weight(other).then(|| pick(edge, &table.slots[other], None)).flatten()
}

fn pick<'a>(edge: &Edge, place: &'a Place, not: Option<&Arc<Instance>>) -> Option<&'a Arc<Instance>> {
    match &*place.instances {
        [only] if not.is_none() => Some(only),
        several => choose(several, edge.next_turn(), edge.now_ms(), not),
    }
}

/// How long a request still waits for a slot of which nothing is known yet.
fn gated(edge: &Edge, place: &Place) -> Option<Duration> {
    if place.settled {
        return None;
    }
    let left = edge.settings.ready_gate.saturating_sub(edge.origin.elapsed());
    (!left.is_zero()).then_some(left)
}

/// Room for one request that waits.
struct Room<'a>(&'a AtomicUsize);

impl<'a> Room<'a> {
    fn take(edge: &'a Edge) -> Option<Self> {
        let waiting = &edge.stats.waiting;
        let room = Self(waiting);
        if waiting.fetch_add(1, Ordering::Relaxed) >= edge.settings.max_waiting {
            return None;
        }
        one(&edge.stats.held);
        Some(room)
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use handover_core::BySlot;
    use handover_traffic::Route;

    use super::*;
    use crate::proxy::{Proxy, ProxyOptions, Targets};

    fn proxy() -> Proxy {
        let proxy = Proxy::new(ProxyOptions::default()).unwrap();
        for (slot, release) in [(Slot::Blue, "v1"), (Slot::Green, "v2")] {
            let instances = vec!["127.0.0.1:1".parse().unwrap()];
            let targets = Targets { release: release.parse().unwrap(), instances, pin: String::new() };
            proxy.set_targets(slot, Some(targets));
        }
        proxy
    }

    /// A request that looked at the table just before it changed must not get in just after: the drain that
    /// follows would be declared finished without it. Dropping the second look fails this within milliseconds.
    #[tokio::test]
    async fn a_slot_found_idle_after_a_change_of_route_is_never_entered_again() {
        let proxy = proxy();
        let edge = &proxy.0;
        let (entered, over) = (BySlot::from_fn(|_| AtomicUsize::new(0)), AtomicBool::new(false));
        let wish = Wish::take(&mut HeaderMap::new(), edge);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    if let Step::In(instance, _) = step(edge, &wish, None) {
                        entered[instance.slot].fetch_add(1, Ordering::SeqCst);
                        uncount(edge, &instance);
                    }
                }
            });
            let mut late = 0;
            for turn in 0..20_000 {
                let slot = if turn % 2 == 0 { Slot::Green } else { Slot::Blue };
                proxy.set_route(Route::serve(Split::all(slot)));
                let former = slot.other();
                while edge.slots[former].load.total() > 0 {
                    std::hint::spin_loop();
                }
                let then = entered[former].load(Ordering::SeqCst);
                (0..50).for_each(|_| std::hint::spin_loop());
                late += entered[former].load(Ordering::SeqCst) - then;
            }
            over.store(true, Ordering::Relaxed);
            assert_eq!(late, 0, "requests entered a slot after it was drained");
        });
    }
}
