//! The run, its driver, its lease, and what happens when the driver is silent.

use std::time::Duration;

use handover_core::{Fence, OpId, Slot};
use handover_edge::api::{ApiErrorKind, GuardNote, LeaseView, PanicRequest, RunEnd, RunRequest, RunView};
use handover_traffic::{Change, Expected, Route, Split};
use rustix::process::{Pid, Signal, kill_process};

use super::bench::{Bench, is_alive, kill, until};

const TTL: Duration = Duration::from_millis(800);

fn half() -> Split {
    Split::from_green_bps(5_000).unwrap()
}

/// Blue and green run, half of the traffic is on green, and the run's driver holds the lease.
async fn mid_canary(driver: &'static str) -> Bench {
    let bench = Bench::with(TTL, driver).await;
    bench.run_both().await;
    bench.start_run("r2").await;
    held(&bench).await;
    bench.shift(half()).await;
    bench
}

async fn held(bench: &Bench) -> LeaseView {
    until("the driver has the lease", async || bench.client.lease().await.unwrap()).await
}

async fn run(bench: &Bench) -> RunView {
    bench.client.status().await.unwrap().run.unwrap()
}

/// Waits for the guard: its note is written before the traffic moves.
async fn guarded(bench: &Bench) -> GuardNote {
    let note = until("the guard has acted", async || run(bench).await.guard).await;
    let all_blue = Route::serve(Split::ALL_BLUE);
    let moved = async || (bench.client.observe().await.unwrap().route == all_blue).then_some(());
    until("stable has everything", moved).await;
    note
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_drivers_candidate_loses_its_traffic() {
    let bench = mid_canary("silent").await;
    let former = held(&bench).await;
    let note = guarded(&bench).await;
    assert!(note.why.starts_with("the driver gave no sign of life for "), "{}", note.why);
    let back =
        async || (bench.client.observe().await.unwrap().route == Route::serve(Split::ALL_BLUE)).then_some(());
    until("stable has everything", back).await;
    assert!(note.fence > former.fence);
    let late = bench.client.renew(&former).await.unwrap_err();
    assert!(matches!(late.kind(), Some(ApiErrorKind::Fenced { .. })), "{late}");
    let change = Change {
        route: Route::serve(Split::ALL_GREEN),
        expected: Expected::Any,
        op: OpId::new("late"),
        fence: former.fence,
    };
    let late = bench.client.apply(&change).await.unwrap_err();
    assert!(matches!(late.kind(), Some(ApiErrorKind::Fenced { .. })), "{late}");
    until("the silent driver is gone", async || (!is_alive(former.pid)).then_some(())).await;
    let next = async || run(&bench).await.driver.filter(|pid| *pid != former.pid);
    until("another driver runs", next).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_driver_is_as_good_as_a_silent_one() {
    let bench = mid_canary("renew").await;
    let driver = held(&bench).await.pid;
    kill_process(Pid::from_raw(i32::try_from(driver).unwrap()).unwrap(), Signal::STOP).unwrap();
    guarded(&bench).await;
    until("the stopped driver is gone", async || (!is_alive(driver)).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_that_renews_is_left_alone() {
    let bench = mid_canary("renew").await;
    let first = held(&bench).await;
    // Each renewal puts the time left up again: ten of them are longer than the lease would have lived.
    let (mut left, mut renewals) = (first.left_ms, 0);
    until("the lease was renewed ten times", async || {
        let now = bench.client.lease().await.unwrap().unwrap().left_ms;
        renewals += u32::from(now > left);
        left = now;
        (renewals >= 10).then_some(())
    })
    .await;
    assert_eq!(run(&bench).await.guard, None);
    assert_eq!(bench.client.observe().await.unwrap().route.split, half());
    assert_eq!(held(&bench).await.fence, first.fence);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bake_at_100_percent_is_guarded_too() {
    let bench = Bench::with(TTL, "silent").await;
    bench.run_both().await;
    bench.start_run("r2").await;
    held(&bench).await;
    bench.shift(Split::ALL_GREEN).await;
    guarded(&bench).await;
    assert_eq!(bench.get("/").await.1.split(' ').next(), Some("v1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_stable_release_gets_nothing_back_and_somebody_is_told() {
    let bench = Bench::with(TTL, "silent").await;
    bench.shift(Split::ALL_BLUE).await;
    bench.run(Slot::Green, "v2", 1).await;
    bench.start_run("r2").await;
    held(&bench).await;
    bench.shift(half()).await;
    let told = until("the guard shouts", async || bench.client.status().await.unwrap().last_guard).await;
    assert_eq!(told.why, "the driver is silent, but the stable release does not answer: traffic stays");
    assert_eq!(bench.client.observe().await.unwrap().route.split, half());
    assert_eq!(run(&bench).await.guard, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_acts_also_when_the_agent_was_killed_meanwhile() {
    let mut bench = mid_canary("silent").await;
    bench.kill_and_restart_agent().await;
    guarded(&bench).await;
    bench.kill_and_restart_agent().await;
    assert!(run(&bench).await.guard.is_some(), "the note outlives the agent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_that_ends_before_its_run_is_started_again() {
    let bench = mid_canary("renew").await;
    let first = held(&bench).await;
    kill(first.pid);
    let second = until("another driver has the lease", async || {
        bench.client.lease().await.unwrap().filter(|lease| lease.pid != first.pid)
    })
    .await;
    assert!(second.fence > first.fence);
    until("it is counted", async || (run(&bench).await.drivers_started == 2).then_some(())).await;
    let log = bench.state_dir().join("runs/r2/driver.log");
    assert!(log.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_living_driver_and_its_lease_outlive_the_agent() {
    let mut bench = mid_canary("renew").await;
    let before = held(&bench).await;
    bench.kill_and_restart_agent().await;
    let after = held(&bench).await;
    assert_eq!((after.pid, after.fence), (before.pid, before.fence));
    let view =
        until("the agent knows its driver", async || Some(run(&bench).await).filter(|r| r.driver.is_some()))
            .await;
    assert_eq!((view.driver, view.drivers_started), (Some(before.pid), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_is_refused_with_who_is_in_the_way() {
    let bench = mid_canary("renew").await;
    let request = RunRequest { run: "r3".parse().unwrap(), candidate: Slot::Green, stable: Some(Slot::Blue) };
    let refused = bench.client.start_run(&request).await.unwrap_err();
    insta::assert_snapshot!(refused, @"run r2 is in progress");
    let Some(ApiErrorKind::Held { lease: Some(_), run: Some(run), .. }) = refused.kind() else {
        panic!("{refused:?}")
    };
    assert_eq!(run.as_str(), "r2");
    bench.start_run("r2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_has_ended_needs_no_driver() {
    let bench = mid_canary("renew").await;
    let driver = held(&bench).await.pid;
    let end = RunEnd { run: "r2".parse().unwrap(), ending: "done".into() };
    bench.client.end_run(&end).await.unwrap();
    bench.client.end_run(&end).await.unwrap();
    kill(driver);
    until("the driver is gone", async || (!is_alive(driver)).then_some(())).await;
    let status = bench.client.status().await.unwrap();
    assert_eq!((status.run, status.last_end), (None, Some(end)));
    let other = RunEnd { run: "r9".parse().unwrap(), ending: "done".into() };
    let unknown = bench.client.end_run(&other).await.unwrap_err();
    assert_eq!(unknown.kind(), Some(&ApiErrorKind::NotFound));
}

#[tokio::test(flavor = "multi_thread")]
async fn breaking_the_glass_needs_neither_lease_nor_disk() {
    let bench = mid_canary("renew").await;
    let former = held(&bench).await;
    let status = bench.client.status().await.unwrap();
    // A state file that cannot be written, whoever runs the test: its temporary name is a folder.
    std::fs::create_dir(bench.state_dir().join(format!(".agent.json.tmp-{}", status.pid))).unwrap();
    let request =
        PanicRequest { to: Some(Slot::Blue), why: "checkout is down".into(), op: OpId::new("glass") };
    let observed = bench.client.panic(&request).await.unwrap();
    assert_eq!(observed.route, Route::serve(Split::ALL_BLUE));
    assert!(observed.fence.unwrap() > former.fence);
    let note = run(&bench).await.guard.unwrap();
    assert_eq!((note.why.as_str(), note.run.as_str()), ("checkout is down", "r2"));
    assert!(bench.client.renew(&former).await.is_err());
    assert_eq!(bench.get("/").await.1.split(' ').next(), Some("v1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_without_a_known_stable_release_asks_for_the_slot() {
    let bench = Bench::start().await;
    let request = PanicRequest { to: None, why: "?".into(), op: OpId::new("glass") };
    let refused = bench.client.panic(&request).await.unwrap_err();
    insta::assert_snapshot!(refused, @"no release is known to be stable: name a slot");
    assert_eq!(bench.fence().await, Fence::ZERO);
}
