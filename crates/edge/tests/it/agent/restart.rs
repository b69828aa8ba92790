//! What outlives what: releases an agent, agents a release, and the state both.

use std::fs;
use std::time::Duration;

use handover_core::Slot;
use handover_edge::api::{InstanceState, ReleaseSpec, StopAgent, StopRequest};
use handover_traffic::Split;
use rustix::process::Signal;
use sha2::{Digest as _, Sha256};

use super::bench::{Bench, get, is_alive, kill, pids, until};

/// How often a release's process was started in this slot, by what it logged.
fn starts(bench: &Bench, slot: Slot, run: &str, index: u16) -> usize {
    let log = bench.state_dir().join(format!("slots/{slot}/{run}/{index}/log"));
    fs::read_to_string(log).unwrap_or_default().matches("listening on").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_agent_finds_its_releases_again_and_launches_none_twice() {
    let mut bench = Bench::start().await;
    let before = bench.run(Slot::Blue, "v1", 2).await;
    let revision = bench.shift(Split::ALL_BLUE).await.revision;
    bench.kill_agent();
    assert!(pids(&before).into_iter().all(is_alive));
    bench.run_agent().await;
    // Without waiting for the slot: until the first good probe the edge keeps requests waiting.
    assert_eq!(bench.get("/").await.0, 200);
    let after = bench.ready(Slot::Blue).await;
    assert_eq!(pids(&after), pids(&before));
    assert_eq!((starts(&bench, Slot::Blue, "run-v1", 0), starts(&bench, Slot::Blue, "run-v1", 1)), (1, 1));
    assert_eq!(after.pin, before.pin);
    assert_eq!(bench.client.observe().await.unwrap().revision, revision);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_killed_in_the_middle_of_a_launch_starts_one_process() {
    for delay_ms in [0, 1, 3, 10, 30] {
        let mut bench = Bench::start().await;
        let release = bench.freeze(Bench::spec("v1", "good"));
        bench.launch(Slot::Blue, &release, "r1").await;
        // Not to wait for anything: to be killed at different points of the launch.
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
        bench.kill_and_restart_agent().await;
        bench.ready(Slot::Blue).await;
        assert_eq!(starts(&bench, Slot::Blue, "r1", 0), 1, "killed after {delay_ms} ms");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_killed_in_the_middle_of_a_stop_does_not_start_the_release_again() {
    let mut bench = Bench::start().await;
    let spec = ReleaseSpec { grace: Duration::from_secs(1), ..Bench::spec("v1", "stubborn") };
    let release = bench.freeze(spec);
    bench.launch(Slot::Blue, &release, "r1").await;
    let pid = pids(&bench.ready(Slot::Blue).await)[0];
    let (client, fence) = (bench.client.clone(), bench.fence().await);
    let stop = tokio::spawn(async move {
        let request = StopRequest { release, fence };
        drop(client.stop_slot(Slot::Blue, &request).await);
    });
    until("the release to be stopping", async || {
        let view = bench.client.slot(Slot::Blue).await.unwrap();
        (view.instances.first()?.state == InstanceState::Stopping).then_some(())
    })
    .await;
    bench.kill_and_restart_agent().await;
    stop.await.unwrap();
    until("the process to be gone", async || (!is_alive(pid)).then_some(())).await;
    assert_eq!(bench.client.slot(Slot::Blue).await.unwrap().release, None);
    assert_eq!(starts(&bench, Slot::Blue, "r1", 0), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_instance_is_launched_again_while_the_other_serves() {
    let bench = Bench::start().await;
    let before = bench.run(Slot::Blue, "v1", 2).await;
    bench.shift(Split::ALL_BLUE).await;
    kill(pids(&before)[0]);
    let restarted = async || {
        assert_eq!(bench.get("/").await.0, 200);
        let view = bench.client.slot(Slot::Blue).await.unwrap();
        (view.instances[0].restarts == 1 && view.ready()).then_some(view)
    };
    let after = until("the instance is back", restarted).await;
    assert_ne!(pids(&after)[0], pids(&before)[0]);
    assert_eq!((pids(&after)[1], after.instances[1].restarts), (pids(&before)[1], 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_died_with_the_agent_is_launched_again() {
    let mut bench = Bench::start().await;
    let before = bench.run(Slot::Blue, "v1", 1).await;
    on_disk(&bench, "\"was_ready\":true").await;
    bench.kill_agent();
    kill(pids(&before)[0]);
    bench.run_agent().await;
    let after = bench.ready(Slot::Blue).await;
    assert_eq!(after.instances[0].restarts, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_whose_shim_was_killed_is_replaced_and_leaves_nobody_behind() {
    let bench = Bench::start().await;
    let before = bench.run(Slot::Blue, "v1", 1).await;
    let status = super::bench::read_json(&bench.state_dir().join("slots/blue/run-v1/0/status.json"));
    kill(u32::try_from(status["shim"]["pid"].as_u64().unwrap()).unwrap());
    let replaced = async || {
        let view = bench.client.slot(Slot::Blue).await.unwrap();
        (view.instances[0].restarts == 1 && view.ready()).then_some(view)
    };
    until("another instance is ready", replaced).await;
    assert!(!is_alive(pids(&before)[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_launch_is_still_failed_after_the_agent_was_killed() {
    let mut bench = Bench::start().await;
    bench.launch(Slot::Blue, &bench.freeze(Bench::spec("v1", "exit 7")), "r1").await;
    let before = bench.failure(Slot::Blue).await;
    on_disk(&bench, "code 7").await;
    bench.kill_and_restart_agent().await;
    assert_eq!(bench.client.slot(Slot::Blue).await.unwrap().failure, before.failure);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_reboot_only_stable_is_launched_and_the_run_counts_as_rolled_back() {
    let mut bench = Bench::start().await;
    let blue = bench.run(Slot::Blue, "v1", 1).await;
    bench.shift(Split::ALL_BLUE).await;
    bench.settle(Slot::Blue, "v1", Duration::ZERO).await;
    let green = bench.run(Slot::Green, "v2", 1).await;
    bench.start_run("r2").await;
    bench.shift(Split::from_green_bps(5_000).unwrap()).await;
    bench.kill_agent();
    kill(pids(&blue)[0]);
    kill(pids(&green)[0]);
    pretend_reboot(&bench);
    bench.run_agent().await;
    let view = bench.ready(Slot::Blue).await;
    assert_eq!(view.release, Some("v1".parse().unwrap()));
    let status = bench.client.status().await.unwrap();
    assert_eq!(status.route.route.split, Split::ALL_BLUE);
    assert_eq!(status.slots.green.release, None);
    let why = status.run.unwrap().guard.unwrap().why;
    assert_eq!(why, "the machine was restarted during the run");
}

/// What became of a launch is shown at once, and written down a moment later.
async fn on_disk(bench: &Bench, what: &str) {
    let path = bench.state_dir().join("agent.json");
    until("it is on disk", async || fs::read_to_string(&path).unwrap().contains(what).then_some(())).await;
}

/// Writes another boot into the state file, as if it had been written before one.
fn pretend_reboot(bench: &Bench) {
    let path = bench.state_dir().join("agent.json");
    let text = fs::read_to_string(&path).unwrap();
    let (_, state) = text.trim_end().strip_suffix('}').unwrap().split_once("\"state\":").unwrap();
    let boot = serde_json::from_str::<serde_json::Value>(state).unwrap()["boot"].as_str().unwrap().to_owned();
    let state = state.replace(&boot, "another-boot");
    let sum: Vec<String> =
        Sha256::digest(state.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let sum = sum.concat();
    fs::write(&path, format!("{{\"format\":1,\"sha256\":\"{sum}\",\"state\":{state}}}")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_is_asked_to_end_leaves_the_releases_running() {
    let mut bench = Bench::start().await;
    let before = bench.run(Slot::Blue, "v1", 1).await;
    bench.client.stop(&StopAgent { releases: false }).await.unwrap();
    assert_eq!(bench.agent_ended().await, Some(0));
    assert!(!bench.state_dir().join("agent.sock").exists());
    assert!(is_alive(pids(&before)[0]));
    bench.run_agent().await;
    assert_eq!(pids(&bench.ready(Slot::Blue).await), pids(&before));
    bench.signal_agent(Signal::TERM);
    assert_eq!(bench.agent_ended().await, Some(0));
    assert!(is_alive(pids(&before)[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_is_asked_to_end_its_releases_too_launches_them_again_when_it_is_back() {
    let mut bench = Bench::start().await;
    let before = bench.run(Slot::Blue, "v1", 1).await;
    bench.client.stop(&StopAgent { releases: true }).await.unwrap();
    assert_eq!(bench.agent_ended().await, Some(0));
    assert!(!is_alive(pids(&before)[0]));
    bench.run_agent().await;
    bench.ready(Slot::Blue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_back_from_the_dead_keeps_users_waiting_instead_of_failing_them() {
    let mut bench = Bench::start().await;
    bench.run(Slot::Blue, "v1", 1).await;
    bench.shift(Split::ALL_BLUE).await;
    let listen = bench.listen;
    for _ in 0..3 {
        bench.kill_agent();
        let user = until("the listener is back", async || get(listen, "/").await.ok());
        let (answer, ()) = tokio::join!(user, bench.run_agent());
        assert_eq!(answer.0, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_belong_to_nothing_are_ended_by_the_next_agent() {
    let mut bench = Bench::start().await;
    let view = bench.run(Slot::Blue, "v1", 1).await;
    bench.kill_agent();
    // As if the agent had been killed between forgetting a slot and the end of its processes.
    let state = bench.state_dir().join("agent.json");
    fs::remove_file(&state).unwrap();
    fs::remove_file(state.with_extension("json.prev")).unwrap();
    bench.run_agent().await;
    assert_eq!(bench.client.slot(Slot::Blue).await.unwrap().release, None);
    until("the stranger is gone", async || (!is_alive(pids(&view)[0])).then_some(())).await;
}
