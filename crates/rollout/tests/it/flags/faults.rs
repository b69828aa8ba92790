//! A store of flags that does not do its part: it never delays the way back of traffic, nor fails it.

use std::time::Duration;

use handover_rollout::{FlagMoment, OnRollback, Outcome, Plan, flag_warnings};
use handover_runbook::{Body, Record};
use handover_traffic::Split;

use super::at_every_moment;
use super::bench::{FlagBench, Mood, change, steps, values};
use crate::sim::{Candidate, canary};

const BEFORE: [(&str, bool); 2] = [("old_ui", true), ("new_checkout", true)];

fn bad() -> Candidate {
    Candidate { failures: 30, ..Candidate::default() }
}

/// How a run went back.
struct Back {
    bench: FlagBench,
    outcome: Outcome,
    /// From the verdict until traffic was proven to be back.
    proven: Duration,
    /// From then to the end.
    rest: Duration,
}

/// A run that turns bad in its bake, whose store is in this mood from then on.
async fn goes_bad_with(mood: Mood) -> Back {
    let bench = FlagBench::new(at_every_moment(), &BEFORE, Candidate::default()).await;
    let turns = async {
        bench.run.until_watching("bake").await;
        bench.store.becomes(mood);
        bench.sim.candidate_becomes(bad());
        until(&bench, |body| matches!(body, Body::Turned { .. })).await;
        let turned = tokio::time::Instant::now();
        until(
            &bench,
            |body| matches!(body, Body::Proceeded { step, .. } if step.as_str() == "verify-restored"),
        )
        .await;
        (turned.elapsed(), tokio::time::Instant::now())
    };
    let (outcome, (proven, since)) = tokio::join!(bench.drive(), turns);
    Back { bench, outcome, proven, rest: since.elapsed() }
}

