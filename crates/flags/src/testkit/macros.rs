use super::{POINTS, Subject};

/// Expands to ten tests, one per promise of the contract, for the [`Subject`](crate::testkit::Subject) that the
/// expression builds.
///
/// The expression is evaluated anew in each test, inside a Tokio runtime, and may `.await`. Each test prints its
/// outcome (`cargo test -- --nocapture` shows it) and fails if the promise is broken. Put it in a module of its
/// own, so that the test names say which store they are about.
#[macro_export]
macro_rules! conformance_tests {
    ($subject:expr $(,)?) => {
        $crate::conformance_tests! { @each $subject;
            1 reads_its_change,
            2 watches_without_missing_a_last_value,
            3 never_tells_an_older_value_after_a_newer_one,
            4 changes_only_if,
            5 refuses_what_it_cannot_do,
            6 audits_every_change_once,
            7 counts_upwards_and_tells_the_count_with_the_change,
            8 keeps_a_text_as_it_is,
            9 forgets_a_removed_key,
            10 shows_no_password,
        }
    };
    (@each $subject:expr; $($number:literal $name:ident,)*) => {
        $(#[test]
        fn $name() {
            $crate::testkit::prove($number, async { $subject });
        })*
    };
}

/// Puts one promise to the test on the subject that `build` makes; what [`conformance_tests!`] expands to.
///
/// # Panics
///
/// If the promise is broken, or there is no promise of this number: this is a test.
#[expect(
    clippy::print_stdout,
    reason = "the test runner captures it, and an outcome nobody sees is a silent skip"
)]
#[expect(clippy::expect_used, reason = "this is the body of a test")]
pub fn prove<S: Subject>(number: usize, build: impl Future<Output = S>) {
    let point = POINTS[number - 1];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let outcome = runtime.block_on(async { point.check(&build.await).await });
    println!("point {number}, {}: {outcome}", point.promise());
    assert!(!outcome.is_broken(), "point {number}, {}: {outcome}", point.promise());
}
