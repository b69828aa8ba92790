//! The log compared with HAProxy's own counter.
//!
//! The counter is read twice, and the lines are added up in between. A request that had ended at the first reading has
//! its line by then, and a line that is there by then is of a request that had begun at the second. So the lines lie
//! between two numbers, or some were lost, or made up. Requests that end between the readings can hide as many lost
//! lines, but not for long: what is lost adds up, and never comes back. All in all no more can stay unnoticed than
//! ended within one comparison.

use std::collections::{BTreeMap, BTreeSet};

use super::stat::Stat;

/// More processes than any reload leaves behind; beyond it somebody makes them up.
const PROCESSES: usize = 64;

/// What was counted on one side and reported on the other.
#[derive(Debug, Default)]
pub(super) struct Books {
    /// Lines by the process that wrote them.
    reported: BTreeMap<u32, u64>,
    /// The processes that HAProxy itself has named: after a reload the former one still finishes its requests.
    named: BTreeSet<u32>,
    last: Option<Compared>,
}

#[derive(Debug, Clone, Copy)]
struct Compared {
    stat: Stat,
    ended: u64,
    /// How many more lines than ended requests there are, where nothing is missing: some ended before we listened.
    ahead: i128,
}

/// What a comparison found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing is missing of what ended before the counter was read.
    Even,
    /// Lines are missing.
    Lost {
        /// Requests that ended since the comparison before.
        counted: u64,
        /// Lines that are there for them.
        reported: u64,
    },
    /// Another process counts, or there are more lines than requests: nothing can be said of what was before.
    Anew,
}

impl Books {
    /// Writes a line down.
    pub(super) fn report(&mut self, pid: u32) -> Writer {
        if self.reported.len() >= PROCESSES && !self.reported.contains_key(&pid) {
            return Writer::OneTooMany;
        }
        *self.reported.entry(pid).or_default() += 1;
        if self.named.contains(&pid) { Writer::Known } else { Writer::Stranger }
    }

    fn name(&mut self, pid: u32) {
        self.named.insert(pid);
        while self.named.len() > PROCESSES {
            self.named.pop_first();
        }
    }

    /// The lines of this process.
    pub(super) fn reported(&self, pid: u32) -> u64 {
        self.reported.get(&pid).copied().unwrap_or(0)
    }

    /// Compares so many lines with the counter as it was read before and after they were added up.
    pub(super) fn compare(&mut self, before: Stat, reported: u64, after: Stat) -> Found {
        let (found, ahead) = match &self.last {
            _ if before.pid != after.pid => (Found::Anew, 0),
            // It began to count while we listened, so all of its lines are here.
            Some(last) if last.stat.pid != after.pid => (Found::Anew, 0),
            Some(last) if last.stat.total <= before.total && before.total <= after.total => {
                last.judge(before, reported, after)
            }
            Some(_) | None => (Found::Anew, ahead(reported, before)),
        };
        if found == Found::Anew {
            self.reported.retain(|pid, _| *pid == after.pid);
            self.name(after.pid);
        }
        self.last = Some(Compared { stat: after, ended: before.ended(), ahead });
        found
    }
}

/// How many more lines than ended requests there are.
fn ahead(reported: u64, stat: Stat) -> i128 {
    i128::from(reported) - i128::from(stat.ended())
}

/// Whose line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    /// A process that HAProxy has named.
    Known,
    /// One that it has not.
    Stranger,
    /// One of more than there can be; the line was not written down.
    OneTooMany,
}

impl Compared {
    fn judge(&self, before: Stat, reported: u64, after: Stat) -> (Found, i128) {
        if ahead(reported, before) - i128::from(after.total - before.ended()) > self.ahead {
            return (Found::Anew, ahead(reported, before));
        }
        let missing = u64::try_from(self.ahead - ahead(reported, before)).unwrap_or(0);
        if missing == 0 {
            return (Found::Even, self.ahead);
        }
        let counted = before.ended().saturating_sub(self.ended).max(missing);
        (Found::Lost { counted, reported: counted - missing }, self.ahead - i128::from(missing))
    }
}

#[cfg(test)]
mod tests {
    use handover_core::BySlot;
    use proptest::prelude::*;

    use super::*;

    fn stat(pid: u32, total: u64, open: u64) -> Stat {
        Stat { pid, total, open, weights: BySlot::default() }
    }

    fn report(books: &mut Books, pid: u32, lines: u64) {
        (0..lines).for_each(|_| assert_ne!(books.report(pid), Writer::OneTooMany));
    }

    /// A comparison during which nothing happens.
    fn compare(books: &mut Books, stat: Stat) -> Found {
        books.compare(stat, books.reported(stat.pid), stat)
    }

