use super::POINTS;
use crate::MigrationLinter;

/// Expands to seven tests, one per promise of the contract, for the linter that the expression makes.
///
/// The expression is evaluated anew in each test. Put it in a module of its own, so that the test names say which linter
/// they are about.
#[macro_export]
macro_rules! conformance_tests {
    ($linter:expr $(,)?) => {
        $crate::conformance_tests! { @each $linter;
            1 says_the_same_again,
            2 answers_for_every_file,
            3 hides_nothing,
            4 shows_real_places,
            5 never_fails,
            6 keeps_the_settings,
            7 judges_by_its_claims,
        }
    };
    (@each $linter:expr; $($number:literal $name:ident,)*) => {
        $(#[test]
        fn $name() {
            $crate::testkit::prove($number, &$linter);
        })*
    };
}

/// Puts one promise to the test; what [`conformance_tests!`] expands to.
///
/// # Panics
///
/// If the promise is broken, or there is no promise of this number: this is a test.
pub fn prove(number: usize, linter: &dyn MigrationLinter) {
    let point = POINTS[number - 1];
    let outcome = point.check(linter);
    assert!(!outcome.is_broken(), "point {number}, {}: {outcome}", point.promise);
}
