use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use handover_core::{ReleaseId, Slot};
use handover_monitor::{Histogram, Meter};
use http::HeaderValue;

use super::address::Address;
use super::count::Load;
use super::pool::Pool;
use super::stats::Answers;

/// A release in a slot, and what it answered there.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) id: ReleaseId,
    /// Its name as the value of `handover-release`.
    pub(super) header: HeaderValue,
    pub(super) answers: Answers,
    /// What the slot's meter had counted when the release came, since the meter goes on from one to the next.
    before: OnceLock<Histogram>,
}

impl Release {
    pub(super) fn new(id: ReleaseId) -> Self {
        // A release's name holds only letters, digits and `. _ - +`: always a header value.
        let header = HeaderValue::from_str(id.as_str()).unwrap_or(HeaderValue::from_static("unnamed"));
        Self { id, header, answers: Answers::default(), before: OnceLock::new() }
    }

    /// How long the slot's requests took since the first call, which is made as the release comes.
    pub(super) fn durations(&self, meter: &Meter) -> Histogram {
        let mut durations = meter.totals().completed();
        durations.subtract(self.before.get_or_init(|| durations.clone()));
        durations
    }
}

/// One process of a release, as the proxy sees it.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) slot: Slot,
    pub(super) addr: Address,
    pub(super) release: Arc<Release>,
    pub(super) load: Load,
    pub(super) pool: Pool,
    /// Others are preferred until this many milliseconds after the proxy's start.
    shunned_until: AtomicU64,
    retired: AtomicBool,
}

/// After a failed connection an instance is asked only if all the others failed too: for this long.
const SHUNNED_MS: u64 = 1_000;

impl Instance {
    pub(super) fn new(slot: Slot, addr: Address, release: Arc<Release>) -> Self {
        Self {
            slot,
            addr,
            release,
            load: Load::new(),
            pool: Pool::default(),
            shunned_until: AtomicU64::new(0),
            retired: AtomicBool::new(false),
        }
    }

    /// A connection to it could not be made.
    pub(super) fn shun(&self, now_ms: u64) {
        self.shunned_until.store(now_ms + SHUNNED_MS, Ordering::Relaxed);
    }

    pub(super) fn is_shunned(&self, now_ms: u64) -> bool {
        self.shunned_until.load(Ordering::Relaxed) > now_ms
    }

    /// Out of the targets: its idle connections are closed now, the others after their answer.
    pub(super) fn retire(&self) {
        self.retired.store(true, Ordering::SeqCst);
        self.pool.clear();
    }

    /// In the targets, perhaps again.
    pub(super) fn enlist(&self) {
        self.retired.store(false, Ordering::SeqCst);
    }

    pub(super) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::SeqCst)
    }
}

/// The instance to ask: the one with the least in flight, those without a recent failure first.
///
/// `turn` says where the search begins, so that equals take turns. `not` was tried already.
pub(super) fn choose<'a>(
    instances: &'a [Arc<Instance>],
    turn: usize,
    now_ms: u64,
    not: Option<&Arc<Instance>>,
) -> Option<&'a Arc<Instance>> {
    if let ([only], None) = (instances, not) {
        return Some(only);
    }
    let start = turn.checked_rem(instances.len())?;
    let (before, after) = instances.split_at(start);
    after
        .iter()
        .chain(before)
        .filter(|instance| !not.is_some_and(|tried| Arc::ptr_eq(tried, instance)))
        .min_by_key(|instance| (instance.is_shunned(now_ms), instance.load.total()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(port: u16) -> Address {
        Address::from(([127, 0, 0, 1], port))
    }

    fn instances(count: u16) -> Vec<Arc<Instance>> {
        let release = Arc::new(Release::new("v1".parse().unwrap()));
        (0..count).map(|port| Arc::new(Instance::new(Slot::Blue, at(port), release.clone()))).collect()
    }

    #[test]
    fn the_least_busy_is_asked_and_equals_take_turns() {
        let all = instances(3);
        let asked = |turn| choose(&all, turn, 0, None).unwrap().addr.clone();
        assert_eq!([asked(0), asked(1), asked(2), asked(3)], [at(0), at(1), at(2), at(0)]);
        all[0].load.enter();
        all[1].load.enter();
        assert_eq!([asked(0), asked(1)], [at(2), at(2)]);
    }

    #[test]
    fn a_failed_instance_is_asked_last_and_one_that_was_tried_never() {
        let all = instances(2);
        all[0].shun(0);
        all[1].load.enter();
        assert_eq!(choose(&all, 0, 1, None).unwrap().addr, at(1));
        assert_eq!(choose(&all, 0, 1, Some(&all[1])).unwrap().addr, at(0));
        assert_eq!(choose(&all, 0, SHUNNED_MS, None).unwrap().addr, at(0));
        assert!(choose(&all[..1], 0, 1, Some(&all[0])).is_none());
        assert!(choose(&[], 0, 1, None).is_none());
    }
}
