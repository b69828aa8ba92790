//! The conformance kit: one public check per promise of [`MigrationLinter`].
//!
//! Seven separately named tests for a linter of your own:
//!
//! ```
//! mod my_linter {
//!     handover_migrate_guard::conformance_tests!(handover_migrate_guard::PostgresLinter::new());
//! }
//! # fn main() {}
//! ```
//!
//! The kit is itself tested: [`mutants`] breaks each promise, and each check must catch its own.

mod macros;
pub mod mutants;
mod outcome;
mod points;
mod report;
mod samples;

use crate::MigrationLinter;
pub use macros::prove;
pub use outcome::Outcome;
pub use points::{
    answers_for_every_file, hides_nothing, judges_by_its_claims, keeps_the_settings, never_fails,
    says_the_same_again, shows_real_places,
};
pub use report::{Report, report};

/// One promise: its number, what it promises, and how it is put to the test.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Its number in the contract.
    pub number: usize,
    /// What is promised.
    pub promise: &'static str,
    check: fn(&dyn MigrationLinter) -> Outcome,
}

impl Point {
    const fn new(number: usize, promise: &'static str, check: fn(&dyn MigrationLinter) -> Outcome) -> Self {
        Self { number, promise, check }
    }

    /// Puts it to the test.
    pub fn check(self, linter: &dyn MigrationLinter) -> Outcome {
        (self.check)(linter)
    }
}

/// Every promise, in the contract's order.
pub const POINTS: [Point; 7] = [
    Point::new(1, "deterministic", says_the_same_again),
    Point::new(2, "every file is answered for", answers_for_every_file),
    Point::new(3, "nothing is hidden", hides_nothing),
    Point::new(4, "spans are real", shows_real_places),
    Point::new(5, "never fails", never_fails),
    Point::new(6, "settings are kept", keeps_the_settings),
    Point::new(7, "the class follows from the claims", judges_by_its_claims),
];
