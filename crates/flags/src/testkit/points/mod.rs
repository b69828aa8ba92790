//! The ten promises, one check each.

mod counting;
mod guards;
mod keeping;
mod records;
mod secrets;
mod watching;

use std::fmt;
use std::pin::Pin;

pub use self::counting::counts_upwards_and_tells_the_count_with_the_change;
pub use self::guards::{changes_only_if, refuses_what_it_cannot_do};
pub use self::keeping::{forgets_a_removed_key, keeps_a_text_as_it_is, reads_its_change};
pub use self::records::audits_every_change_once;
pub use self::secrets::shows_no_password;
pub use self::watching::{
    never_tells_an_older_value_after_a_newer_one, watches_without_missing_a_last_value,
};
use super::{Outcome, Subject};

/// All points, in the order of the contract.
pub const POINTS: [Point; 10] = [
    Point { number: 1, promise: "read your change", run: |s| Box::pin(reads_its_change(s)) },
    Point {
        number: 2,
        promise: "miss no last value",
        run: |s| Box::pin(watches_without_missing_a_last_value(s)),
    },
    Point {
        number: 3,
        promise: "never older after newer",
        run: |s| Box::pin(never_tells_an_older_value_after_a_newer_one(s)),
    },
    Point { number: 4, promise: "only if", run: |s| Box::pin(changes_only_if(s)) },
    Point { number: 5, promise: "say what it cannot", run: |s| Box::pin(refuses_what_it_cannot_do(s)) },
    Point { number: 6, promise: "audit once", run: |s| Box::pin(audits_every_change_once(s)) },
    Point {
        number: 7,
        promise: "count with the change",
        run: |s| Box::pin(counts_upwards_and_tells_the_count_with_the_change(s)),
    },
    Point { number: 8, promise: "texts as they are", run: |s| Box::pin(keeps_a_text_as_it_is(s)) },
    Point { number: 9, promise: "removed is gone", run: |s| Box::pin(forgets_a_removed_key(s)) },
    Point { number: 10, promise: "no password shown", run: |s| Box::pin(shows_no_password(s)) },
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
    /// Its number in the contract of [`FlagStore`](crate::FlagStore), from 1.
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
