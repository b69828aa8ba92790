//! A driver that dies after any record, or between a change and its record, leaves flags that the next driver brings to
//! the same end.

use std::sync::Arc;
use std::time::Duration;

use handover_flags::MemoryStore;
use handover_rollout::{FlagMoment, OnRollback, Plan, RunFlags, World, program};
use handover_runbook::testkit::{Crashes, Report, Stage, crash_everywhere};
use handover_runbook::{Ending, Engine, InMemoryJournal, InMemoryLease, Journal as _, Options};
use serde_json::json;

use super::at_every_moment;
use super::bench::{Fickle, Mood, change, name, values};
use crate::sim::{Candidate, Sim, blue_green, canary, futures_now};

/// As [`Stage::in_memory`], with a world that is made anew from the records for each driver.
fn stage(sim: Sim, plan: Plan, store: Fickle) -> Stage {
    let journal = Arc::new(InMemoryJournal::new());
    let (records, run, kept) = (journal.clone(), plan.run.clone(), store.clone());
    let flags_of = move || {
        let records = futures_now(records.read(&run, 0)).unwrap_or_default();
        Some(Arc::new(RunFlags::new(Arc::new(store.clone()), &records)))
    };
    let (run, looks) = (plan.run.clone(), sim.clone());
    Stage {
        journal: journal.clone(),
        orders: journal,
        lease: Arc::new(InMemoryLease::new("crash suite")),
        options: Options::default(),
        run,
        program: Box::new(move || program(&plan, &World { flags: flags_of(), ..sim.world() })),
        state: Box::new(move || json!({ "split": looks.split_now(), "flags": values(&kept) })),
        duplicates: Box::new(|| 0),
    }
}

fn assert_sound(report: &Report) {
    assert_eq!(report.faults, Vec::<String>::new());
    assert!(report.crashed_runs > 20, "{report}");
}

fn assert_turned(report: &Report) {
    assert_sound(report);
    assert!(matches!(report.ending, Some(Ending::TurnedBack { .. })), "{report}");
}

fn bad() -> Candidate {
    Candidate { failures: 30, ..Candidate::default() }
}

fn store() -> Fickle {
    Fickle::new(MemoryStore::with(&[("old_ui", true), ("mails", false)]))
}

#[tokio::test(start_paused = true)]
async fn flags_are_set_wherever_the_driver_dies() {
    for store in [store, || store().forgetting()] {
        let make = async || stage(Sim::with_stable(Candidate::default()).await, at_every_moment(), store());
        let report = crash_everywhere(make, Crashes::One).await;
        assert_sound(&report);
        assert_eq!(report.ending, Some(Ending::Done));
    }
}

#[tokio::test(start_paused = true)]
async fn flags_are_put_back_wherever_the_driver_dies_even_twice() {
    for store in [store, || store().forgetting()] {
        let make = async || stage(Sim::with_stable(bad()).await, at_every_moment(), store());
        assert_turned(&crash_everywhere(make, Crashes::One).await);
        let unfit = Candidate { passes_smoke: false, ..Candidate::default() };
        let make = async || stage(Sim::with_stable(unfit.clone()).await, at_every_moment(), store());
        assert_turned(&crash_everywhere(make, Crashes::Pairs).await);
    }
}

/// Somebody kills the flag right after the run has set it: the audit tells the next driver that it was set.
#[tokio::test(start_paused = true)]
async fn a_kill_by_a_person_is_not_fought_wherever_the_driver_dies() {
    let plan = || Plan {
        flags: vec![
            change("old_ui", false, FlagMoment::BeforeShift, OnRollback::Restore),
            change("mails", true, FlagMoment::BeforeShift, OnRollback::Restore),
        ],
        ..blue_green()
    };
    for candidate in [Candidate::default(), bad()] {
        let make = async || {
            let store = store();
            store.reacts("mails", Some(false));
            stage(Sim::with_stable(candidate.clone()).await, plan(), store)
        };
        assert_sound(&crash_everywhere(make, Crashes::One).await);
    }
}

/// What a person set to the very value that the run wants is the person's, if the run had not written it.
#[tokio::test(start_paused = true)]
async fn what_a_person_set_while_no_driver_lived_is_theirs() {
    let plan =
        Plan { flags: vec![change("new", true, FlagMoment::BeforeShift, OnRollback::Restore)], ..canary() };
    let store = Fickle::new(MemoryStore::new());
    let stage = stage(Sim::with_stable(bad()).await, plan.clone(), store.clone());
    let engine = Engine::new(stage.journal.clone(), stage.lease.clone(), stage.orders.clone());
    engine.seal(&plan.run, plan.seal().unwrap()).await.unwrap();
    // The first driver has written down what it is about to do, and dies.
    store.becomes(Mood::Stuck);
    let first = (stage.program)();
    let dies = tokio::time::timeout(Duration::from_secs(3), engine.run(&plan.run, &first));
    assert!(dies.await.is_err());
    store.becomes(Mood::Well);
    store.person(&name("new"), Some(true));
    let next = engine.with_options(Options::default().with_take_over(true));
    let ending = next.run(&plan.run, &(stage.program)()).await.unwrap();
    assert!(matches!(ending, Ending::TurnedBack { .. }), "{ending:?}");
    assert_eq!(values(&store), "new=true");
}
