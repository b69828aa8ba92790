//! The test of the kit: each point catches what breaks it, and lets pass what does not.

use std::fmt::{Display, Write as _};

use handover_flags::testkit::mutants::{Flaw, Mutant};
use handover_flags::testkit::{Breakable, Model, Outcome, POINTS, prove, report};
use handover_flags::{EnvStore, MemoryStore};

#[tokio::test(start_paused = true)]
async fn each_point_catches_its_own_mutants() {
    let mut caught = String::new();
    for flaw in Flaw::ALL {
        let point = POINTS[usize::from(flaw.point()) - 1];
        let outcome = point.check(&Mutant::new(flaw)).await;
        writeln!(caught, "{flaw:?}, by point {}\n  {outcome}", point.number()).unwrap();
        assert!(outcome.is_broken(), "point {} let {flaw:?} pass: {outcome}", point.number());
    }
    insta::assert_snapshot!(without_names(caught));
}

#[tokio::test(start_paused = true)]
async fn the_table_of_mutants_and_points_shows_how_far_each_flaw_is_seen() {
    let mut table =
        format!("| {:<18} | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |\n|---|{}\n", "flaw", "---|".repeat(10));
    for flaw in Flaw::ALL {
        let report = report(&Mutant::new(flaw)).await;
        write!(table, "| {:<18} ", format!("{flaw:?}")).unwrap();
        for (point, outcome) in report.lines() {
            let mark = if outcome.is_broken() { "X" } else { "." };
            assert!(point.number() != flaw.point() || outcome.is_broken(), "{flaw:?}\n{report}");
            write!(table, "| {mark} ").unwrap();
        }
        table.push_str("|\n");
    }
    insta::assert_snapshot!(table);
}

#[test]
fn there_are_mutants_for_each_point() {
    for point in POINTS {
        assert!(Flaw::ALL.iter().any(|flaw| flaw.point() == point.number()), "{point:?} has no mutant");
    }
}

#[tokio::test(start_paused = true)]
async fn the_model_is_sound_and_the_report_shows_it() {
    let report = report(&Model::new()).await;
    assert!(report.is_sound(), "{report}");
    insta::assert_snapshot!(report, @"
     1  read your change          held
     2  miss no last value        held
     3  never older after newer   held
     4  only if                   held
     5  say what it cannot        not claimed: a limit: it can do everything
     6  audit once                held
     7  count with the change     held
     8  texts as they are         held
     9  removed is gone           held
    10  no password shown         held
    ");
}

#[tokio::test(start_paused = true)]
async fn what_a_bare_store_gives_no_sight_of_is_named_in_the_report() {
    let report = report(&MemoryStore::new()).await;
    assert!(report.is_sound(), "{report}");
    insta::assert_snapshot!(report, @"
     1  read your change          held
     2  miss no last value        not claimed: a way that can be cut
     3  never older after newer   held
     4  only if                   held
     5  say what it cannot        not claimed: a limit: it can do everything
     6  audit once                held
     7  count with the change     held
     8  texts as they are         not claimed: a text from outside
     9  removed is gone           not claimed: a removal from outside
    10  no password shown         not claimed: a secret to look for
    ");
}

#[tokio::test(start_paused = true)]
async fn what_a_store_that_can_only_be_read_does_not_claim_is_named_in_the_report() {
    let report = report(&EnvStore::with_prefix("CARGO_")).await;
    assert!(report.is_sound(), "{report}");
    insta::assert_snapshot!(report, @"
     1  read your change          not claimed: changes
     2  miss no last value        not claimed: changes
     3  never older after newer   not claimed: changes
     4  only if                   not claimed: changes
     5  say what it cannot        held
     6  audit once                not claimed: an audit
     7  count with the change     not claimed: revisions
     8  texts as they are         not claimed: changes
     9  removed is gone           not claimed: changes
    10  no password shown         not claimed: a secret to look for
    ");
}

#[tokio::test(start_paused = true)]
async fn a_report_leaves_the_store_as_it_was() {
    let store = MemoryStore::with(&[("a", true), ("b", false)]);
    let before = handover_flags::FlagStore::load(&store).await.unwrap().values;
    let _ = report(&store).await;
    assert_eq!(handover_flags::FlagStore::load(&store).await.unwrap().values, before);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_never_there_breaks_nearly_every_point() {
    let dead = Breakable::new(MemoryStore::new());
    dead.cut();
    for point in &POINTS[..9] {
        assert!(matches!(point.check(&dead).await, Outcome::Broken(_)), "{point:?}");
    }
}

#[test]
#[should_panic(expected = "point 9, removed is gone: BROKEN")]
fn the_test_of_a_broken_promise_fails_and_says_which() {
    prove(9, async { Mutant::new(Flaw::Empties) });
}

fn without_names(text: impl Display) -> String {
    let names = regex::Regex::new(r"conformance-\d+-\d+-\d+").unwrap();
    names.replace_all(&text.to_string(), "conformance-…").into_owned()
}
