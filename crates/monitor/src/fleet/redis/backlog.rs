use std::collections::VecDeque;
use std::sync::Arc;

use super::keys::{Head, Stream};

/// A slice on its way.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    /// Counts letters of this publisher.
    number: u64,
    pub(super) stream: Stream,
    pub(super) head: Head,
    pub(super) bytes: Arc<[u8]>,
}

/// Letters in the order they came, the oldest gone where there was no room.
#[derive(Debug)]
pub(super) struct Backlog {
    room: usize,
    letters: VecDeque<Letter>,
    next: u64,
}

impl Backlog {
    pub(super) fn new(room: usize) -> Self {
        Self { room: room.max(1), letters: VecDeque::new(), next: 0 }
    }

    /// Adds a letter; how many had to go for it.
    pub(super) fn push(&mut self, stream: Stream, head: Head, bytes: Vec<u8>) -> u64 {
        let mut gone = 0;
        while self.letters.len() >= self.room {
            self.letters.pop_front();
            gone += 1;
        }
        self.letters.push_back(Letter { number: self.next, stream, head, bytes: bytes.into() });
        self.next += 1;
        gone
    }

    /// The oldest letters; they stay until they have been [sent](Self::sent).
    pub(super) fn oldest(&self, most: usize) -> Vec<Letter> {
        self.letters.iter().take(most).cloned().collect()
    }

    /// These have arrived. Some of them may have had to go meanwhile; how many had.
    pub(super) fn sent(&mut self, letters: &[Letter]) -> u64 {
        let Some(last) = letters.last() else { return 0 };
        let before = self.letters.len();
        while self.letters.front().is_some_and(|letter| letter.number <= last.number) {
            self.letters.pop_front();
        }
        (letters.len() - (before - self.letters.len())) as u64
    }

    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seqs(letters: &[Letter]) -> Vec<u64> {
        letters.iter().map(|letter| letter.head.seq).collect()
    }

    fn push(backlog: &mut Backlog, seq: u64) -> u64 {
        let stream = Stream { instance: "web-1".parse().unwrap(), epoch: 1 };
        backlog.push(stream, Head { seq, ended: handover_core::Timestamp::default() }, vec![])
    }

    #[test]
    fn the_oldest_goes_where_there_is_no_room_even_while_it_is_being_sent() {
        let mut backlog = Backlog::new(3);
        assert_eq!([1, 2, 3].map(|seq| push(&mut backlog, seq)), [0, 0, 0]);
        let sending = backlog.oldest(2);
        assert_eq!(seqs(&sending), [1, 2]);
        assert_eq!(push(&mut backlog, 4), 1);
        assert_eq!(backlog.sent(&sending), 1, "slice 1 was counted as lost, and has arrived after all");
        assert_eq!((seqs(&backlog.oldest(9)), backlog.len()), (vec![3, 4], 2));
        assert_eq!(backlog.sent(&[]), 0);
    }
}
