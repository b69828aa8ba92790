//! The ten promises, one check each.

mod boundary;
mod guards;
mod movement;
mod refusals;

use std::fmt;
use std::pin::Pin;

pub use self::boundary::{leaves_alone_what_belongs_to_others, says_clean_only_when_nothing_is_left};
pub use self::guards::{applies_an_operation_once, never_lets_a_lower_fence_win, refuses_a_stale_revision};
pub use self::movement::{keeps_the_way_back_open, leaves_the_old_route_or_the_new_one, reads_its_change};
pub use self::refusals::{refuses_early_what_it_cannot_express, says_what_is_not_known};
use super::{Outcome, Subject};

/// All points, in the order of the contract.
pub const POINTS: [Point; 10] = [
    Point { number: 1, promise: "read your change", run: |s| Box::pin(reads_its_change(s)) },
    Point { number: 2, promise: "all or nothing", run: |s| Box::pin(leaves_the_old_route_or_the_new_one(s)) },
    Point { number: 3, promise: "compare and set", run: |s| Box::pin(refuses_a_stale_revision(s)) },
    Point { number: 4, promise: "refuse early", run: |s| Box::pin(refuses_early_what_it_cannot_express(s)) },
    Point { number: 5, promise: "say what is not known", run: |s| Box::pin(says_what_is_not_known(s)) },
    Point { number: 6, promise: "once", run: |s| Box::pin(applies_an_operation_once(s)) },
    Point { number: 7, promise: "fence", run: |s| Box::pin(never_lets_a_lower_fence_win(s)) },
    Point { number: 8, promise: "the way back is open", run: |s| Box::pin(keeps_the_way_back_open(s)) },
    Point {
        number: 9,
        promise: "clean is clean",
        run: |s| Box::pin(says_clean_only_when_nothing_is_left(s)),
    },
    Point {
        number: 10,
        promise: "others' things stay",
        run: |s| Box::pin(leaves_alone_what_belongs_to_others(s)),
    },
];

type Run = for<'a> fn(&'a dyn Subject) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// One promise of the contract, with its check.
#[derive(Clone, Copy)]
pub struct Point {
    number: u8,
    promise: &'static str,
    run: Run,
}

impl Point {
    /// Its number in the contract of [`TrafficSwitcher`](crate::TrafficSwitcher), from 1.
    pub const fn number(self) -> u8 {
        self.number
    }

    /// The promise in a few words.
    pub const fn promise(self) -> &'static str {
        self.promise
    }

    /// Puts the promise to the test.
    pub async fn check(self, subject: &dyn Subject) -> Outcome {
        (self.run)(subject).await
    }
}

impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Point")
            .field("number", &self.number)
            .field("promise", &self.promise)
            .finish_non_exhaustive()
    }
}
