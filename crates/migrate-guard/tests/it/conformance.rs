//! The kit on the linter of the crate, and on its mutants.

use handover_migrate_guard::NoopLinter;
use handover_migrate_guard::testkit::mutants::{Flaw, Mutant};
use handover_migrate_guard::testkit::report;

mod on_one_thread {
    handover_migrate_guard::conformance_tests!(handover_migrate_guard::PostgresLinter::new());
}

mod on_several_threads {
    handover_migrate_guard::conformance_tests!(handover_migrate_guard::PostgresLinter::new().with_threads(3));
}

#[test]
fn each_mutant_is_caught_by_the_point_it_breaks() {
    for flaw in Flaw::ALL {
        let broken = report(&Mutant::new(flaw)).broken();
        assert!(
            broken.contains(&flaw.breaks()),
            "{flaw:?} should break {}, and breaks {broken:?}",
            flaw.breaks()
        );
    }
}

#[test]
fn a_linter_that_says_nothing_hides_something() {
    let broken = report(&NoopLinter).broken();
    assert!(broken.contains(&3), "{broken:?}");
}
