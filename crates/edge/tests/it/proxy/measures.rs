use std::time::Duration;

use handover_core::Slot;
use handover_edge::proxy::{AccessLogOptions, ProxyOptions, Targets};
use serde_json::Value;

use super::rig::{Rig, pin, post, until, upgraded, with};

#[tokio::test]
async fn only_what_a_release_did_to_users_is_measured() {
    let (rig, _blue, green) = Rig::pair(ProxyOptions::default()).await;
    rig.split(10_000);
    for path in ["/", "/status/404", "/status/500", "/status/503"] {
        rig.get(path).await;
    }
    rig.send(with("/status/500", &[("handover-pin", &pin("v2"))])).await;
    let upgrade = upgraded(rig.addr).await;
    green.kill().await;
    rig.get("/").await;
    drop(upgrade);
    let totals = rig.proxy.meter(Slot::Green).totals();
    assert_eq!((totals.count(), totals.errors.count(), totals.cancelled.count()), (6, 3, 0));
    assert_eq!(rig.proxy.meter(Slot::Green).in_flight(), 0);
    assert_eq!(rig.proxy.meter(Slot::Blue).totals().count(), 0);
}

#[tokio::test]
async fn latency_is_to_the_end_of_the_body_and_waiting_is_seen_before_it_ends() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let addr = rig.addr;
    let slow = tokio::spawn(async move {
        super::rig::Client::new(addr).await.send(super::rig::request("/stream")).await
    });
    let limit = Duration::from_millis(40);
    let read = || rig.proxy.meter(Slot::Blue).read(rig.proxy.origin().elapsed(), limit);
    until("it is seen waiting", || read().crossed == 1).await;
    assert_eq!(read().totals.count(), 0);
    blue.open_gate();
    slow.await.unwrap().unwrap();
    until("it has ended", || read().over == 1).await;
    assert_eq!(read().crossed, 1, "counted twice");
}

#[tokio::test]
async fn every_request_is_logged_with_what_became_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("access.log");
    let options = ProxyOptions::default().with_access_log(Some(AccessLogOptions::new(&path)));
    let (rig, _blue, green) = Rig::pair(options).await;
    rig.split(9_999);
    rig.get("/a?secret").await;
    rig.send(with("/b", &[("handover-pin", &pin("v1"))])).await;
    green.kill().await;
    rig.send(post("/c", "x")).await;
    rig.split(10_000);
    rig.get("/d").await;
    let lines = || std::fs::read_to_string(&path).unwrap();
    until("four lines", || lines().lines().count() == 4).await;
    let said: Vec<_> = lines()
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let part = |name: &str| line[name].to_string().replace('"', "");
            ["method", "path", "status", "release", "error", "bytes", "retried", "pinned"].map(part).join(" ")
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"), @"
    GET /a 200 v2 null 2 false false
    GET /b 200 v1 null 2 false true
    POST /c 200 v1 null 2 true false
    GET /d 502 v2 connect 0 false false
    ");
}

#[tokio::test]
async fn the_metrics_are_one_text_with_every_number() {
    let (rig, _blue, _green) = Rig::pair(ProxyOptions::default()).await;
    rig.get("/").await;
    let text = rig.proxy.metrics_text();
    let names: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
    insta::assert_snapshot!(names.join("\n"), @"
    handover_edge_requests_total counter
    handover_edge_served_total counter
    handover_edge_request_duration_seconds histogram
    handover_edge_in_flight gauge
    handover_edge_weight_bps gauge
    handover_edge_retries_total counter
    handover_edge_reconnects_total counter
    handover_edge_held_total counter
    handover_edge_pinned_total counter
    handover_edge_probes_total counter
    handover_edge_upgrades_closed_total counter
    handover_edge_log_dropped_total counter
    handover_edge_waiting gauge
    handover_edge_connections gauge
    handover_edge_errors_total counter
    ");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (_, number) = line.rsplit_once(' ').unwrap();
        assert!(number.parse::<f64>().is_ok_and(f64::is_finite), "{line}");
    }
}

#[tokio::test]
async fn a_release_has_the_durations_of_its_own_requests_and_none_from_before_it_came() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    for path in ["/", "/status/500"] {
        rig.get(path).await;
    }
    let of = |release: &str| durations(&rig.proxy.metrics_text(), release);
    assert_eq!((of("v1").last(), of("v1").len()), (Some(&2), 21));
    assert!(of("v1").is_sorted(), "{:?}", of("v1"));
    assert_eq!(of("v2").last(), Some(&0));
    let instances = vec![blue.addr.into()];
    let targets = Targets { release: "v3".parse().unwrap(), instances, pin: pin("v3") };
    rig.proxy.set_targets(Slot::Blue, Some(targets));
    assert_eq!((of("v1"), of("v3").last()), (vec![], Some(&0)));
    rig.get("/").await;
    assert_eq!(of("v3").last(), Some(&1));
}

/// A release's buckets and then its count.
fn durations(text: &str, release: &str) -> Vec<u64> {
    let of_release = format!("release=\"{release}\"");
    let lines = text.lines().filter(|line| line.contains("_duration_seconds_") && line.contains(&of_release));
    let lines = lines.filter(|line| !line.contains("_sum{"));
    lines.map(|line| line.rsplit_once(' ').unwrap().1.parse().unwrap()).collect()
}
