//! The route table: everything a request needs to know to be admitted, swapped as a whole.

use std::sync::{Arc, Weak};

use handover_core::{BySlot, ReleaseId, Slot};
use handover_traffic::{Route, Split};

use super::address::Address;
use super::instance::{Instance, Release};
use super::secret::Secret;

/// What answers for a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// The release that runs there.
    pub release: ReleaseId,
    /// Where its ready instances listen; none where none is ready.
    pub instances: Vec<Address>,
    /// A request with the header `handover-pin: <this>` reaches the slot whatever the split. 32 hexadecimal digits;
    /// anything else pins nothing.
    pub pin: String,
}

/// A slot as the table knows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub(super) release: Option<Arc<Release>>,
    pub(super) instances: Box<[Arc<Instance>]>,
    pub(super) pin: Option<Secret>,
    /// Whether it is known that the slot is empty, or that it could answer once: until then requests wait at the
    /// ready gate.
    pub(super) settled: bool,
}

/// What is in force; never changed, only replaced.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) epoch: u64,
    pub(super) route: Route,
    pub(super) slots: BySlotArc,
}

/// Both slots, shared between tables that differ only in their route.
pub(super) type BySlotArc = BySlot<Arc<Place>>;

impl Table {
    pub(super) fn new() -> Self {
        Self {
            epoch: 0,
            route: Route::serve(Split::ALL_BLUE),
            slots: BySlot::from_fn(|_| Arc::new(Place::default())),
        }
    }

    pub(super) fn has_weight(&self, slot: Slot) -> bool {
        self.route.split.bps(slot) > 0
    }

    /// Whether a request could be sent anywhere else than to a given instance.
    pub(super) fn has_choice(&self) -> bool {
        self.slots.iter().map(|(_, place)| place.instances.len()).sum::<usize>() > 1
    }
}

/// Instances that are in the table or still have something in flight, so that both mean the same one.
#[derive(Debug, Default)]
pub(super) struct Registry(Vec<Weak<Instance>>);

impl Registry {
    /// The place that `targets` describe, with the instances already known where they are the same.
    pub(super) fn place(&mut self, slot: Slot, former: &Place, targets: Option<Targets>) -> Place {
        let Some(targets) = targets else {
            return Place { settled: true, ..Place::default() };
        };
        let release = match &former.release {
            Some(same) if same.id == targets.release => same.clone(),
            _ => Arc::new(Release::new(targets.release)),
        };
        let instances: Box<[_]> =
            targets.instances.iter().map(|addr| self.instance(slot, addr, &release)).collect();
        Place {
            settled: former.settled || !instances.is_empty(),
            pin: Secret::parse(targets.pin.as_bytes()),
            release: Some(release),
            instances,
        }
    }

    /// Every instance of this address in this slot, whichever release it belongs to.
    pub(super) fn at(&self, slot: Slot, addr: &Address) -> Vec<Arc<Instance>> {
        let known = self.0.iter().filter_map(Weak::upgrade);
        known.filter(|instance| instance.slot == slot && instance.addr == *addr).collect()
    }

    fn instance(&mut self, slot: Slot, addr: &Address, release: &Arc<Release>) -> Arc<Instance> {
        let same = |known: &Arc<Instance>| Arc::ptr_eq(&known.release, release);
        if let Some(known) = self.at(slot, addr).into_iter().find(same) {
            known.enlist();
            return known;
        }
        let new = Arc::new(Instance::new(slot, addr.clone(), release.clone()));
        self.0.retain(|known| known.strong_count() > 0);
        self.0.push(Arc::downgrade(&new));
        new
    }
}

/// Retires what was in a slot and is not any more.
pub(super) fn retire_missing(former: &Place, now: &Place) {
    let kept = |old: &Arc<Instance>| now.instances.iter().any(|new| Arc::ptr_eq(old, new));
    former.instances.iter().filter(|old| !kept(old)).for_each(|old| old.retire());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(release: &str, ports: &[u16]) -> Targets {
        let instances = ports.iter().map(|port| ([127, 0, 0, 1], *port).into()).collect();
        Targets { release: release.parse().unwrap(), instances, pin: "ab".repeat(16) }
    }

    #[test]
    fn an_instance_that_returns_with_requests_in_flight_is_the_same_one() {
        let mut registry = Registry::default();
        let first = registry.place(Slot::Blue, &Place::default(), Some(targets("v1", &[1, 2])));
        let in_flight = first.instances[0].clone();
        let without = registry.place(Slot::Blue, &first, Some(targets("v1", &[2])));
        retire_missing(&first, &without);
        assert!(in_flight.is_retired() && !without.instances[0].is_retired());
        let again = registry.place(Slot::Blue, &without, Some(targets("v1", &[2, 1])));
        assert!(Arc::ptr_eq(&again.instances[1], &in_flight) && !in_flight.is_retired());
    }

    #[test]
    fn another_release_on_the_same_port_is_another_instance() {
        let mut registry = Registry::default();
        let first = registry.place(Slot::Blue, &Place::default(), Some(targets("v1", &[1])));
        let second = registry.place(Slot::Blue, &first, Some(targets("v2", &[1])));
        assert!(!Arc::ptr_eq(&first.instances[0], &second.instances[0]));
        assert_eq!(registry.at(Slot::Blue, &([127, 0, 0, 1], 1).into()).len(), 2);
    }

    #[test]
    fn a_slot_is_settled_once_it_could_answer_or_is_known_to_be_empty() {
        let mut registry = Registry::default();
        let unknown = Place::default();
        let launched = registry.place(Slot::Blue, &unknown, Some(targets("v1", &[])));
        assert!(!unknown.settled && !launched.settled);
        assert!(registry.place(Slot::Blue, &launched, Some(targets("v1", &[1]))).settled);
        assert!(registry.place(Slot::Blue, &launched, None).settled);
    }
}
