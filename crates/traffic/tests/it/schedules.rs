//! Ten thousand fault schedules per shape of backend, and the mutants they catch.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use handover_traffic::testkit::mutants::{Flaw, Mutant};
use handover_traffic::testkit::{Model, Subject, Weighed, schedules};
use handover_traffic::{Capabilities, DrainSupport, InMemory, TrafficSwitcher, Weights};

const SEEDS: u64 = 10_000;

async fn end_in_a_known_state(can: Capabilities) {
    let verdict = schedules(&Model::with(can), 0..SEEDS).await;
    assert!(verdict.is_sound(), "{verdict}");
    assert_eq!(verdict.schedules(), SEEDS);
    let tally = verdict.tally();
    assert!(tally.unknown > SEEDS && tally.made > SEEDS && tally.refused > SEEDS, "{verdict}");
}

#[tokio::test(start_paused = true)]
async fn any_weight_at_one_instant() {
    end_in_a_known_state(InMemory::everything()).await;
}

#[tokio::test(start_paused = true)]
async fn any_weight_by_and_by() {
    let mut in_steps = InMemory::everything();
    in_steps.atomic = false;
    end_in_a_known_state(in_steps).await;
}

#[tokio::test(start_paused = true)]
async fn in_stages() {
    let stages = Weights::Stages { shares: vec![500, 5_000] };
    let timed = DrainSupport::Timed { bound: Duration::from_millis(20) };
    end_in_a_known_state(Capabilities::new(stages).with_read_back().with_fencing().with_drain(timed)).await;
}

#[tokio::test(start_paused = true)]
async fn all_or_nothing() {
    end_in_a_known_state(Capabilities::new(Weights::AllOrNothing).with_compare_and_set()).await;
}

/// What only a point can see: a path without answers, what is sent before a refusal, a long drain.
const UNSEEN: [Flaw; 5] = [Flaw::AsksFirst, Flaw::Presumes, Flaw::Hopes, Flaw::Waits, Flaw::Tires];

#[tokio::test(start_paused = true)]
async fn every_mutant_is_caught_but_those_that_only_a_point_can_see() {
    for flaw in Flaw::ALL {
        let verdict = schedules(&Mutant::new(flaw), 0..500).await;
        assert_eq!(!verdict.is_sound(), !UNSEEN.contains(&flaw), "{flaw:?}: {verdict}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_schedule_is_named_by_its_seed_and_its_acts_and_breaks_again() {
    let verdict = schedules(&Mutant::new(Flaw::Unfenced), 0..500).await;
    let seed = verdict.broken_seed().unwrap();
    let again = schedules(&Mutant::new(Flaw::Unfenced), [seed]).await;
    assert_eq!(again.broken_seed(), Some(seed));
    insta::assert_snapshot!(again, @"
    0 fault schedules ended in a known state (calls: 0 made, 0 refused, 0 unknown until observed); seed 4 BROKEN: a lower fence won
      1. green is drained, struck by None
      2. operation 2: `blue 100 % green 0 %` on revision 1, fence 1, struck by Some(ResetAfter)
      3. operation 2: `blue 100 % green 0 %` on revision 2, fence 2, struck by Some(Throttled(6ms))
      4. green is drained, struck by None
      5. operation 0: `blue 100 % green 0 %` on revision 2, fence 0, struck by None
    ");
}

/// Its weights are read past it, and from some look on they are said to have been all zero once.
struct Flickering {
    backend: InMemory,
    looks: AtomicU64,
    lit_for: u64,
}

#[async_trait]
impl Subject for Flickering {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.backend
    }

    async fn weighed(&self) -> Option<Weighed> {
        let looks = self.looks.fetch_add(1, Ordering::Relaxed) + 1;
        Some(Weighed { looks, dark: u64::from(looks > self.lit_for) })
    }
}

#[tokio::test(start_paused = true)]
async fn a_moment_without_any_weight_is_caught_though_the_switcher_never_shows_it() {
    let flickering = |lit_for| Flickering { backend: InMemory::new(), looks: AtomicU64::new(0), lit_for };
    let lit = schedules(&flickering(u64::MAX), 0..5).await;
    assert!(lit.is_sound() && lit.tally().looks > 50, "{lit}");
    let dark = schedules(&flickering(30), 0..5).await;
    let said = dark.to_string();
    assert!(said.contains("BROKEN: no slot had any weight, 1 of 31 times that somebody looked"), "{said}");
}
