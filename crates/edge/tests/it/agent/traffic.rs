//! Traffic through a real agent: the switcher's promises, restarts under load, retained releases, windows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use handover_edge::api::{ApiErrorKind, InstanceState, RestartRequest, SlotView, WatchRequest};
use handover_edge::{AgentClient, AgentSwitcher};
use handover_monitor::source::WindowSource;
use handover_traffic::testkit::{OpenRequest, Opened, Subject};
use handover_traffic::{Split, TrafficSwitcher};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixListener};

use super::bench::{Bench, ask, pids, until};

/// An agent with a release in each slot, moved through its socket and watched from outside.
struct Real {
    bench: Bench,
    switcher: AgentSwitcher,
}

impl Real {
    async fn start() -> Self {
        let bench = Bench::start().await;
        bench.run_both().await;
        Self { switcher: AgentSwitcher::new(bench.client.clone()), bench }
    }
}

#[async_trait]
impl Subject for Real {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.switcher
    }

    /// The answer says at once which release gives it, and does not end.
    async fn open_request(&self) -> Opened {
        let mut stream = TcpStream::connect(self.bench.listen).await.unwrap();
        stream.write_all(b"GET /stream HTTP/1.1\r\nHost: shop\r\n\r\n").await.unwrap();
        let mut text = String::new();
        while !text.contains("\r\n\r\n") || !(text.contains("v1") || text.contains("v2")) {
            let mut piece = [0; 1_024];
            match stream.read(&mut piece).await {
                Ok(read) if read > 0 => text.push_str(&String::from_utf8_lossy(&piece[..read])),
                _ => return Opened::Nowhere(text),
            }
        }
        let slot = if text.contains("v1") { Slot::Blue } else { Slot::Green };
        Opened::At(OpenRequest::new(slot, stream))
    }

    /// An agent that takes a request and is gone.
    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        let path = self.bench.state_dir().join("silent.sock");
        let listener = UnixListener::bind(&path).unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = [0; 4];
                let _ = stream.read_exact(&mut head).await;
            }
        });
        Some(Arc::new(AgentSwitcher::new(AgentClient::new(path))))
    }
}

handover_traffic::conformance_tests!(Real::start().await);

