//! What users see of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use handover_core::BySlot;
use handover_edge::proxy::Address;
use handover_edge::standalone::StandaloneEdge;
use handover_traffic::Drained;

use super::bench::{Bench, options};
use crate::proxy::rig::{Client, Release, request, soon, until};

/// Sends requests one after the other on one connection until told, and counts the answers by release.
async fn use_service(to: std::net::SocketAddr, over: Arc<AtomicBool>) -> (u32, u32) {
    let (mut client, mut blue, mut green) = (Client::new(to).await, 0, 0);
    while !over.load(Ordering::Relaxed) {
        let reply = client.send(request("/")).await.unwrap();
        match (reply.status, reply.body.as_str()) {
            (200, "v1") => blue += 1,
            (200, "v2") => green += 1,
            other => panic!("{other:?}"),
        }
    }
    (blue, green)
}

#[tokio::test(flavor = "multi_thread")]
async fn under_load_shares_are_kept_and_nobody_fails_while_they_move() {
    let bench = Bench::start().await;
    let over = Arc::new(AtomicBool::new(false));
    let users: Vec<_> = (0..8).map(|_| tokio::spawn(use_service(bench.users, Arc::clone(&over)))).collect();
    let served = async |observed: handover_traffic::Observed| observed.served.unwrap();
    for bps in [1_000, 5_000, 9_000] {
        let from = served(bench.split(bps).await).await;
        let (blue, green) = loop {
            let now: handover_traffic::Observed =
                serde_json::from_str(&bench.ask("GET /v1/route", "").await.1).unwrap();
            let now = served(now).await;
            let (blue, green) = (now.blue - from.blue, now.green - from.green);
            if blue + green >= 2_000 {
                break (blue, green);
            }
        };
        // Six standard deviations of as many draws; and what was in flight while the share moved.
        let float = |count: u64| f64::from(u32::try_from(count).unwrap());
        let (n, share) = (float(blue + green), f64::from(bps) / 10_000.0);
        let off = (float(green) / n - share).abs();
        assert!(off < 6.0 * (share * (1.0 - share) / n).sqrt() + 0.005, "{bps}: {green} of {n}");
    }
    over.store(true, Ordering::Relaxed);
    let mut counted = (0, 0);
    for user in users {
        let (blue, green) = soon(user).await.unwrap();
        counted = (counted.0 + blue, counted.1 + green);
    }
    assert!(counted.0 > 2_000 && counted.1 > 2_000, "{counted:?}");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_counts_what_is_in_flight_and_ends_with_it() {
    let bench = Bench::start().await;
    let addr = bench.users;
    let slow = tokio::spawn(async move { Client::new(addr).await.send(request("/slow")).await });
    until("the request is there", || bench.releases.blue.count() == 1).await;
    bench.split(10_000).await;
    let drain = |limit: u64| format!(r#"{{"slot":"blue","limit_ms":{limit}}}"#);
    let left: Drained = serde_json::from_str(&bench.ask("POST /v1/drain", &drain(20)).await.1).unwrap();
    assert_eq!(left, Drained::TimedOut { requests: 1, streams: 0, upgrades: 0 });
    bench.releases.blue.open_gate();
    let gone: Drained = serde_json::from_str(&bench.ask("POST /v1/drain", &drain(20_000)).await.1).unwrap();
    assert!(matches!(gone, Drained::Clean { .. }), "{gone:?}");
    assert_eq!(soon(slow).await.unwrap().unwrap().body, "v1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_is_gone_costs_a_502_and_nothing_once_it_is_back() {
    let mut bench = Bench::start().await;
    assert_eq!(bench.get("/").await.status, 200);
    bench.releases.blue.close().await;
    let reply = bench.get("/").await;
    assert_eq!((reply.status, reply.header("handover-error")), (502, Some("connect")));
    let _back = Release::start_at("v1", bench.releases.blue.addr).await;
    assert_eq!(bench.get("/").await.body, "v1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_of_several_addresses_is_served_by_all_of_them_and_by_those_that_are_left() {
    let (one, two, green) =
        (Release::start("a").await, Release::start("b").await, Release::start("v2").await);
    let dir = tempfile::tempdir().unwrap();
    let upstreams = BySlot { blue: vec![one.addr.into(), two.addr.into()], green: vec![green.addr.into()] };
    let edge = StandaloneEdge::open(options(&dir, upstreams)).await.unwrap();
    let users = edge.listens_at().unwrap();
    tokio::spawn(edge.run(std::future::pending()));
    let get = async || Client::new(users).await.send(request("/")).await.unwrap();
    for _ in 0..20 {
        assert_eq!(get().await.status, 200);
    }
    assert!(one.count() > 0 && two.count() > 0);
    one.kill().await;
    for _ in 0..20 {
        assert_eq!(get().await.body, "b");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_looked_up_and_one_that_means_nothing_is_a_502() {
    let blue = Release::start("v1").await;
    let dir = tempfile::tempdir().unwrap();
    let name = |text: String| -> Vec<Address> { vec![text.parse().unwrap()] };
    let upstreams = BySlot {
        blue: name(format!("localhost:{}", blue.addr.port())),
        // After RFC 2606 this name never means anything.
        green: name("shop-green.invalid:3000".into()),
    };
    let edge = StandaloneEdge::open(options(&dir, upstreams)).await.unwrap();
    let users = edge.listens_at().unwrap();
    tokio::spawn(edge.run(std::future::pending()));
    let get = async || Client::new(users).await.send(request("/")).await.unwrap();
    assert_eq!(get().await.body, "v1");
    let dir = tempfile::tempdir().unwrap();
    let nowhere = || name("shop-green.invalid:3000".into());
    let mut slow = options(&dir, BySlot { blue: nowhere(), green: nowhere() });
    // However long the system's resolver takes, a user waits for this at most.
    slow.proxy.timeouts.connect = Duration::from_millis(300);
    let edge = StandaloneEdge::open(slow).await.unwrap();
    let users = edge.listens_at().unwrap();
    tokio::spawn(edge.run(std::future::pending()));
    let reply = Client::new(users).await.send(request("/")).await.unwrap();
    assert!(matches!(reply.status, 502 | 504), "{reply:?}");
}
