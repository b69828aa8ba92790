use handover_edge::proxy::ProxyOptions;

use super::rig::{Client, Load, Rig, request};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_cutovers_under_load_lose_nothing_and_are_in_force_at_once() {
    let (rig, _blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let load = Load::start(rig.addr, 8);
    let mut kept = Client::new(rig.addr).await;
    for cutover in 1..=300 {
        let green = cutover % 2 == 1;
        rig.split(if green { 10_000 } else { 0 });
        let new = if green { "v2" } else { "v1" };
        // First sent after the change was acknowledged, on a connection that the old release served until now.
        assert_eq!(kept.send(request("/")).await.unwrap().body, new, "cutover {cutover}");
        if cutover % 10 == 0 {
            assert_eq!(rig.get("/").await.body, new, "cutover {cutover}, on a new connection");
            load.more(50).await;
        }
    }
    let answers = load.end().await;
    assert_eq!(answers.keys().map(String::as_str).collect::<Vec<_>>(), ["200 v1", "200 v2"], "{answers:?}");
    assert!(answers.values().sum::<usize>() >= 1_500, "{answers:?}");
}

#[tokio::test]
async fn a_kept_connection_to_a_release_is_used_again_and_closed_when_it_leaves() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let mut client = Client::new(rig.addr).await;
    for _ in 0..50 {
        client.send(request("/")).await.unwrap();
    }
    assert_eq!(blue.connections(), 1, "a new connection per request");
    rig.proxy.set_targets(handover_core::Slot::Blue, None);
    super::rig::until("its connections are closed", || blue.connections() == 0).await;
}

#[tokio::test]
async fn a_connection_in_use_when_its_instance_leaves_is_closed_after_its_answer() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    // Keeps the instance in flight, so that nothing but its leaving closes the other connection.
    let _upgrade = super::rig::upgraded(rig.addr).await;
    let addr = rig.addr;
    let slow = tokio::spawn(async move { Client::new(addr).await.send(request("/slow")).await });
    super::rig::until("both are under way", || blue.count() == 2).await;
    rig.proxy.set_targets(handover_core::Slot::Blue, None);
    blue.open_gate();
    assert_eq!(super::rig::soon(slow).await.unwrap().unwrap().status, 200);
    super::rig::until("its connection is closed", || blue.connections() == 0).await;
}
