use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use handover_core::Slot;

/// Which cutovers have begun and which are acknowledged, so that an answer can be called late.
///
/// Cutovers are numbered from 1. An upstream stamps each answer with the last cutover that had begun when the
/// request reached it. A request sent when cutover `k` was acknowledged, and stamped `k`, therefore lived wholly
/// under the route of `k`: the other slot must not have answered it. One with a higher stamp arrived during or after
/// a later cutover, and either slot is right.
#[derive(Debug, Default)]
pub(crate) struct Book {
    begun: AtomicU64,
    acknowledged: AtomicU64,
    /// Answers to requests sent since the last acknowledgement.
    fresh: AtomicU64,
    over: AtomicBool,
}

/// What was acknowledged when a request was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent(u64);

/// Where cutover `number` sends everything; before the first one, everything goes to blue.
pub(crate) const fn slot_of(number: u64) -> Slot {
    if number.is_multiple_of(2) { Slot::Blue } else { Slot::Green }
}

impl Book {
    /// Cutover `number` is about to be asked for.
    pub(crate) fn begin(&self, number: u64) {
        self.begun.store(number, Ordering::SeqCst);
    }

    /// Cutover `number` is acknowledged.
    pub(crate) fn acknowledge(&self, number: u64) {
        self.acknowledged.store(number, Ordering::SeqCst);
        self.fresh.store(0, Ordering::SeqCst);
    }

    /// The last cutover that has begun: what an upstream stamps.
    pub(crate) fn stamp(&self) -> u64 {
        self.begun.load(Ordering::SeqCst)
    }

    /// A request is about to be sent.
    pub(crate) fn send(&self) -> Sent {
        Sent(self.acknowledged.load(Ordering::SeqCst))
    }

    /// Its answer came from `slot` with `stamp`; whether that was too late for this slot.
    pub(crate) fn answered(&self, sent: Sent, slot: Slot, stamp: u64) -> bool {
        if sent.0 == self.acknowledged.load(Ordering::SeqCst) {
            self.fresh.fetch_add(1, Ordering::SeqCst);
        }
        stamp == sent.0 && slot != slot_of(sent.0)
    }

    /// How many requests were sent and answered since the last acknowledgement.
    pub(crate) fn fresh(&self) -> u64 {
        self.fresh.load(Ordering::SeqCst)
    }

    /// No further request is to be sent.
    pub(crate) fn close(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    /// Whether the load is to end.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after_one_cutover() -> Book {
        let book = Book::default();
        book.begin(1);
        book.acknowledge(1);
        book
    }

    #[test]
    fn the_old_slot_is_late_for_a_request_sent_after_the_acknowledgement() {
        let book = after_one_cutover();
        assert!(book.answered(book.send(), Slot::Blue, book.stamp()));
        assert!(!book.answered(book.send(), Slot::Green, book.stamp()));
    }

    #[test]
    fn while_a_cutover_is_under_way_either_slot_is_right() {
        let book = after_one_cutover();
        let before = book.send();
        book.begin(2);
        let during = book.send();
        for slot in Slot::BOTH {
            assert!(!book.answered(before, slot, 2));
            assert!(!book.answered(during, slot, 2));
        }
    }

    #[test]
    fn an_answer_overtaken_by_the_next_cutover_is_still_judged_by_when_it_reached_the_old_slot() {
        let book = after_one_cutover();
        let (sent, stamp) = (book.send(), book.stamp());
        book.begin(2);
        book.acknowledge(2);
        assert!(book.answered(sent, Slot::Blue, stamp));
    }

    #[test]
    fn only_requests_sent_since_the_acknowledgement_are_fresh() {
        let book = Book::default();
        let old = book.send();
        book.begin(1);
        book.acknowledge(1);
        book.answered(old, Slot::Blue, 0);
        assert_eq!(book.fresh(), 0);
        book.answered(book.send(), Slot::Green, 1);
        assert_eq!(book.fresh(), 1);
    }
}
