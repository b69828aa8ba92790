//! A process from start-up to its end, on a clock that is held still.

use std::sync::Arc;
use std::time::Duration;

use handover_health::page::{Endpoint, Format};
use handover_health::{
    Check, CheckStatus, DrainTimes, Event, Health, HealthBuilder, Heartbeat, Lifecycle, ProbeClass, Stage,
    Standing, State,
};
use tokio::time::{Instant, advance, sleep};

use crate::scripted::{Behaviour, Dependency};

const SECOND: Duration = Duration::from_secs(1);

/// Asked every second for at most 100 ms, down after two bad answers.
fn check(name: &str, dependency: &Arc<Dependency>) -> Check {
    Check::new(name, dependency.clone()).every(SECOND).jitter(0.0).timeout(SECOND / 10).fall(2)
}

fn watching(checks: impl IntoIterator<Item = Check>) -> Health {
    let builder = checks.into_iter().fold(Health::builder("shop", "2.0.0"), HealthBuilder::check);
    builder.start().unwrap()
}

fn statuses(health: &Health) -> [u16; 4] {
    let endpoints = [Endpoint::Health, Endpoint::Ready, Endpoint::Live, Endpoint::Startup];
    let snapshot = health.snapshot();
    endpoints.map(|endpoint| snapshot.page(endpoint, Format::Strategy).status)
}

fn of(health: &Health, name: &str) -> (CheckStatus, Option<ProbeClass>) {
    let report = health.report();
    let check = report.checks.iter().find(|check| &*check.name == name).unwrap();
    (check.status, check.class())
}

#[tokio::test(start_paused = true)]
async fn it_starts_with_the_first_answers_of_what_is_critical() {
    let database = Dependency::that(Behaviour::Takes(SECOND / 20));
    let health = watching([check("database", &database)]);
    assert_eq!((health.report().state, statuses(&health)), (State::Starting, [200, 503, 200, 503]));
    assert_eq!(health.settled(SECOND).await, State::Ready);
    assert_eq!(statuses(&health), [200, 200, 200, 200]);
}

#[tokio::test(start_paused = true)]
async fn a_dependency_that_is_down_at_start_up_does_not_hold_up_the_start() {
    let database = Dependency::that(Behaviour::Fails(ProbeClass::Refused));
    let health = watching([check("database", &database)]);
    assert_eq!(health.settled(10 * SECOND).await, State::Unready);
    assert_eq!(statuses(&health), [200, 503, 200, 200]);
}

#[tokio::test(start_paused = true)]
async fn a_start_up_check_is_asked_until_it_passes_and_never_again() {
    let migrations = Dependency::that(Behaviour::Fails(ProbeClass::Unready));
    let health = watching([check("migrated", &migrations).startup()]);
    assert_eq!(health.settled(10 * SECOND).await, State::Starting);
    assert_eq!(statuses(&health), [200, 503, 200, 503]);
    migrations.now(Behaviour::Well);
    assert_eq!(health.settled(2 * SECOND).await, State::Ready);
    let asked = migrations.asked();
    sleep(600 * SECOND).await;
    assert_eq!((migrations.asked(), health.report().state), (asked, State::Ready));
}