#[tokio::test(flavor = "multi_thread")]
async fn the_agents_client_claims_what_its_switcher_does() {
    let proxy = handover_edge::proxy::Proxy::new(handover_edge::proxy::ProxyOptions::default()).unwrap();
    let store = Arc::new(handover_edge::local::Forgetful);
    let record = handover_edge::local::RouteRecord::default();
    let local = handover_edge::local::LocalSwitcher::new(proxy, store, record);
    let remote = AgentSwitcher::new(AgentClient::new("/nowhere"));
    assert_eq!(remote.capabilities(), local.capabilities());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_under_load_fails_nobody() {
    let bench = Bench::start().await;
    let before = bench.run(Slot::Blue, "v1", 2).await;
    bench.shift(Split::ALL_BLUE).await;
    let (over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let users: Vec<_> = (0..8)
        .map(|_| tokio::spawn(use_service(bench.listen, Arc::clone(&over), Arc::clone(&answered))))
        .collect();
    let load = async || (answered.load(Ordering::Relaxed) > 100).then_some(());
    until("there is load", load).await;
    let request = RestartRequest { release: "v1".parse().unwrap(), fence: bench.fence().await };
    let after = bench.client.restart_slot(Slot::Blue, &request).await.unwrap();
    over.store(true, Ordering::Relaxed);
    for user in users {
        assert_eq!(user.await.unwrap(), Vec::<String>::new());
    }
    assert!(after.ready());
    let (old, new) = (pids(&before), pids(&after));
    assert!(new.iter().all(|pid| !old.contains(pid)), "{old:?} {new:?}");
}

/// Requests one after the other until it is over; what was not answered well. Nobody sends a POST twice: whoever
/// cuts one off fails it.
async fn use_service(
    to: std::net::SocketAddr,
    over: Arc<AtomicBool>,
    answered: Arc<AtomicU64>,
) -> Vec<String> {
    let mut failed = Vec::new();
    while !over.load(Ordering::Relaxed) {
        match ask(to, "POST", "/slow").await {
            Ok((200, _)) => {
                answered.fetch_add(1, Ordering::Relaxed);
            }
            other => failed.push(format!("{other:?}")),
        }
    }
    failed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_instance_with_traffic_is_not_restarted_into_a_gap() {
    let bench = Bench::start().await;
    bench.run(Slot::Blue, "v1", 1).await;
    bench.shift(Split::ALL_BLUE).await;
    let mut request = RestartRequest { release: "v1".parse().unwrap(), fence: bench.fence().await };
    let gap = bench.client.restart_slot(Slot::Blue, &request).await.unwrap_err();
    request.release = "v2".parse().unwrap();
    let unknown = bench.client.restart_slot(Slot::Blue, &request).await.unwrap_err();
    insta::assert_snapshot!(format!("{gap}\n{unknown}"), @"
    blue has traffic and a single instance: restarting it would leave a gap
    v2 does not run in blue
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_says_503_gets_no_requests_until_it_says_otherwise() {
    let bench = Bench::start().await;
    let release = bench.freeze(Bench::spec("v1", "on-demand"));
    bench.launch(Slot::Blue, &release, "r1").await;
    bench.ready(Slot::Blue).await;
    bench.shift(Split::ALL_BLUE).await;
    let switch = bench.release_files(&release).join("unready");
    std::fs::write(&switch, "").unwrap();
    let unready = |view: &SlotView| view.instances[0].state == InstanceState::Unready;
    let out = until("it is unready", async || bench.client.slot(Slot::Blue).await.ok().filter(unready)).await;
    assert_eq!(out.instances[0].trouble.as_deref(), Some("answered 503"));
    assert_eq!(bench.get("/").await.0, 503);
    std::fs::remove_file(&switch).unwrap();
    bench.ready(Slot::Blue).await;
    assert_eq!(bench.get("/").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_former_release_stays_warm_for_its_time_and_goes_then() {
    let bench = Bench::start().await;
    bench.run_both().await;
    bench.shift(Split::ALL_GREEN).await;
    let status = bench.settle(Slot::Green, "v2", Duration::from_hours(24)).await;
    assert_eq!(status.stable, Some((Slot::Green, "v2".parse().unwrap())));
    assert!(status.slots.blue.retained_until.is_some() && status.slots.blue.ready());
    assert_eq!(status.slots.green.retained_until, None);
    let status = bench.settle(Slot::Green, "v2", Duration::from_secs(1)).await;
    assert!(status.slots.blue.release.is_some());
    let gone = async || bench.client.slot(Slot::Blue).await.ok().filter(|view| view.release.is_none());
    until("its time is over", gone).await;
    assert_eq!(bench.get("/").await.1.split(' ').next(), Some("v2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn settling_with_nothing_retained_stops_the_former_release_at_once() {
    let bench = Bench::start().await;
    bench.run_both().await;
    bench.shift(Split::from_green_bps(5_000).unwrap()).await;
    let request = handover_edge::api::SettleRequest {
        stable: Slot::Blue,
        release: "v1".parse().unwrap(),
        retain_ms: 0,
        fence: bench.fence().await,
    };
    let early = bench.client.settle(&request).await.unwrap_err();
    insta::assert_snapshot!(early, @"blue does not have all of the traffic (blue 50 % green 50 %)");
    bench.shift(Split::ALL_BLUE).await;
    let status = bench.client.settle(&request).await.unwrap();
    assert_eq!(status.slots.green.release, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_hold_every_request_of_both_arms_once() {
    let bench = Bench::start().await;
    bench.run_both().await;
    bench.shift(Split::from_green_bps(5_000).unwrap()).await;
    let nobody = bench.client.windows(None, Duration::ZERO).await.unwrap_err();
    assert_eq!(nobody.kind(), Some(&ApiErrorKind::NotFound));
    let request = WatchRequest { run: "r2".parse().unwrap(), candidate: Slot::Green, limit_ms: 500 };
    let watch = bench.client.watch(&request).await.unwrap();
    assert_eq!(bench.client.watch(&request).await.unwrap(), watch, "the same twice is once");
    let source: &dyn WindowSource = &bench.client;
    let begun = source.begin(&request.run, Slot::Green, Duration::from_millis(500)).await.unwrap();
    assert_eq!(begun, watch.epoch, "and by way of the trait");
    for _ in 0..60 {
        assert_eq!(bench.get("/").await.0, 200);
    }
    let (mut after, mut counted) = (None, [0, 0]);
    while counted.iter().sum::<u64>() < 60 {
        let pairs = source.after(after, Duration::from_secs(10)).await.unwrap();
        assert_eq!((pairs.epoch, pairs.missed), (watch.epoch, 0));
        for pair in pairs.pairs {
            after = Some(pair.seq);
            counted = [counted[0] + pair.candidate.n, counted[1] + pair.stable.n];
        }
    }
    assert_eq!(counted.iter().sum::<u64>(), 60);
    assert!(counted[0] > 0 && counted[1] > 0, "{counted:?}");
    let recent = async || {
        let recent = bench.client.status().await.unwrap().recent;
        (recent.blue.n + recent.green.n == 60).then_some(recent)
    };
    let recent = until("people see them too", recent).await;
    assert!(recent.green.p95.is_some() && recent.green.errors == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_goes_on_in_a_new_epoch_after_the_agent_was_killed() {
    let mut bench = Bench::start().await;
    bench.run(Slot::Blue, "v1", 1).await;
    bench.shift(Split::ALL_BLUE).await;
    let request = WatchRequest { run: "r2".parse().unwrap(), candidate: Slot::Blue, limit_ms: 500 };
    let before = bench.client.watch(&request).await.unwrap();
    bench.kill_and_restart_agent().await;
    let after = bench.client.watch(&request).await.unwrap();
    assert!(after.epoch > before.epoch);
    assert_eq!(bench.get("/").await.0, 200);
    // A number of the former epoch: the reader gets the new one from its start.
    let pairs = bench.client.windows(Some(1_000_000), Duration::from_secs(10)).await.unwrap();
    assert_eq!((pairs.epoch, pairs.pairs[0].seq), (after.epoch, 1));
}
