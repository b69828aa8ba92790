//! Which thread writes to which shard.
//!
//! A slot is a number that one living thread holds, the same in every series, so that a thread's counters have one
//! writer and need no read-modify-write. A thread takes a slot with its first sample and gives it back when it ends.
//! Both go through one mutex, and that is what makes a slot's next holder see the counts of the last.

use std::cell::Cell;

use crate::sync::{AtomicBool, Mutex, Ordering, lock};

/// How many threads can hold a slot at a time: one bit each.
pub(crate) const SLOTS: u8 = if cfg!(loom) { 1 } else { 64 };
/// How many a slot's type can name: a table of so many needs no check of its bounds.
pub(crate) const NAMED: usize = if cfg!(loom) { SLOTS as usize } else { 1 << u8::BITS };

/// No slot yet, or none was free.
const NONE: u8 = u8::MAX;
/// The thread is ending and has given its slot back.
const GONE: u8 = u8::MAX - 1;

#[cfg(not(loom))]
thread_local! {
    /// Apart from the lease, so that reading it is one load without asking whether it still exists.
    static SLOT: Cell<u8> = const { Cell::new(NONE) };
    static LEASE: Lease = const { Lease(Cell::new(NONE)) };
}

#[cfg(all(loom, test))]
loom::thread_local! {
    static SLOT: Cell<u8> = Cell::new(NONE);
    static LEASE: Lease = Lease(Cell::new(NONE));
}

#[cfg(not(loom))]
static TAKEN: Mutex<u64> = Mutex::new(0);
/// Whether it is worth asking: a thread without a slot asks again with each sample.
#[cfg(not(loom))]
static SOME_FREE: AtomicBool = AtomicBool::new(true);

#[cfg(all(loom, test))]
loom::lazy_static! {
    static ref TAKEN: Mutex<u64> = Mutex::new(0);
    static ref SOME_FREE: AtomicBool = AtomicBool::new(true);
}

/// Gives a slot back when its thread ends.
struct Lease(Cell<u8>);

impl Drop for Lease {
    fn drop(&mut self) {
        // What a later destructor of this thread counts goes to the overflow: the slot may be somebody else's.
        let _ = SLOT.try_with(|slot| slot.set(GONE));
        let slot = self.0.get();
        if slot < SLOTS {
            let mut taken = lock(&TAKEN);
            *taken &= !(1 << slot);
            SOME_FREE.store(true, Ordering::Relaxed);
        }
    }
}

/// This thread's slot; a number that is no slot where it has none.
#[inline]
pub(super) fn current() -> u8 {
    SLOT.try_with(Cell::get).unwrap_or(GONE)
}

/// This thread's slot, taken now if it has none and one is free.
pub(super) fn claim() -> Option<u8> {
    match current() {
        GONE => None,
        NONE => take(),
        slot => Some(slot),
    }
}

fn take() -> Option<u8> {
    if !SOME_FREE.load(Ordering::Relaxed) {
        return None;
    }
    // The lease first: where it cannot be had, nobody would give the slot back.
    LEASE
        .try_with(|lease| {
            let slot = lowest_free()?;
            lease.0.set(slot);
            let _ = SLOT.try_with(|own| own.set(slot));
            Some(slot)
        })
        .ok()
        .flatten()
}

fn lowest_free() -> Option<u8> {
    let mut taken = lock(&TAKEN);
    let slot = u8::try_from(taken.trailing_ones()).unwrap_or(NONE);
    if slot >= SLOTS {
        SOME_FREE.store(false, Ordering::Relaxed);
        return None;
    }
    *taken |= 1 << slot;
    Some(slot)
}

/// Joining a modelled thread does not wait for its thread-locals.
#[cfg(all(loom, test))]
pub(crate) fn wait_until_all_are_back() {
    while *lock(&TAKEN) != 0 {
        loom::thread::yield_now();
    }
}