    #[test]
    fn as_many_lines_as_ended_requests_are_even_and_fewer_are_lost() {
        let mut books = Books::default();
        assert_eq!(compare(&mut books, stat(1, 1_000, 10)), Found::Anew, "what was before we listened");
        report(&mut books, 1, 50);
        assert_eq!(compare(&mut books, stat(1, 1_050, 10)), Found::Even);
        report(&mut books, 1, 57);
        assert_eq!(compare(&mut books, stat(1, 1_110, 10)), Found::Lost { counted: 60, reported: 57 });
        assert_eq!(compare(&mut books, stat(1, 1_110, 10)), Found::Even, "said once");
        report(&mut books, 1, 10);
        assert_eq!(compare(&mut books, stat(1, 1_110, 0)), Found::Even);
    }

    #[test]
    fn a_loss_that_later_lines_hide_is_found_when_it_is_quiet() {
        let mut books = Books::default();
        compare(&mut books, stat(1, 0, 0));
        report(&mut books, 1, 100 - 3 + 5);
        let lines = books.reported(1);
        assert_eq!(
            books.compare(stat(1, 100, 0), lines, stat(1, 105, 0)),
            Found::Even,
            "five came meanwhile"
        );
        report(&mut books, 1, 95);
        assert_eq!(compare(&mut books, stat(1, 200, 0)), Found::Lost { counted: 100, reported: 97 });
    }

    #[test]
    fn a_reload_is_another_process_whose_lines_are_all_here() {
        let mut books = Books::default();
        compare(&mut books, stat(1, 500, 0));
        report(&mut books, 2, 7);
        assert_eq!(books.report(2), Writer::Stranger);
        assert_eq!(compare(&mut books, stat(2, 8, 0)), Found::Anew);
        assert_eq!(books.report(1), Writer::Known, "it ends what it began");
        report(&mut books, 2, 2);
        assert_eq!(compare(&mut books, stat(2, 11, 1)), Found::Even);
        assert_eq!(compare(&mut books, stat(2, 11, 0)), Found::Lost { counted: 1, reported: 0 });
    }

    #[test]
    fn lines_of_requests_that_never_were_are_noticed_at_once() {
        let mut books = Books::default();
        compare(&mut books, stat(1, 0, 0));
        report(&mut books, 1, 40);
        assert_eq!(compare(&mut books, stat(1, 39, 0)), Found::Anew, "forty of thirty-nine");
        report(&mut books, 1, 1);
        assert_eq!(compare(&mut books, stat(1, 40, 0)), Found::Even);
        report(&mut books, 1, 2);
        let lines = books.reported(1);
        assert_eq!(books.compare(stat(1, 40, 0), lines, stat(1, 42, 1)), Found::Even, "two began meanwhile");
    }

    #[test]
    fn counters_that_were_cleared_begin_anew() {
        let mut books = Books::default();
        compare(&mut books, stat(1, 100, 0));
        report(&mut books, 1, 5);
        assert_eq!(compare(&mut books, stat(1, 5, 0)), Found::Anew);
        report(&mut books, 1, 5);
        assert_eq!(compare(&mut books, stat(1, 10, 0)), Found::Even);
    }

    #[test]
    fn processes_that_are_made_up_are_no_room_for_more() {
        let mut books = Books::default();
        compare(&mut books, stat(1, 0, 0));
        let made_up: Vec<_> = (1..1_000).map(|pid| books.report(pid)).collect();
        let count = |wanted| made_up.iter().filter(|writer| **writer == wanted).count();
        assert_eq!((count(Writer::Known), count(Writer::Stranger)), (1, PROCESSES - 1));
    }

    proptest! {
        /// However lines and comparisons lie, all that is lost is found once it is quiet.
        #[test]
        fn everything_lost_is_found_in_the_end(steps in prop::collection::vec((0u64..50, 0u64..5, 0u64..20), 1..40)) {
            let mut books = Books::default();
            compare(&mut books, stat(1, 0, 0));
            let (mut ended, mut lost, mut found) = (0, 0, 0);
            let hear = |found: &mut u64, heard| if let Found::Lost { counted, reported } = heard { *found += counted - reported };
            for (requests, missing, late) in steps {
                let missing = missing.min(requests);
                let late = late.min(requests);
                (ended, lost) = (ended + requests, lost + missing);
                report(&mut books, 1, requests - missing);
                // The first reading was before the last of them ended.
                let lines = books.reported(1);
                hear(&mut found, books.compare(stat(1, ended, late), lines, stat(1, ended, 0)));
            }
            hear(&mut found, compare(&mut books, stat(1, ended, 0)));
            prop_assert_eq!(found, lost);
        }
    }
}
