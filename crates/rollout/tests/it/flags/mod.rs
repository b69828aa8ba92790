//! Flags that belong to a run: set on the way, put back on the way back, and never over somebody else's head.

mod bench;
mod crash;
mod faults;
mod people;

use handover_core::Hint as _;
use handover_flags::FlagStore as _;
use handover_rollout::{FlagMoment, OnRollback, Outcome, Plan, flag_fates};
use handover_traffic::{Capabilities, Weights};

use crate::carried_out::Run;
use crate::sim::{Candidate, Sim, canary};
use bench::{FlagBench, change, steps, values};

/// A flag at every moment, one of each kind.
fn at_every_moment() -> Plan {
    let flags = vec![
        change("schema_v2", true, FlagMoment::BeforeLaunch, OnRollback::Restore),
        change("old_ui", false, FlagMoment::BeforeShift, OnRollback::Keep),
        change("new_checkout", true, FlagMoment::AtFull, OnRollback::Kill),
        change("mails", true, FlagMoment::AfterBake, OnRollback::Restore),
    ];
    Plan { flags, ..canary() }
}

#[test]
fn the_outline_names_what_is_set_when_and_what_is_put_back() {
    let outline = at_every_moment().outline();
    let of_flags = |steps: &[handover_rollout::StepOutline]| {
        let lines = steps.iter().map(|step| {
            let after =
                step.only_after.as_ref().map(|after| format!(" (only after {after})")).unwrap_or_default();
            if step.name.as_str().starts_with("flags-") {
                format!("{}: {}{after}", step.name, step.does)
            } else {
                step.name.to_string()
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(format!("{}\n-- back\n{}", of_flags(&outline.forward), of_flags(&outline.back)), @"
    flags-before-launch: set schema_v2 to true
    launch
    health
    smoke
    flags-before-shift: set old_ui to false
    windows
    shift-10
    verify-10
    judge-10
    shift-50
    verify-50
    judge-50
    shift-100
    verify-100
    flags-at-full: set new_checkout to true
    bake
    flags-after-bake: set mails to true
    settle
    -- back
    restore
    verify-restored
    flags-kill: turn off new_checkout
    flags-restore: as before: schema_v2, old_ui stays as it is, mails (only after flags-before-launch)
    drain-candidate
    stop-candidate
    ");
}

#[test]
fn a_plan_with_flags_reads_back_the_same_and_one_without_says_nothing_of_them() {
    let plan = at_every_moment();
    let sealed = plan.seal().unwrap();
    assert_eq!(Plan::from_sealed(&sealed).unwrap(), plan);
    assert_eq!(
        sealed["flags"][1].to_string(),
        r#"{"at":"before-shift","flag":"old_ui","on_rollback":"keep","to":false}"#
    );
    assert_eq!(canary().seal().unwrap().get("flags"), None);
}

#[test]
fn a_flag_that_is_set_twice_is_refused() {
    let mut plan = at_every_moment();
    plan.flags.push(change("old_ui", true, FlagMoment::AfterBake, OnRollback::Keep));
    let refused = plan.check(&Capabilities::new(Weights::Any { step: 1 })).unwrap_err();
    insta::assert_snapshot!(format!("{refused}\n{}", refused.hint().unwrap()), @"
    flag old_ui is set twice
    keep one `[[flags.set]]` of it in handover.toml
    ");
}

#[tokio::test(start_paused = true)]
async fn a_good_run_sets_each_flag_at_its_moment() {
    let bench =
        FlagBench::new(at_every_moment(), &[("mails", false), ("other", true)], Candidate::default()).await;
    assert_eq!(bench.drive().await, Outcome::Promoted);
    assert_eq!(values(&bench.store), "mails=true new_checkout=true old_ui=false other=true schema_v2=true");
    insta::assert_snapshot!(steps(&bench.run.records().await), @"flags-before-launch, launch, health, smoke, flags-before-shift, windows, shift-10, verify-10, judge-10, shift-50, verify-50, judge-50, shift-100, verify-100, flags-at-full, bake, flags-after-bake, settle");
    let told = bench.told().await;
    insta::assert_snapshot!(told, @"
    flags-before-launch: schema_v2 is true now, not set before
    flags-before-shift: old_ui is false now, not set before
    flags-at-full: new_checkout is true now, not set before
    flags-after-bake: mails is true now, false before
    ");
}

#[tokio::test(start_paused = true)]
async fn each_change_says_who_why_and_for_which_run() {
    let bench = FlagBench::new(at_every_moment(), &[], Candidate::default()).await;
    bench.drive().await;
    let audit = bench.store.audit(1).await.unwrap();
    assert_eq!(
        (audit[0].actor.as_str(), audit[0].reason.as_deref(), audit[0].run.as_deref()),
        ("operator", Some("deployment of v2"), Some("run-2"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_bad_release_is_taken_back_and_its_flags_are_as_before() {
    let before = [("old_ui", true), ("other", true), ("schema_v2", false)];
    let bench =
        FlagBench::new(at_every_moment(), &before, Candidate { failures: 30, ..Candidate::default() }).await;
    assert_eq!(bench.drive().await, Outcome::RolledBack);
    assert_eq!(values(&bench.store), "new_checkout=false old_ui=false other=true schema_v2=false");
    insta::assert_snapshot!(steps(&bench.run.records().await), @"flags-before-launch, launch, health, smoke, flags-before-shift, windows, shift-10, verify-10, -- back, restore, verify-restored, flags-kill, flags-restore, drain-candidate, stop-candidate");
    insta::assert_snapshot!(bench.told().await, @"
    flags-before-launch: schema_v2 is true now, false before
    flags-before-shift: old_ui is false now, true before
    flags-kill: new_checkout is turned off, not set before
    flags-restore: old_ui stays false, as the plan says; schema_v2 is false, as before
    ");
    let audit = bench.store.audit(1).await.unwrap();
    assert_eq!(audit[0].reason.as_deref(), Some("rollback of v2"));
    let fates = flag_fates(&bench.run.records().await);
    insta::assert_snapshot!(serde_json::to_string(&fates).unwrap(), @r#"{"new_checkout":{"killed":{"from":null}},"old_ui":{"kept":{"at":"false"}},"schema_v2":{"restored":{"to":"false"}}}"#);
}

#[tokio::test(start_paused = true)]
async fn a_flag_that_was_not_set_is_taken_away_again() {
    let bad = Candidate { failures: 30, ..Candidate::default() };
    let plan = || Plan {
        flags: vec![change("new", true, FlagMoment::BeforeShift, OnRollback::Restore)],
        ..canary()
    };
    let bench = FlagBench::new(plan(), &[], bad.clone()).await;
    assert_eq!(bench.drive().await, Outcome::RolledBack);
    assert_eq!(values(&bench.store), "");
    // What was so already is not the run's to take away.
    let bench = FlagBench::new(plan(), &[("new", true)], bad).await;
    assert_eq!(bench.drive().await, Outcome::RolledBack);
    assert_eq!(values(&bench.store), "new=true");
    insta::assert_snapshot!(bench.told().await, @"
    flags-before-shift: new was true already
    flags-restore: no flag had been changed
    ");
}

#[tokio::test(start_paused = true)]
async fn what_is_killed_on_the_way_back_is_killed_though_the_run_had_not_come_to_it() {
    let plan = Plan { flags: vec![change("risky", true, FlagMoment::AtFull, OnRollback::Kill)], ..canary() };
    let bench =
        FlagBench::new(plan, &[("risky", true)], Candidate { passes_smoke: false, ..Candidate::default() })
            .await;
    assert_eq!(bench.drive().await, Outcome::Refused);
    assert_eq!(values(&bench.store), "risky=false");
    insta::assert_snapshot!(bench.told().await, @"flags-kill: risky is turned off, true before");
}

#[tokio::test(start_paused = true)]
async fn what_is_killed_on_the_way_back_is_killed_though_the_candidate_keeps_the_traffic() {
    let bench = FlagBench::new(
        at_every_moment(),
        &[("new_checkout", true)],
        Candidate { failures: 50, ..Candidate::default() },
    )
    .await;
    bench.sim.stable_goes_down();
    assert_eq!(bench.drive().await, Outcome::Stuck);
    assert_eq!(
        values(&bench.store),
        "new_checkout=false old_ui=false schema_v2=true",
        "what the candidate needs stays"
    );
}

#[tokio::test(start_paused = true)]
async fn a_plan_with_flags_and_no_store_is_refused_before_anything_is_launched() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let run = Run::sealed(at_every_moment()).await;
    assert_eq!(run.drive(&sim).await, Outcome::Refused);
    assert_eq!(sim.launches(), 0);
    assert_eq!(run.story().await.why.unwrap(), "could not change flags: nobody said where they are kept");
}