/// Looks at the records as often as paused time can tell apart.
async fn until(bench: &FlagBench, is: impl Fn(&Body) -> bool) {
    while !bench.run.records().await.iter().any(|record| is(&record.body)) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Where each record of a step of flags stands after the run turned, and where traffic was proven to be back.
fn order_of(records: &[Record]) -> String {
    let turned = records.iter().position(|record| matches!(record.body, Body::Turned { .. })).unwrap();
    let said = records[turned..].iter().filter_map(|record| match &record.body {
        Body::Turned { .. } => Some("turned".to_owned()),
        Body::Intent { step, .. } | Body::Watching { step } => Some(format!("{step}?")),
        Body::Verified { step, .. } | Body::Proceeded { step, .. } => Some(format!("{step}.")),
        Body::Failed { step, .. } => Some(format!("{step}!")),
        Body::Ended { .. } => Some("ended".to_owned()),
        _ => None,
    });
    said.collect::<Vec<_>>().join(" ")
}

#[tokio::test(start_paused = true)]
async fn traffic_is_back_and_proven_before_any_flag_and_as_soon_whatever_ails_the_store() {
    let well = goes_bad_with(Mood::Well).await;
    assert_eq!(well.outcome, Outcome::RolledBack);
    insta::assert_snapshot!(order_of(&well.bench.run.records().await), @"turned restore? restore. verify-restored? verify-restored. flags-kill? flags-kill. flags-restore? flags-restore. drain-candidate? drain-candidate. stop-candidate? stop-candidate. ended");
    for mood in [Mood::Away, Mood::Silent, Mood::ReadOnly, Mood::Forgetful, Mood::Stuck, Mood::Lying] {
        let Back { bench, outcome, proven, .. } = goes_bad_with(mood).await;
        assert_eq!(outcome, Outcome::RolledBack, "{mood:?}");
        assert_eq!(bench.sim.split().await, Split::ALL_BLUE);
        assert_eq!(bench.sim.slots().green, None, "{mood:?}: the candidate is stopped all the same");
        assert_eq!(proven, well.proven, "{mood:?} delays the way back");
        let order = order_of(&bench.run.records().await);
        let back = order.find("verify-restored.").unwrap();
        assert!(order.find("flags-").unwrap_or(usize::MAX) > back, "{order}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_put_back_is_a_warning_with_what_to_type() {
    let Back { bench, .. } = goes_bad_with(Mood::Away).await;
    insta::assert_snapshot!(steps(&bench.run.records().await), @"flags-before-launch, launch, health, smoke, flags-before-shift, windows, shift-10, verify-10, judge-10, shift-50, verify-50, judge-50, shift-100, verify-100, flags-at-full, -- back, restore, verify-restored, flags-kill failed, flags-restore failed, drain-candidate, stop-candidate");
    insta::assert_snapshot!(flag_warnings(&bench.run.records().await).join("\n"), @"
    flags not turned off: new_checkout (type `handover flags disable new_checkout`): redis://cache:6379 could not be reached: connection refused
    flags not restored: schema_v2 (type `handover flags remove schema_v2`): redis://cache:6379 could not be reached: connection refused
    ");
    insta::assert_snapshot!(bench.told().await, @"
    flags-before-launch: schema_v2 is true now, not set before
    flags-before-shift: old_ui is false now, true before
    flags-at-full: new_checkout was true already
    flags-kill: warning: flags not turned off: new_checkout (type `handover flags disable new_checkout`): redis://cache:6379 could not be reached: connection refused
    flags-restore: warning: flags not restored: schema_v2 (type `handover flags remove schema_v2`): redis://cache:6379 could not be reached: connection refused
    ");
    let Back { bench, .. } = goes_bad_with(Mood::Lying).await;
    insta::assert_snapshot!(flag_warnings(&bench.run.records().await).join("\n"), @"flags not restored: schema_v2 (type `handover flags remove schema_v2`): the store says that it changed them, and it did not");
    let Back { bench, .. } = goes_bad_with(Mood::ReadOnly).await;
    insta::assert_snapshot!(flag_warnings(&bench.run.records().await).join("\n"), @"
    flags not turned off: new_checkout (type `handover flags disable new_checkout`): redis://cache:6379 refused: READONLY
    flags not restored: schema_v2 (type `handover flags remove schema_v2`): redis://cache:6379 refused: READONLY
    ");
}

#[tokio::test(start_paused = true)]
async fn the_way_back_gives_a_store_that_is_away_a_few_tries_and_no_more() {
    let well = goes_bad_with(Mood::Well).await.rest;
    for mood in [Mood::Away, Mood::Silent, Mood::ReadOnly, Mood::Stuck, Mood::Lying] {
        let rest = goes_bad_with(mood).await.rest;
        assert!(rest <= well + Duration::from_secs(15), "{mood:?}: {rest:?}, not {well:?}");
    }
    let mut tries = goes_bad_with(Mood::Away).await.bench.store.asked();
    assert!((5..20).contains(&tries), "{tries}");
    tries = goes_bad_with(Mood::ReadOnly).await.bench.store.asked();
    assert!(tries < 8, "a no is no: {tries}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_going_back_is_read_back() {
    let Back { bench, .. } = goes_bad_with(Mood::Forgetful).await;
    assert_eq!(values(&bench.store), "new_checkout=false old_ui=false");
    assert_eq!(flag_warnings(&bench.run.records().await), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_run_is_not_promoted_without_the_flag_that_it_needs() {
    for mood in [Mood::Away, Mood::Silent, Mood::ReadOnly] {
        for moment in FlagMoment::ALL {
            let flags = vec![change("new", true, moment, OnRollback::Restore)];
            let bench = FlagBench::new(Plan { flags, ..canary() }, &[], Candidate::default()).await;
            bench.store.becomes(mood);
            let outcome = bench.drive().await;
            let had_traffic = moment >= FlagMoment::AtFull;
            let wanted = if had_traffic { Outcome::RolledBack } else { Outcome::Refused };
            assert_eq!(outcome, wanted, "{mood:?} {moment}");
            assert_eq!(bench.sim.split().await, Split::ALL_BLUE);
            assert_eq!(bench.sim.stable_release().as_deref(), Some("v1"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn why_a_run_was_not_promoted_is_said() {
    let mut said = Vec::new();
    for mood in [Mood::Away, Mood::Silent, Mood::ReadOnly] {
        let flags = vec![change("new", true, FlagMoment::BeforeShift, OnRollback::Restore)];
        let bench = FlagBench::new(Plan { flags, ..canary() }, &[], Candidate::default()).await;
        bench.store.becomes(mood);
        bench.drive().await;
        said.push(bench.run.story().await.why.unwrap());
    }
    insta::assert_snapshot!(said.join("\n"), @"
    could not set flags: redis://cache:6379 could not be reached: connection refused
    could not set flags: redis://cache:6379 could not be reached: no answer within 5s
    could not set flags: redis://cache:6379 refused: READONLY
    ");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_comes_back_within_a_minute_is_waited_for() {
    let bench = FlagBench::new(at_every_moment(), &[], Candidate::default()).await;
    bench.store.becomes(Mood::Away);
    let comes_back = async {
        tokio::time::sleep(Duration::from_secs(40)).await;
        bench.store.becomes(Mood::Well);
    };
    let (outcome, ()) = tokio::join!(bench.drive(), comes_back);
    assert_eq!(outcome, Outcome::Promoted);
    assert_eq!(values(&bench.store), "mails=true new_checkout=true old_ui=false schema_v2=true");
}

/// The change is made, and nobody says so: it is looked at, and is the run's own.
#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_going_forward_is_read_back_and_the_flag_is_the_runs() {
    let bench = FlagBench::new(at_every_moment(), &BEFORE, bad()).await;
    bench.store.becomes(Mood::Forgetful);
    assert_eq!(bench.drive().await, Outcome::RolledBack);
    assert_eq!(values(&bench.store), "new_checkout=false old_ui=false");
}
