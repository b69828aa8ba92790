//! Migrations that go with a run: what is found refuses it, what is accepted is written down, what has changed goes back.

use std::sync::{Arc, Mutex};

use handover_core::{Hint as _, Timestamp};
use handover_migrate_guard::claim::Evidence;
use handover_migrate_guard::{
    FileReport, Finding, Layout, Level, LintContext, MigrationLinter, MigrationSet, Report, Span,
};
use handover_rollout::{
    Accept, MigrationCheck, MigrationFiles, Outcome, PendingMigrations, Plan, World, WorldError,
    check_migrations,
};
use handover_traffic::{Capabilities, Weights};

use crate::carried_out::Run;
use crate::sim::{Candidate, Sim, canary};

/// Finds what it was told to, on the second line of one file.
#[derive(Debug)]
struct Told(Vec<(&'static str, Level)>);

impl MigrationLinter for Told {
    fn lint(&self, set: &MigrationSet, _: &LintContext) -> Report {
        let findings = self.0.iter().map(|(rule, level)| finding(rule, *level)).collect();
        let file = FileReport {
            path: "migrations/2_b.sql".into(),
            text: "-- b\nCREATE INDEX b_id ON b (id);\n".into(),
            findings,
            ..FileReport::default()
        };
        Report { layout: Some(set.layout), files: vec![file], problems: Vec::new() }
    }
}

fn finding(rule: &'static str, level: Level) -> Finding {
    Finding {
        rule,
        name: "some-rule",
        level,
        span: Span::new(5, 10),
        also: Vec::new(),
        message: format!("{rule} of b"),
        effect: "writes wait".into(),
        workaround: "do it otherwise".into(),
        rewrite: None,
        fix: None,
        relation: None,
        evidence: Evidence::Decided,
    }
}

fn pending() -> PendingMigrations {
    PendingMigrations {
        set: MigrationSet::new(Layout::Plain, Vec::new()),
        context: LintContext::default(),
        base: "what 0123abc had".into(),
        folder: "/srv/shop/migrations".into(),
    }
}

fn accept(rule: Option<&str>, reason: &str) -> Accept {
    let at = Timestamp::from_unix_millis(1_795_396_364_000);
    Accept { rule: rule.map(Into::into), reason: reason.into(), by: "ann@shop".into(), at }
}

fn check(found: &[(&'static str, Level)], accepts: &[Accept]) -> MigrationCheck {
    check_migrations(&Told(found.to_vec()), "a linter 1", &[pending()], "sha256:1".into(), accepts)
}

fn with(check: MigrationCheck) -> Plan {
    Plan { migrations: Some(check), ..canary() }
}

fn refusal(plan: &Plan) -> Option<String> {
    let refused = plan.check(&Capabilities::new(Weights::Any { step: 1 })).err()?;
    Some(format!("{refused}\nhint: {}", refused.hint().unwrap_or_default()))
}

/// Holds this now.
#[derive(Debug)]
struct Held(Mutex<Result<String, String>>);

impl MigrationFiles for Held {
    fn fingerprint(&self) -> Result<String, WorldError> {
        self.0.lock().unwrap().clone().map_err(WorldError::refused)
    }
}

async fn driven(check: MigrationCheck, held: Result<&str, &str>) -> (Outcome, Run, Sim) {
    let sim = Sim::with_stable(Candidate::default()).await;
    let run = Run::sealed(with(check)).await;
    let held = held.map(Into::into).map_err(Into::into);
    let world = World { migrations: Some(Arc::new(Held(Mutex::new(held)))), ..sim.world() };
    (run.drive_in(&world).await, run, sim)
}

#[test]
fn an_error_that_nobody_accepts_refuses_the_plan_and_what_is_less_does_not() {
    let less = check(&[("B01", Level::Warning), ("C14", Level::Note)], &[]);
    assert_eq!((less.errors, less.warnings, less.notes, refusal(&with(less.clone()))), (0, 1, 1, None));
    insta::assert_snapshot!(refusal(&with(check(&[("L01", Level::Error), ("B01", Level::Warning)], &[]))).unwrap(), @"
    1 finding in pending migrations is accepted by nobody: migrations/2_b.sql:2: L01 some-rule: L01 of b
    hint: `handover migrate lint` shows what to write instead; `--accept RULE=REASON` lets one pass
    ");
    insta::assert_snapshot!(refusal(&with(check(&[("L01", Level::Error), ("C01", Level::Error)], &[]))).unwrap(), @"
    2 findings in pending migrations are accepted by nobody
    hint: `handover migrate lint` shows what to write instead; `--accept RULE=REASON` lets one pass
    ");
}

#[test]
fn what_is_accepted_is_written_down_with_who_and_why_and_covers_nothing_else() {
    let found = [("L01", Level::Error), ("C01", Level::Error)];
    let checked = check(&found, &[accept(Some("L01"), "b is small"), accept(Some("L09"), "unneeded")]);
    assert_eq!(checked.accepted.len(), 1, "what speaks of nothing is not written down");
    assert_eq!(checked.refused.len(), 1);
    insta::assert_snapshot!(checked.told(), @"1 pending migration, judged by a linter 1: 2 errors; L01 accepted by ann@shop: b is small");
    let all = check(&found, &[accept(None, "at night"), accept(Some("L01"), "b is small")]);
    insta::assert_snapshot!(all.told(), @"1 pending migration, judged by a linter 1: 2 errors; L01 accepted by ann@shop: b is small; 1 finding accepted by ann@shop: at night");
    assert_eq!(refusal(&with(all)), None);
}

#[test]
fn a_plan_with_migrations_reads_back_the_same_and_one_without_says_nothing_of_them() {
    let plan = with(check(&[("L01", Level::Error)], &[accept(None, "at night")]));
    let sealed = plan.seal().unwrap();
    assert_eq!(Plan::from_sealed(&sealed).unwrap(), plan);
    assert_eq!(canary().seal().unwrap().get("migrations"), None);
}

#[tokio::test(start_paused = true)]
async fn files_that_are_as_they_were_judged_let_the_run_go_on_and_it_says_what_was_found() {
    let found = check(&[("L01", Level::Error)], &[accept(Some("L01"), "b is small")]);
    let (outcome, run, _) = driven(found, Ok("sha256:1")).await;
    assert_eq!(outcome, Outcome::Promoted);
    let first = run.story().await.chapters.into_iter().find(|chapter| chapter.step.is_some()).unwrap();
    assert_eq!(first.step.as_deref(), Some("migrations"));
    insta::assert_snapshot!(first.what, @"1 pending migration, judged by a linter 1: 1 error; L01 accepted by ann@shop: b is small");
}

#[tokio::test(start_paused = true)]
async fn files_that_have_changed_since_the_plan_are_accepted_by_nobody() {
    let (outcome, run, sim) = driven(check(&[], &[accept(None, "whatever")]), Ok("sha256:2")).await;
    assert_eq!((outcome, sim.stable_release().as_deref()), (Outcome::Refused, Some("v1")));
    let story = run.story().await;
    insta::assert_snapshot!(story.why.unwrap(), @"the migrations in /srv/shop/migrations have changed since the run was planned: plan it again, so that they are judged");
    let steps: Vec<_> = story.chapters.iter().filter_map(|chapter| chapter.step.as_deref()).collect();
    assert!(!steps.contains(&"launch"), "nothing is launched: {steps:?}");
}

#[tokio::test(start_paused = true)]
async fn files_that_cannot_be_read_any_more_are_no_reason_to_go_on() {
    let (outcome, run, _) = driven(check(&[], &[]), Err("migrations/2_b.sql cannot be read")).await;
    assert_eq!(outcome, Outcome::Refused);
    insta::assert_snapshot!(run.story().await.why.unwrap(), @"could not look at the migrations: migrations/2_b.sql cannot be read");
}

#[tokio::test(start_paused = true)]
async fn a_driver_without_the_files_does_not_take_them_for_unchanged() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let run = Run::sealed(with(check(&[], &[]))).await;
    assert_eq!(run.drive(&sim).await, Outcome::Refused);
}
