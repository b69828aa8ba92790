//! What a reload, a crash and somebody else's hand do to a split, and what is seen of it.

use std::time::Duration;

use handover_core::{Fence, OpId, Slot};
use handover_traffic::{
    Change, Expected, Observed, Route, Split, TrafficSwitcher as _, TrafficSwitcherExt as _,
};

use super::rig::Rig;

fn tenth() -> Split {
    Split::from_bps(Slot::Green, 1_000).unwrap()
}

async fn at_a_tenth(rig: &Rig) -> Observed {
    rig.switcher().shift_to(tenth(), OpId::new("a canary is out")).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn weights_survive_a_reload_and_a_crash() {
    let Some(mut rig) = Rig::start().await else { return };
    let moved = at_a_tenth(&rig).await;
    rig.reload();
    assert_eq!(rig.switcher().observe().await.unwrap(), moved_again(&rig, &moved).await, "after a reload");
    rig.crash();
    assert_eq!(rig.switcher().observe().await.unwrap().revision, moved.revision, "after a crash");
}

/// The same route and revision; what was counted begins anew.
async fn moved_again(rig: &Rig, moved: &Observed) -> Observed {
    let now = rig.switcher().observe().await.unwrap();
    Observed { served: now.served, in_flight: now.in_flight, ..moved.clone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reload_without_the_state_file_is_seen_as_somebody_elses_change() {
    let Some(mut rig) = Rig::start().await else { return };
    let moved = at_a_tenth(&rig).await;
    std::fs::write(rig.folder.path().join("state"), "").unwrap();
    rig.reload();
    let now = rig.switcher().observe().await.unwrap();
    assert_eq!((now.route.split, now.last_op), (Split::ALL_BLUE, None));
    assert!(now.revision > moved.revision, "{} then {}", moved.revision, now.revision);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_planned_before_somebody_elses_is_refused() {
    let Some(rig) = Rig::start().await else { return };
    let planned = at_a_tenth(&rig).await.revision;
    rig.by_hand("set server app/green weight 200");
    let (route, op) = (Route::serve(Split::ALL_GREEN), OpId::new("the next stage"));
    let change = Change { route, expected: Expected::Revision(planned), op, fence: Fence::ZERO };
    let said = rig.switcher().apply(&change).await.unwrap_err();
    insta::assert_snapshot!(said, @"traffic was at revision 2, not 1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_in_maintenance_gets_traffic_when_that_is_asked_for() {
    let Some(rig) = Rig::start().await else { return };
    rig.by_hand("set server app/green state maint");
    rig.switcher().shift_to(Split::ALL_GREEN, OpId::new("shift")).await.unwrap();
    let (head, _open) = super::users::ask(rig.listen, "").await.unwrap();
    assert_eq!(super::users::slot_of(&head), Some(Slot::Green), "{head}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_with_the_secret_reaches_a_slot_without_traffic() {
    let Some(rig) = Rig::start().await else { return };
    for (pin, slot) in [("secret-green", Slot::Green), ("secret-blue", Slot::Blue), ("guessed", Slot::Blue)] {
        let (head, _open) = super::users::ask(rig.listen, &format!("handover-pin: {pin}\r\n")).await.unwrap();
        assert_eq!(super::users::slot_of(&head), Some(slot), "{pin}: {head}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probes_and_pinned_requests_are_logged_as_none_to_judge_and_guesses_are_not() {
    let Some(rig) = Rig::start().await else { return };
    let cases = [
        ("", "-"),
        ("handover-probe: secret-probe\r\n", "1"),
        ("handover-probe: guessed\r\n", "-"),
        ("handover-pin: secret-green\r\n", "1"),
        ("handover-pin: guessed\r\n", "-"),
    ];
    for (headers, logged) in cases {
        drop(super::users::ask(rig.listen, headers).await.unwrap());
        let mut line = [0; 256];
        let heard = tokio::time::timeout(Duration::from_secs(20), rig.log.recv(&mut line)).await;
        let line = String::from_utf8_lossy(&line[..heard.unwrap().unwrap()]).trim().to_owned();
        assert_eq!(line, logged, "{headers}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_releases_addresses_are_haproxys() {
    let Some(rig) = Rig::start().await else { return };
    let addresses = rig.switcher().platform().addresses().await.unwrap();
    assert_eq!(addresses.green, rig.releases.green.address.to_string());
}
