use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::*;
use crate::sample::{Answers, SampleOptions, serve};

/// A sample service in this process; dropping the sender stops it.
async fn sample(fail_share: f64) -> (String, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let options = SampleOptions {
        host: address.ip(),
        port: address.port(),
        release: "v7".to_owned(),
        fail_share,
        latency: Duration::ZERO,
        never_ready: false,
        fail_paths: Vec::new(),
        fail_smoke: false,
        exit_at_once: false,
        wrong_port: false,
    };
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(serve(listener, Arc::new(Answers::new(options)), async move {
        let _ = stopped.await;
    }));
    (format!("http://{address}"), stop)
}

fn options(target: &str) -> LoadOptions {
    LoadOptions::new(target.parse::<Uri>().unwrap())
}

/// Waits until the load has been due this many requests.
async fn until(load: &Load, requests: u64) {
    while load.so_far().requests < requests {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_requests_a_second_are_all_answered_and_put_down_to_their_release() {
    let (address, _stop) = sample(0.2).await;
    let load = Load::start(options(&address).with_rate(2_000)).unwrap();
    until(&load, 2_000).await;
    let report = load.stop().await;
    assert_eq!(report.failed, 0, "{report}");
    assert_eq!(report.requests, report.ok + report.harmed);
    let release = &report.releases["v7"];
    assert_eq!((release.ok, release.harmed), (report.ok, report.harmed));
    assert_eq!(report.harmed, report.requests / 5);
    assert_eq!(report.first_bad, release.first_bad);
    assert!(report.first_bad.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_answers_do_not_slow_the_rate_and_overflow_counts_as_failed() {
    let (address, _stop) = sample(0.0).await;
    let slow = format!("{address}/slow?ms=60000");
    let options =
        options(&slow).with_rate(1_000).with_most_in_flight(10).with_timeout(Duration::from_millis(300));
    let load = Load::start(options).unwrap();
    until(&load, 200).await;
    let report = load.stop().await;
    assert_eq!(report.failed, report.requests, "{report}");
    assert!(report.reasons["too many requests in flight"] > 100, "{report}");
    assert!(report.reasons["no answer in time"] >= 10, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_is_a_failure_with_its_reason() {
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let load = Load::start(options(&format!("http://{unused}/"))).unwrap();
    until(&load, 3).await;
    let report = load.stop().await;
    assert_eq!(report.failed, report.requests);
    assert!(report.reasons.keys().all(|why| why.contains("refused")), "{report}");
    assert_eq!(report.latency.map(|latency| latency.max_ms > 0.0), Some(true));
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_before_anything_is_sent() {
    let refused = |options: LoadOptions| Load::start(options).unwrap_err().to_string();
    insta::assert_snapshot!(refused(options("https://x/")), @"`https://x/` is not an address such as http://127.0.0.1:8080/");
    insta::assert_snapshot!(refused(options("/x")), @"`/x` is not an address such as http://127.0.0.1:8080/");
    insta::assert_snapshot!(refused(options("http://x/").with_rate(0)), @"a rate of 0 requests/s is not between 1 and 100000");
}
