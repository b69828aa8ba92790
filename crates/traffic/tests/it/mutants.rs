//! The test of the kit: each point catches what breaks it, and lets pass what does not.

use std::fmt::Write as _;

use handover_core::{OpId, Slot};
use handover_traffic::layers::{Call, Fault, Mishap};
use handover_traffic::testkit::mutants::{Flaw, Mutant};
use handover_traffic::testkit::{Model, Outcome, POINTS, prove, report};
use handover_traffic::{Capabilities, InMemory, Split, TrafficSwitcher, TrafficSwitcherExt, Weights};

#[tokio::test(start_paused = true)]
async fn each_point_catches_its_own_mutants() {
    let mut caught = String::new();
    for flaw in Flaw::ALL {
        let point = POINTS[usize::from(flaw.point()) - 1];
        let outcome = point.check(&Mutant::new(flaw)).await;
        writeln!(caught, "{flaw:?}, by point {}\n  {outcome}", point.number()).unwrap();
        assert!(outcome.is_broken(), "point {} let {flaw:?} pass: {outcome}", point.number());
    }
    insta::assert_snapshot!(caught);
}

#[test]
fn there_is_a_mutant_for_each_point() {
    for point in POINTS {
        assert!(Flaw::ALL.iter().any(|flaw| flaw.point() == point.number()), "{point:?} has no mutant");
    }
}

#[tokio::test(start_paused = true)]
async fn a_mutant_is_right_in_everything_its_flaw_does_not_touch() {
    // A mutant that fails everywhere would prove little about the one point that is named for it. Left out are
    // flaws that show wherever traffic is moved at all.
    let confined = [
        Flaw::Overwrites,
        Flaw::Rounds,
        Flaw::AsksFirst,
        Flaw::Presumes,
        Flaw::Hopes,
        Flaw::Repeats,
        Flaw::Quarrels,
        Flaw::Resurrects,
        Flaw::Unfenced,
        Flaw::Hurries,
        Flaw::Tires,
        Flaw::DrainsInUse,
        Flaw::Trespasses,
    ];
    for flaw in confined {
        let report = report(&Mutant::new(flaw)).await;
        let broken = report.lines().filter(|(_, outcome)| outcome.is_broken());
        let numbers: Vec<u8> = broken.map(|(point, _)| point.number()).collect();
        assert_eq!(numbers, [flaw.point()], "{flaw:?}\n{report}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_model_of_everything_is_sound_and_the_report_shows_it() {
    let report = report(&Model::new()).await;
    assert!(report.is_sound(), "{report}");
    insta::assert_snapshot!(report);
}

#[tokio::test(start_paused = true)]
async fn what_a_bare_switcher_does_not_claim_is_named_in_the_report() {
    let report = report(&InMemory::with(Capabilities::new(Weights::AllOrNothing))).await;
    assert!(report.is_sound(), "{report}");
    insta::assert_snapshot!(report);
}

#[tokio::test(start_paused = true)]
async fn a_report_leaves_traffic_where_it_was() {
    let traffic = InMemory::new();
    let tenth = Split::from_bps(Slot::Green, 1_000).unwrap();
    traffic.shift_to(tenth, OpId::new("a canary is out")).await.unwrap();
    let _ = report(&traffic).await;
    assert_eq!(traffic.observe().await.unwrap().route.split, tenth);
}

#[tokio::test(start_paused = true)]
async fn a_subject_that_does_not_even_observe_breaks_every_point() {
    for point in POINTS {
        let dead = Fault::new(InMemory::new()).with(Call::Observe, [Mishap::LostRequest]);
        assert!(matches!(point.check(&dead).await, Outcome::Broken(_)), "{point:?}");
    }
}

#[test]
#[should_panic(expected = "point 9, clean is clean: BROKEN")]
fn the_test_of_a_broken_promise_fails_and_says_which() {
    prove(9, async { Mutant::new(Flaw::Hurries) });
}
