//! From a frozen release to one that gets requests, and every way in which that can fail.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use handover_core::Slot;
use handover_edge::api::{InstanceState, LaunchRequest, ReleaseSpec, SlotView, StopRequest};
use handover_traffic::Split;

use super::bench::{Bench, is_alive, kill, pids, until};

/// A failure as an operator reads it, without what differs from run to run.
fn explained(view: &SlotView) -> String {
    let failure = view.failure.as_ref().unwrap();
    let text = format!("{}\n{}", failure.cause, failure.log_tail.join("\n"));
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' if plain.ends_with('N') => {}
            '0'..='9' => plain.push('N'),
            other => plain.push(other),
        }
    }
    plain
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_gets_requests_once_it_is_ready_and_the_route_says_so() {
    let bench = Bench::start().await;
    let view = bench.run(Slot::Blue, "v1", 2).await;
    assert_eq!(bench.get("/").await.0, 503, "ready is not yet routed");
    bench.shift(Split::ALL_BLUE).await;
    let (status, body) = bench.get("/").await;
    assert_eq!((status, &body[..3]), (200, "v1 "));
    let pid: u32 = body[3..].parse().unwrap();
    assert!(pids(&view).contains(&pid), "{pid} of {view:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn launching_the_same_twice_is_once() {
    let bench = Bench::start().await;
    let first = bench.run(Slot::Blue, "v1", 1).await;
    let again = bench.launch(Slot::Blue, &"v1".parse().unwrap(), "run-v1").await;
    assert_eq!(pids(&again), pids(&first));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_is_never_healthy_fails_with_its_last_probe_and_gets_no_request() {
    let bench = Bench::start().await;
    let mut spec = Bench::spec("v1", "never-ready");
    spec.health.start_limit = Duration::from_millis(500);
    bench.launch(Slot::Blue, &bench.freeze(spec), "r1").await;
    let view = bench.failure(Slot::Blue).await;
    insta::assert_snapshot!(explained(&view), @"
    it never became ready within Nms: last probe: answered N
    listening on N.N.N.N:N
    ");
    gone(&bench, Slot::Blue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_exits_at_once_fails_with_its_code_and_its_last_words() {
    let bench = Bench::start().await;
    bench.launch(Slot::Blue, &bench.freeze(Bench::spec("v1", "exit 7")), "r1").await;
    let view = bench.failure(Slot::Blue).await;
    insta::assert_snapshot!(explained(&view), @"
    it exited with code N
    something went wrong
    and this is why
    ");
    gone(&bench, Slot::Blue).await;
    let again = bench.launch(Slot::Blue, &"v1".parse().unwrap(), "r1").await;
    assert!(again.failure.is_some(), "the same launch again is the same failure");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_on_the_wrong_port_is_told_apart_from_one_that_does_not_answer() {
    let bench = Bench::start().await;
    let mut spec = Bench::spec("v1", "wrong-port");
    spec.health.start_limit = Duration::from_millis(500);
    bench.launch(Slot::Blue, &bench.freeze(spec), "r1").await;
    let view = bench.failure(Slot::Blue).await;
    insta::assert_snapshot!(explained(&view), @"
    it listens on N instead of $PORT=N
    listening on N.N.N.N:N
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_on_the_port_is_named_and_never_taken_for_the_release() {
    let bench = Bench::start().await;
    // A process that leaves its session is not the release's any more; whoever looks sees a stranger on the port.
    let service = Bench::spec("v1", "good").command;
    let command = format!("setsid sh -c '{service}' & sleep 1000");
    bench.launch(Slot::Blue, &bench.freeze(ReleaseSpec { command, ..Bench::spec("v1", "good") }), "r1").await;
    let view = bench.failure(Slot::Blue).await;
    insta::assert_snapshot!(explained(&view), @"
    wrong process: pid N (test_service) listens on port N, not the release
    listening on N.N.N.N:N
    ");
    let words: Vec<&str> = view.failure.as_ref().unwrap().cause.split(' ').collect();
    let stranger = words.iter().position(|word| *word == "pid").and_then(|at| words[at + 1].parse().ok());
    kill(stranger.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_started_is_explained() {
    let bench = Bench::start().await;
    let env_file = bench.state_dir().join("shop.env");
    std::fs::write(&env_file, "A=1\nB\n").unwrap();
    let spec = ReleaseSpec { env_file: Some(env_file.clone()), ..Bench::spec("v1", "good") };
    bench.launch(Slot::Blue, &bench.freeze(spec), "r1").await;
    let cause = bench.failure(Slot::Blue).await.failure.unwrap().cause;
    let cause = cause.replace(&*bench.state_dir().to_string_lossy(), "$STATE");
    insta::assert_snapshot!(cause, @"env file $STATE/shop.env, line 2: there is no `=`: a line is NAME=value");
}

#[tokio::test(flavor = "multi_thread")]
async fn values_of_an_env_file_reach_the_release_and_no_file_of_the_agent() {
    let bench = Bench::start().await;
    let env_file = bench.state_dir().parent().unwrap().join("shop.env");
    std::fs::write(&env_file, "SECRET='hunter2 hunter2'\n").unwrap();
    let spec = ReleaseSpec { env_file: Some(env_file), ..Bench::spec("v1", "good") };
    bench.launch(Slot::Blue, &bench.freeze(spec), "r1").await;
    bench.ready(Slot::Blue).await;
    bench.shift(Split::ALL_BLUE).await;
    assert_eq!(bench.get("/env").await, (200, "hunter2 hunter2".into()));
    let found =
        std::process::Command::new("grep").arg("-rl").arg("hunter2").arg(bench.state_dir()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_is_refused_in_a_slot_with_traffic_and_with_an_old_fence() {
    let bench = Bench::start().await;
    bench.run(Slot::Blue, "v1", 1).await;
    bench.shift(Split::ALL_BLUE).await;
    let release = bench.freeze(Bench::spec("v2", "good"));
    let mut request = LaunchRequest { run: "r2".parse().unwrap(), release, fence: bench.fence().await };
    let mut said = vec![bench.client.launch(Slot::Blue, &request).await.unwrap_err().to_string()];
    let stop = StopRequest { release: "v1".parse().unwrap(), fence: request.fence };
    said.push(bench.client.stop_slot(Slot::Blue, &stop).await.unwrap_err().to_string());
    request.release = "v9".parse().unwrap();
    said.push(bench.client.launch(Slot::Green, &request).await.unwrap_err().to_string());
    let me = std::process::id();
    let lease = handover_edge::api::LeaseRequest { holder: "me".into(), pid: me, take_over: false };
    bench.client.acquire(&lease).await.unwrap();
    said.push(bench.client.launch(Slot::Green, &request).await.unwrap_err().to_string());
    insta::assert_snapshot!(said.join("\n"), @"
    blue has 100 % of the traffic
    blue has 100 % of the traffic
    there is no release v9
    fence 0 is behind 1: somebody with a newer lease has acted
    ");
    assert_eq!(bench.get("/").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_without_traffic_makes_room_for_the_next() {
    let bench = Bench::start().await;
    let first = bench.run(Slot::Blue, "v1", 1).await;
    let second = bench.run(Slot::Blue, "v2", 1).await;
    assert_eq!(second.release, Some("v2".parse().unwrap()));
    assert!(!is_alive(pids(&first)[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stubborn_process_is_killed_after_its_grace() {
    let bench = Bench::start().await;
    let spec = ReleaseSpec { grace: Duration::from_millis(300), ..Bench::spec("v1", "stubborn") };
    bench.launch(Slot::Blue, &bench.freeze(spec), "r1").await;
    let pid = pids(&bench.ready(Slot::Blue).await)[0];
    let view = bench.stop(Slot::Blue, "v1").await;
    assert_eq!((view.release, view.instances.len()), (None, 0));
    assert!(!is_alive(pid));
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_another_release_or_nothing_changes_nothing() {
    let bench = Bench::start().await;
    let before = bench.run(Slot::Blue, "v1", 1).await;
    let view = bench.stop(Slot::Blue, "v2").await;
    assert_eq!(pids(&view), pids(&before));
    assert_eq!(bench.stop(Slot::Green, "v2").await.release, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_the_agent_writes_is_for_its_owner_only() {
    let bench = Bench::start().await;
    bench.run(Slot::Blue, "v1", 1).await;
    let mode = |name: &str| {
        let path = bench.state_dir().join(name);
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    };
    assert_eq!(mode(""), 0o700);
    assert_eq!(mode("agent.sock"), 0o600);
    assert_eq!(mode("agent.json"), 0o600);
    assert_eq!(mode("slots/blue/run-v1/0/log"), 0o600);
}

async fn gone(bench: &Bench, slot: Slot) {
    let over = |view: &SlotView| {
        view.instances.iter().all(|i| matches!(i.state, InstanceState::Exited { again_in_ms: None, .. }))
    };
    until("its processes are gone", async || bench.client.slot(slot).await.ok().filter(over)).await;
    assert_eq!(bench.get("/").await.0, 503);
}
