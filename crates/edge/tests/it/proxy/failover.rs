use std::time::Duration;

use handover_core::Slot;
use handover_edge::proxy::{ProxyOptions, Timeouts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::rig::{Client, Load, Release, Rig, pin, post, request, until, with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_killed_at_half_the_traffic_fails_no_safe_request() {
    let (rig, _blue, mut green) = Rig::pair(ProxyOptions::default()).await;
    rig.split(5_000);
    let load = Load::start(rig.addr, 16);
    for _ in 0..5 {
        load.more(300).await;
        let addr = green.addr;
        green.kill().await;
        load.more(300).await;
        green = Release::start_at("v2", addr).await;
    }
    load.more(300).await;
    let answers = load.end().await;
    assert_eq!(answers.keys().map(String::as_str).collect::<Vec<_>>(), ["200 v1", "200 v2"], "{answers:?}");
    let errors = rig.metric("handover_edge_requests_total{slot=\"green\",release=\"v2\",class=\"error\"}");
    assert!(errors >= 5, "{errors} failed tries counted against the killed release");
    assert!(rig.metric("handover_edge_retries_total") >= errors);
}

#[tokio::test]
async fn a_refused_connection_is_tried_elsewhere_for_any_method_and_counts_against_its_slot() {
    let (rig, blue, green) = Rig::pair(ProxyOptions::default()).await;
    rig.split(9_999);
    green.kill().await;
    let reply = rig.send(post("/", "once")).await;
    assert_eq!((reply.status, reply.body.as_str()), (200, "v1"));
    assert_eq!(blue.seen()[0].body, "once");
    let errors = "handover_edge_requests_total{slot=\"green\",release=\"v2\",class=\"error\"}";
    assert_eq!(rig.metric(errors), 1);
}

#[tokio::test]
async fn a_slot_without_weight_is_no_way_out() {
    let (rig, blue, green) = Rig::pair(ProxyOptions::default()).await;
    rig.split(10_000);
    green.kill().await;
    let reply = rig.get("/").await;
    assert_eq!((reply.status, reply.header("handover-error")), (502, Some("connect")));
    assert_eq!((blue.count(), reply.header("handover-release")), (0, None));
    insta::assert_snapshot!(reply.body, @"the release could not be reached");
}

#[tokio::test]
async fn a_pinned_request_is_never_sent_elsewhere() {
    let (rig, blue, green) = Rig::pair(ProxyOptions::default()).await;
    rig.split(5_000);
    green.kill().await;
    let reply = rig.send(with("/", &[("handover-pin", &pin("v2"))])).await;
    assert_eq!((reply.status, blue.count()), (502, 0));
    let errors = "handover_edge_requests_total{slot=\"green\",release=\"v2\",class=\"error\"}";
    assert_eq!(rig.metric(errors), 0, "counted against the release");
}

#[tokio::test]
async fn another_instance_of_the_same_slot_comes_first() {
    let (rig, blue, green) = Rig::pair(ProxyOptions::default()).await;
    let dead = Release::start("v2").await;
    rig.place(Slot::Green, "v2", &[dead.addr, green.addr]);
    rig.split(9_999);
    dead.kill().await;
    for _ in 0..20 {
        let reply = rig.get("/").await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "v2"));
    }
    assert_eq!(blue.count(), 0);
    let retries = rig.metric("handover_edge_retries_total");
    assert!((1..=3).contains(&retries), "the dead instance was asked {retries} times");
}

#[tokio::test]
async fn a_slot_with_no_ready_instance_lets_the_other_stand_in_and_takes_the_blame() {
    let (rig, _blue, _green) = Rig::pair(ProxyOptions::default()).await;
    rig.place(Slot::Green, "v2", &[]);
    rig.split(9_999);
    for _ in 0..10 {
        assert_eq!(rig.get("/").await.body, "v1");
    }
    let errors = "handover_edge_requests_total{slot=\"green\",release=\"v2\",class=\"error\"}";
    assert!(rig.metric(errors) >= 9);
    rig.split(10_000);
    assert_eq!(rig.get("/").await.header("handover-error"), Some("no-instance"));
}

/// Takes a request, all of it, and closes without a word; counts them.
async fn mute() -> (std::net::SocketAddr, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let taken = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = taken.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            if matches!(stream.read(&mut buffer).await, Ok(1..)) {
                count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
        }
    });
    (addr, taken)
}

