use std::time::Duration;

use handover_core::{Slot, Timestamp};
use handover_edge::proxy::{ProxyOptions, Sticky};
use handover_traffic::{Route, Split};

use super::rig::{Client, Load, Release, Rig, pin, request, soon, until, with};

#[tokio::test]
async fn a_split_is_kept_within_what_chance_allows() {
    let (rig, _blue, _green) = Rig::pair(ProxyOptions::default()).await;
    rig.split(1_000);
    let mut client = Client::new(rig.addr).await;
    let mut green = 0;
    for _ in 0..2_000 {
        green += u32::from(client.send(request("/")).await.unwrap().body == "v2");
    }
    // Five standard deviations of a binomial with n = 2000, p = 0.1 are 67.
    assert!((133..=267).contains(&green), "{green} of 2000");
    let served = rig.proxy.served();
    assert_eq!((served.blue + served.green, served.green), (2_000, u64::from(green)));
}

#[tokio::test]
async fn a_user_with_a_cookie_stays_and_one_without_gets_it() {
    let options = ProxyOptions::default().with_sticky(Sticky::Cookie { name: "seat".into() });
    let (rig, _blue, _green) = Rig::pair(options).await;
    rig.split(5_000);
    for _ in 0..20 {
        let first = rig.get("/").await;
        let cookie = first.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        for _ in 0..5 {
            let next = rig.send(with("/", &[("cookie", &cookie)])).await;
            assert_eq!((next.body, next.headers.get("set-cookie")), (first.body.clone(), None));
        }
    }
}

#[tokio::test]
async fn a_header_decides_where_it_is_the_key() {
    let options = ProxyOptions::default().with_sticky(Sticky::Header { name: "x-user".into() });
    let (rig, _blue, _green) = Rig::pair(options).await;
    rig.split(5_000);
    let mut bodies = std::collections::BTreeSet::new();
    for user in 0..20 {
        let user = user.to_string();
        let first = rig.send(with("/", &[("x-user", &user)])).await.body;
        assert_eq!(rig.send(with("/", &[("x-user", &user)])).await.body, first);
        bodies.insert(first);
    }
    assert_eq!(bodies.len(), 2, "twenty users on one side");
}

#[tokio::test]
async fn a_pin_reaches_its_slot_whatever_the_split_and_is_never_counted() {
    let (rig, blue, green) = Rig::pair(ProxyOptions::default()).await;
    let pinned = rig.send(with("/", &[("handover-pin", &pin("v2"))])).await;
    assert_eq!((pinned.body.as_str(), pinned.header("handover-release")), ("v2", Some("v2")));
    assert_eq!(green.seen()[0].headers.get("handover-pin"), None);
    assert_eq!(rig.proxy.served().green, 0);
    assert_eq!(rig.metric("handover_edge_pinned_total"), 1);
    assert_eq!(blue.count(), 0);
}

#[tokio::test]
async fn a_wrong_pin_is_as_good_as_none_and_goes_no_further() {
    let (rig, blue, green) = Rig::pair(ProxyOptions::default()).await;
    let long = "ab".repeat(3_000);
    for wrong in ["", "00000000000000000000000000000000", "g", &long, &pin("v2")[..31]] {
        let reply = rig.send(with("/", &[("handover-pin", wrong), ("handover-probe", wrong)])).await;
        assert_eq!((reply.body.as_str(), reply.header("handover-release")), ("v1", None));
    }
    let mut not_text = request("/");
    not_text.headers_mut().insert("handover-pin", http::HeaderValue::from_bytes(&[0xff; 32]).unwrap());
    assert_eq!(rig.send(not_text).await.body, "v1");
    assert!(
        blue.seen().iter().all(|seen| !seen.headers.keys().any(|name| name.as_str().starts_with("handover")))
    );
    assert_eq!((green.count(), rig.proxy.served().blue), (0, 6));
}

