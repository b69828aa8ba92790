//! Somebody else changes a flag while a run is under way: that stays.

use handover_flags::{Change, FlagStore as _, Key, MemoryStore};
use handover_rollout::{FlagMoment, OnRollback, Outcome, Plan};

use super::bench::{FlagBench, change, name, values};
use crate::sim::{Candidate, canary};

fn plan() -> Plan {
    Plan { flags: vec![change("new", true, FlagMoment::BeforeShift, OnRollback::Restore)], ..canary() }
}

fn bad() -> Candidate {
    Candidate { failures: 30, ..Candidate::default() }
}

#[tokio::test(start_paused = true)]
async fn a_kill_by_a_person_stays_when_the_run_ends_well() {
    let bench = FlagBench::new(plan(), &[("new", false)], Candidate::default()).await;
    let person = async {
        bench.run.until_watching("judge-10").await;
        assert_eq!(values(&bench.store), "new=true");
        bench.store.person(&name("new"), Some(false));
    };
    let (outcome, ()) = tokio::join!(bench.drive(), person);
    assert_eq!((outcome, &*values(&bench.store)), (Outcome::Promoted, "new=false"));
}

#[tokio::test(start_paused = true)]
async fn what_a_person_made_of_a_flag_stays_when_the_run_goes_back() {
    for (to, left) in [(Some(false), "new=false"), (None, "")] {
        let bench = FlagBench::new(plan(), &[], Candidate::default()).await;
        let person = async {
            bench.run.until_watching("bake").await;
            bench.store.person(&name("new"), to);
            bench.sim.candidate_becomes(bad());
        };
        let (outcome, ()) = tokio::join!(bench.drive(), person);
        assert_eq!((outcome, &*values(&bench.store)), (Outcome::RolledBack, left));
    }
}

#[tokio::test(start_paused = true)]
async fn a_flag_that_a_person_changed_is_told_of() {
    let bench = FlagBench::new(plan(), &[], Candidate::default()).await;
    let person = async {
        bench.run.until_watching("bake").await;
        bench.store.person(&name("new"), Some(false));
        bench.sim.candidate_becomes(bad());
    };
    tokio::join!(bench.drive(), person);
    insta::assert_snapshot!(bench.told().await, @"
    flags-before-shift: new is true now, not set before
    flags-restore: new is false: somebody else changed it, so it is left
    ");
}

/// The person is faster than the run's next look.
#[tokio::test(start_paused = true)]
async fn a_kill_in_the_very_moment_of_the_change_is_not_fought() {
    for (before, to, left) in [(&[("new", false)][..], Some(false), "new=false"), (&[], None, "")] {
        let bench = FlagBench::new(plan(), before, Candidate::default()).await;
        bench.store.reacts("new", to);
        assert_eq!(bench.drive().await, Outcome::Promoted);
        assert_eq!(values(&bench.store), left);
        assert_eq!(bench.store.audit(9).await.unwrap().len(), 2, "the run wrote once");
    }
}

/// Between the run's look and its change.
#[tokio::test(start_paused = true)]
async fn whoever_comes_between_a_look_and_a_change_wins() {
    let bench = FlagBench::new(plan(), &[], Candidate::default()).await;
    bench.store.races("new", false);
    assert_eq!(bench.drive().await, Outcome::Promoted);
    assert_eq!(values(&bench.store), "new=false", "going forward");

    let bench = FlagBench::new(plan(), &[], Candidate::default()).await;
    let person = async {
        bench.run.until_watching("bake").await;
        bench.store.races("new", false);
        bench.sim.candidate_becomes(bad());
    };
    let (outcome, ()) = tokio::join!(bench.drive(), person);
    assert_eq!((outcome, &*values(&bench.store)), (Outcome::RolledBack, "new=false"), "going back");
}

#[tokio::test(start_paused = true)]
async fn a_kill_on_the_way_back_is_done_once_and_then_left_to_people() {
    let mut plan = plan();
    plan.flags[0].on_rollback = OnRollback::Kill;
    let bench = FlagBench::new(plan, &[("new", true)], bad()).await;
    bench.store.reacts("new", Some(true));
    assert_eq!(bench.drive().await, Outcome::RolledBack);
    assert_eq!(values(&bench.store), "new=true");
    insta::assert_snapshot!(bench.told().await, @"
    flags-before-shift: new was true already
    flags-kill: new is true: somebody else changed it, so it is left
    ");
}

/// What stood there is nobody's switch: it is put back to the letter.
#[tokio::test(start_paused = true)]
async fn an_odd_value_is_put_back_as_it_was() {
    let bench = FlagBench::new(plan(), &[], bad()).await;
    bench.store.inner.put(&Key::Gate(name("new")), "TRUE", &Change::by("ana")).await.unwrap();
    assert_eq!(bench.drive().await, Outcome::RolledBack);
    assert_eq!(values(&bench.store), "new=TRUE");
    insta::assert_snapshot!(bench.told().await, @"
    flags-before-shift: new is true now, `TRUE` before
    flags-restore: new is `TRUE`, as before
    ");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_put_back_is_not_changed() {
    let bench = FlagBench::new(plan(), &[], Candidate::default()).await;
    let long = "x".repeat(300);
    bench.store.inner.put(&Key::Gate(name("new")), &long, &Change::by("ana")).await.unwrap();
    assert_eq!(bench.drive().await, Outcome::Refused);
    assert_eq!(values(&bench.store), format!("new={long}"));
    insta::assert_snapshot!(bench.run.story().await.why.unwrap(), @"could not set flag new: what is there is no flag's value: it has 300 bytes");
}

#[tokio::test(start_paused = true)]
async fn another_runs_flags_are_none_of_its_business() {
    let store = MemoryStore::with(&[("other", true)]);
    let by = Change::by("ana").in_run("run-1");
    store.put(&Key::Gate(name("new")), "true", &by).await.unwrap();
    let bench = FlagBench::on(plan(), super::bench::Fickle::new(store), bad()).await;
    assert_eq!(bench.drive().await, Outcome::RolledBack);
    assert_eq!(values(&bench.store), "new=true other=true");
}