#[tokio::test]
async fn a_request_that_may_have_been_acted_on_is_not_sent_twice() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let (addr, taken) = mute().await;
    rig.place(Slot::Green, "v2", &[addr]);
    rig.split(9_999);
    let reply = rig.send(post("/", "charge the card")).await;
    assert_eq!((reply.status, reply.header("handover-error")), (502, Some("broken")));
    assert_eq!((taken.load(std::sync::atomic::Ordering::SeqCst), blue.count()), (1, 0));
    assert_eq!(rig.send(post("/", "")).await.status, 502, "without a body it is no safer");
    assert_eq!((taken.load(std::sync::atomic::Ordering::SeqCst), blue.count()), (2, 0));
    assert_eq!((rig.get("/").await.body.as_str(), blue.count()), ("v1", 1), "a safe one is");
}

#[tokio::test]
async fn an_answer_that_has_begun_is_not_begun_again() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    rig.place(Slot::Green, "v2", &[listener.local_addr().unwrap()]);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le").await;
        }
    });
    rig.split(9_999);
    let reply = rig.get("/").await;
    assert_eq!((reply.status, reply.header("handover-error"), blue.count()), (502, Some("broken"), 0));
}

#[tokio::test]
async fn a_kept_connection_that_the_release_closed_fails_nobody() {
    let (rig, _blue, green) = Rig::pair(ProxyOptions::default()).await;
    rig.split(10_000);
    assert_eq!(rig.get("/").await.body, "v2");
    let addr = green.addr;
    green.kill().await;
    let _again = Release::start_at("v2", addr).await;
    // Not safe to repeat, and not repeated: the proxy sees that the connection is gone before it sends.
    assert_eq!(rig.send(post("/", "x")).await.status, 200);
    let errors = "handover_edge_requests_total{slot=\"green\",release=\"v2\",class=\"error\"}";
    assert_eq!((rig.metric(errors), rig.metric("handover_edge_reconnects_total")), (0, 1));
}

#[tokio::test]
async fn a_release_that_does_not_answer_in_time_has_failed() {
    let mut timeouts = Timeouts::default();
    timeouts.response_header = Duration::from_millis(50);
    let (rig, _blue, green) = Rig::pair(ProxyOptions::default().with_timeouts(timeouts)).await;
    rig.split(5_000);
    let late = rig.send(with("/never", &[("handover-pin", &pin("v2"))])).await;
    assert_eq!((late.status, late.header("handover-error")), (504, Some("response-timeout")));
    rig.split(10_000);
    assert_eq!(rig.get("/never").await.status, 504);
    let errors = "handover_edge_requests_total{slot=\"green\",release=\"v2\",class=\"error\"}";
    assert_eq!(rig.metric(errors), 1);
    until("its connections are closed", || green.connections() == 0).await;
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error_of_its_release_and_seen_by_the_client() {
    let (rig, _blue, green) = Rig::pair(ProxyOptions::default()).await;
    rig.split(10_000);
    let mut client = Client::new(rig.addr).await;
    let body = client.begin(request("/stream")).await.unwrap().into_body();
    green.kill().await;
    assert!(
        super::rig::soon(http_body_util::BodyExt::collect(body)).await.is_err(),
        "a torn body looks whole"
    );
    let errors = "handover_edge_requests_total{slot=\"green\",release=\"v2\",class=\"error\"}";
    until("it is counted", || rig.metric(errors) == 1).await;
    assert_eq!(rig.proxy.in_flight().green.total(), 0);
}

#[tokio::test]
async fn a_slot_that_lost_its_weight_meanwhile_gets_no_second_try() {
    let (rig, blue, green) = Rig::pair(ProxyOptions::default()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dying = listener.local_addr().unwrap();
    rig.place(Slot::Green, "v2", &[dying]);
    rig.split(10_000);
    let addr = rig.addr;
    let asked = tokio::spawn(async move { Client::new(addr).await.send(request("/")).await });
    let (mut stream, _) = super::rig::soon(listener.accept()).await.unwrap();
    let _ = super::rig::soon(stream.read(&mut [0; 4096])).await.unwrap();
    rig.place(Slot::Green, "v2", &[dying, green.addr]);
    rig.split(0);
    drop(stream);
    assert_eq!(super::rig::soon(asked).await.unwrap().unwrap().body, "v1");
    assert_eq!((blue.count(), green.count()), (1, 0));
}
