use super::{POINTS, Subject};

/// Expands to ten tests, one per promise of the contract, for the [`Subject`](crate::testkit::Subject) that the
/// expression builds.
///
/// The expression is evaluated anew in each test, inside a Tokio runtime, and may `.await`. Each test prints its
/// outcome (`cargo test -- --nocapture` shows it) and fails if the promise is broken. Put it in a module of its
/// own, so that the test names say which backend they are about.
#[macro_export]
macro_rules! conformance_tests {
    ($subject:expr $(,)?) => {
        $crate::conformance_tests! { @each $subject;
            1 reads_its_change,
            2 leaves_the_old_route_or_the_new_one,
            3 refuses_a_stale_revision,
            4 refuses_early_what_it_cannot_express,
            5 says_what_is_not_known,
            6 applies_an_operation_once,
            7 never_lets_a_lower_fence_win,
            8 keeps_the_way_back_open,
            9 says_clean_only_when_nothing_is_left,
            10 leaves_alone_what_belongs_to_others,
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