#[tokio::test]
async fn a_probe_goes_where_users_go_learns_its_release_and_is_not_counted() {
    let secret = "0123456789abcdef0123456789abcdef";
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default().with_probe_secret(Some(secret.into()))).await;
    let reply = rig.send(with("/", &[("handover-probe", secret)])).await;
    assert_eq!(reply.header("handover-release"), Some("v1"));
    assert_eq!(blue.seen()[0].headers.get("handover-probe"), None);
    assert_eq!((rig.proxy.served().blue, rig.metric("handover_edge_probes_total")), (0, 1));
}

#[tokio::test]
async fn a_hold_lets_requests_wait_and_loses_none() {
    let (rig, _blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let load = Load::start(rig.addr, 16);
    load.more(200).await;
    for green in [true, false, true] {
        let split = Split::all(if green { Slot::Green } else { Slot::Blue });
        let far = Timestamp::now().plus(Duration::from_mins(10));
        rig.proxy.set_route(Route::hold(split, far));
        until("all requests wait", || rig.metric("handover_edge_waiting") == 16).await;
        assert_eq!(rig.proxy.in_flight().blue.total() + rig.proxy.in_flight().green.total(), 0);
        rig.proxy.set_route(Route::serve(split));
        load.more(200).await;
    }
    let answers = load.end().await;
    assert_eq!(answers.keys().map(String::as_str).collect::<Vec<_>>(), ["200 v1", "200 v2"]);
}

#[tokio::test]
async fn a_hold_ends_by_itself() {
    let (rig, _blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let until = Timestamp::now().plus(Duration::from_millis(50));
    rig.proxy.set_route(Route::hold(Split::ALL_GREEN, until));
    let reply = rig.get("/").await;
    assert!(Timestamp::now() >= until, "answered during the hold");
    assert_eq!((reply.status, reply.body.as_str()), (200, "v2"));
}

#[tokio::test]
async fn a_pinned_request_passes_a_hold() {
    let (rig, _blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let far = Timestamp::now().plus(Duration::from_mins(10));
    rig.proxy.set_route(Route::hold(Split::ALL_BLUE, far));
    assert_eq!(rig.send(with("/", &[("handover-pin", &pin("v2"))])).await.body, "v2");
}

#[tokio::test]
async fn more_than_may_wait_are_told_to_come_again() {
    let (rig, _blue, _green) = Rig::pair(ProxyOptions::default().with_max_waiting(1)).await;
    let far = Timestamp::now().plus(Duration::from_mins(10));
    rig.proxy.set_route(Route::hold(Split::ALL_BLUE, far));
    let addr = rig.addr;
    let first = tokio::spawn(async move { Client::new(addr).await.send(request("/")).await });
    until("one waits", || rig.metric("handover_edge_waiting") == 1).await;
    let second = rig.get("/").await;
    assert_eq!((second.status, second.header("handover-error")), (503, Some("too-many-waiting")));
    assert_eq!(second.header("retry-after"), Some("1"));
    rig.split(0);
    assert_eq!(soon(first).await.unwrap().unwrap().status, 200);
}

#[tokio::test]
async fn after_a_restart_requests_wait_for_the_first_ready_instance() {
    let rig = Rig::new(ProxyOptions::default()).await;
    let release = Release::start("v1").await;
    let load = Load::start(rig.addr, 4);
    until("all requests wait", || rig.metric("handover_edge_waiting") == 4).await;
    rig.place(Slot::Blue, "v1", &[]);
    rig.proxy.set_targets(Slot::Blue, Some(release.targets()));
    load.more(50).await;
    assert_eq!(load.end().await.into_keys().collect::<Vec<_>>(), ["200 v1"]);
}

#[tokio::test]
async fn where_nothing_is_deployed_the_edge_says_so_at_once() {
    let rig = Rig::new(ProxyOptions::default()).await;
    rig.proxy.set_targets(Slot::Blue, None);
    let reply = rig.get("/").await;
    assert_eq!((reply.status, reply.header("handover-error")), (503, Some("no-target")));
    insta::assert_snapshot!(reply.body, @"no release is serving yet");
}

#[tokio::test]
async fn the_wait_for_a_ready_instance_has_an_end() {
    let rig = Rig::new(ProxyOptions::default().with_ready_gate(Duration::from_millis(30))).await;
    assert_eq!(rig.get("/").await.header("handover-error"), Some("no-target"));
}