#[tokio::test(start_paused = true)]
async fn start_up_work_that_no_check_sees_is_waited_for() {
    let lifecycle = Lifecycle::held();
    let health = Health::builder("shop", "2.0.0").lifecycle(lifecycle.clone()).start().unwrap();
    assert_eq!(health.settled(60 * SECOND).await, State::Starting);
    lifecycle.ready();
    assert_eq!(health.settled(60 * SECOND).await, State::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_dead_dependency_shows_within_its_falls_and_a_recovery_within_its_rises() {
    let database = Dependency::that(Behaviour::Well);
    let health = watching([check("database", &database).rise(3)]);
    health.settled(5 * SECOND).await;
    let mut events = health.subscribe();
    for (behaviour, to, periods) in
        [(Behaviour::Hangs, State::Unready, 2), (Behaviour::Well, State::Ready, 3)]
    {
        database.now(behaviour);
        let begun = Instant::now();
        while !matches!(events.recv().await.unwrap(), Event::State { to: now, .. } if now == to) {}
        let limit = periods * SECOND + SECOND / 10;
        assert!(begun.elapsed() <= limit, "{to} after {:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_failure_means_is_the_checks_criticality() {
    let [critical, degrades, informs] = [(); 3].map(|()| Dependency::that(Behaviour::Well));
    let health = watching([
        check("database", &critical),
        check("openai", &degrades).degrades(),
        check("mail", &informs).informs(),
    ]);
    let states = |health: &Health| (health.report().state, statuses(health)[1]);
    health.settled(SECOND).await;
    informs.now(Behaviour::Fails(ProbeClass::Refused));
    sleep(3 * SECOND).await;
    assert_eq!((states(&health), of(&health, "mail").0), ((State::Ready, 200), CheckStatus::Error));
    degrades.now(Behaviour::Fails(ProbeClass::Status(502)));
    sleep(3 * SECOND).await;
    assert_eq!(states(&health), (State::Degraded, 200));
    critical.now(Behaviour::Panics);
    sleep(3 * SECOND).await;
    assert_eq!(states(&health), (State::Unready, 503));
    assert_eq!(of(&health, "database"), (CheckStatus::Error, Some(ProbeClass::Panicked)));
    // The others are asked on, and liveness does not care.
    assert_eq!(statuses(&health)[2], 200);
    let asked = informs.asked();
    sleep(3 * SECOND).await;
    assert!(informs.asked() >= asked + 2);
}

#[tokio::test(start_paused = true)]
async fn a_check_that_is_late_is_a_bad_answer_and_no_old_one() {
    let database = Dependency::that(Behaviour::Well);
    let slow = check("database", &database).every(60 * SECOND).timeout(30 * SECOND).max_age(90 * SECOND);
    let health = watching([slow]);
    health.settled(SECOND).await;
    database.now(Behaviour::Takes(31 * SECOND));
    sleep(89 * SECOND).await;
    assert_eq!(of(&health, "database").0, CheckStatus::Ok);
    // The check of the first minute was late, and so an answer as well: a bad one, that alone is no fall.
    sleep(2 * SECOND).await;
    assert_eq!(of(&health, "database"), (CheckStatus::Ok, Some(ProbeClass::Timeout)));
}

/// On a clock that jumps nobody was asked in the meantime, as on a runtime that was starved.
#[tokio::test(start_paused = true)]
async fn when_nobody_looks_any_more_readiness_goes_first_and_liveness_much_later() {
    let health = watching([check("database", &Dependency::that(Behaviour::Well))]);
    health.settled(SECOND).await;
    let snapshot = health.snapshot();
    let status = |endpoint| snapshot.page(endpoint, Format::Strategy).status;
    advance(5 * SECOND).await;
    assert_eq!((status(Endpoint::Ready), status(Endpoint::Live)), (200, 200));
    advance(SECOND).await;
    assert_eq!((status(Endpoint::Ready), status(Endpoint::Live)), (503, 200));
    assert_eq!(snapshot.report().checks[0].status, CheckStatus::Unknown);
    advance(25 * SECOND).await;
    assert_eq!((status(Endpoint::Ready), status(Endpoint::Live)), (503, 503));
}

#[tokio::test(start_paused = true)]
async fn liveness_fails_with_a_worker_that_gives_no_sign_and_comes_back_with_it() {
    let worker = Arc::new(Heartbeat::new(10 * SECOND));
    let health = Health::builder("shop", "2.0.0").live("worker", worker.clone()).start().unwrap();
    health.settled(SECOND).await;
    sleep(9 * SECOND).await;
    assert_eq!(statuses(&health), [200, 200, 200, 200]);
    sleep(3 * SECOND).await;
    assert_eq!(statuses(&health), [200, 200, 503, 200]);
    worker.beat();
    sleep(2 * SECOND).await;
    assert_eq!(statuses(&health), [200, 200, 200, 200]);
}

#[tokio::test(start_paused = true)]
async fn a_crowd_that_wants_an_answer_now_has_the_dependency_asked_once() {
    let database = Dependency::that(Behaviour::Takes(SECOND / 20));
    let health = watching([check("database", &database).every(60 * SECOND)]);
    health.settled(SECOND).await;
    sleep(10 * SECOND).await;
    let before = database.asked();
    let crowd = (0..1_000).map(|_| {
        let health = health.clone();
        tokio::spawn(async move { health.ask_now("database", SECOND).await.unwrap().asked })
    });
    for answer in crowd.collect::<Vec<_>>() {
        assert_eq!(answer.await.unwrap(), before + 1);
    }
    assert_eq!(database.asked(), before + 1);
    assert_eq!(health.ask_now("nobody", SECOND).await, None);
}

#[tokio::test(start_paused = true)]
async fn who_wants_an_answer_now_waits_no_longer_than_it_said() {
    let database = Dependency::that(Behaviour::Well);
    let health = watching([check("database", &database).every(60 * SECOND).timeout(20 * SECOND)]);
    health.settled(SECOND).await;
    sleep(10 * SECOND).await;
    database.now(Behaviour::Hangs);
    let begun = Instant::now();
    let report = health.ask_now("database", SECOND).await.unwrap();
    assert_eq!((begun.elapsed(), report.status, report.asked), (SECOND, CheckStatus::Ok, 1));
}

#[tokio::test(start_paused = true)]
async fn with_the_last_handle_the_asking_ends() {
    let database = Dependency::that(Behaviour::Well);
    let health = watching([check("database", &database)]);
    let other = health.clone();
    sleep(3 * SECOND).await;
    drop(health);
    let asked = database.asked();
    sleep(3 * SECOND).await;
    assert!(database.asked() > asked);
    drop(other);
    sleep(SECOND).await;
    let asked = database.asked();
    sleep(60 * SECOND).await;
    assert_eq!(database.asked(), asked);
}

#[tokio::test(start_paused = true)]
async fn a_drain_is_in_the_very_next_answer_and_goes_on_by_itself() {
    let health = watching([check("database", &Dependency::that(Behaviour::Well))]);
    health.settled(SECOND).await;
    let lifecycle = health.lifecycle().clone();
    let begun = Instant::now();
    drop(lifecycle.drain(DrainTimes { delay: 5 * SECOND, deadline: 25 * SECOND }));
    assert_eq!((health.report().state, statuses(&health)), (State::Draining, [200, 503, 200, 200]));
    lifecycle.closing().await;
    assert_eq!(begun.elapsed(), 5 * SECOND);
    lifecycle.reached(Stage::Cutting).await;
    assert_eq!(begun.elapsed(), 25 * SECOND);
    lifecycle.stopped();
    assert_eq!((health.report().state, statuses(&health)), (State::Stopped, [200, 503, 200, 200]));
}

#[tokio::test(start_paused = true)]
async fn changes_are_told_with_how_long_the_former_standing_lasted() {
    let database = Dependency::that(Behaviour::Well);
    let health = watching([check("database", &database)]);
    health.settled(SECOND).await;
    let mut events = health.subscribe();
    sleep(SECOND * 21 / 2).await;
    database.now(Behaviour::Fails(ProbeClass::Reset));
    let Event::Check { name, change } = events.recv().await.unwrap() else {
        panic!("the check changes first")
    };
    assert_eq!((&*name, change.from, change.to), ("database", Standing::Up, Standing::Down));
    assert_eq!((change.class, change.lasted), (Some(ProbeClass::Reset), 12 * SECOND));
    assert_eq!(events.recv().await.unwrap(), Event::State { from: State::Ready, to: State::Unready });
    let kept = health.report().checks[0].lately.changes.clone();
    assert_eq!(kept.last(), Some(&change));
}
