//! What is said where the Runtime API, its answers or the options are not as they should be.

use std::error::Error as _;
use std::path::Path;
use std::time::Duration;

use handover_core::{BySlot, Fence, OpId};
use handover_traffic::haproxy::{Haproxy, HaproxyOptions, RuntimeSocket};
use handover_traffic::logbook::Logbook;
use handover_traffic::{
    Change, Expected, Route, Split, SwitchError, TrafficSwitcher as _, TrafficSwitcherExt as _,
};

use super::rig::Rig;
use super::runtime_path::{Fate, RuntimePath};

/// The error and its cause, with the test's own folder left out.
fn said(error: &SwitchError, folder: &Path) -> String {
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    format!("{error}: {cause}").replace(&folder.display().to_string(), "FOLDER")
}

async fn observed(rig: &Rig, backend: &str, green: &str) -> String {
    let servers = BySlot { blue: vec!["blue".to_owned()], green: vec![green.to_owned()] };
    let options = HaproxyOptions::new(RuntimeSocket::Unix(rig.socket()), backend, servers).unwrap();
    let error = Haproxy::switcher(options, Logbook::in_memory()).observe().await.unwrap_err();
    said(&error, rig.folder.path())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_haproxy_does_not_have_is_an_error() {
    let Some(rig) = Rig::start().await else { return };
    insta::assert_snapshot!(observed(&rig, "app", "gren").await, @"HAProxy refused the change: its backend `app` has no server `gren`");
    insta::assert_snapshot!(observed(&rig, "shop", "green").await, @"HAProxy refused the change: Can't find backend.");
}

/// Shifts all to green by a path whose commands end like this, and says how it came out.
async fn shifted(rig: &Rig, fate: impl Fn(u64) -> Fate + Send + Sync + 'static) -> (String, Split) {
    let path = RuntimePath::with(rig.folder.path(), rig.socket(), fate);
    let mut options = rig.options();
    options.socket = RuntimeSocket::Unix(path.socket.clone());
    let error =
        Haproxy::switcher(options, rig.logbook()).shift_to(Split::ALL_GREEN, OpId::new("shift")).await;
    let now = rig.switcher().observe().await.unwrap().route.split;
    (said(&error.unwrap_err(), rig.folder.path()), now)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_instead_of_an_empty_line_is_a_refusal() {
    let Some(rig) = Rig::start().await else { return };
    let (error, now) = shifted(&rig, |_| Fate::Answered("No such server.\n\n")).await;
    insta::assert_snapshot!(error, @"HAProxy refused the change: No such server.");
    assert_eq!(now, Split::ALL_BLUE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_in_the_second_half_is_not_known_and_then_seen() {
    let Some(rig) = Rig::start().await else { return };
    let second = |before| if before == 0 { Fate::Passed } else { Fate::Answered("Permission denied\n\n") };
    let (error, now) = shifted(&rig, second).await;
    insta::assert_snapshot!(error, @"HAProxy did not confirm: HAProxy refused the change");
    assert_eq!(now, Split::from_green_bps(5_000).unwrap(), "raised, and not yet lowered");
    rig.switcher().shift_to(Split::ALL_GREEN, OpId::new("shift")).await.unwrap();
}

/// Found by a fault schedule: the other slot was lowered all the same, and nobody had any weight.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_yes_to_a_raise_that_was_not_done_lowers_nobody() {
    let Some(rig) = Rig::start().await else { return };
    let first = |before| if before == 0 { Fate::Answered("\n") } else { Fate::Passed };
    let (error, now) = shifted(&rig, first).await;
    insta::assert_snapshot!(error, @"HAProxy did not confirm: it acknowledged that green weighs 200, and shows 0");
    assert_eq!(now, Split::ALL_BLUE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_that_haproxy_holds_for_down_gets_nothing() {
    let Some(rig) = Rig::start().await else { return };
    rig.releases.green.stop();
    rig.wait_until_down("green");
    let options = rig.options().with_check_patience(Duration::from_millis(50));
    let error =
        Haproxy::switcher(options, rig.logbook()).shift_to(Split::ALL_GREEN, OpId::new("shift")).await;
    insta::assert_snapshot!(said(&error.unwrap_err(), rig.folder.path()), @"HAProxy refused the change: its health check holds green (green) for down");
    assert_eq!(rig.switcher().observe().await.unwrap().route.split, Split::ALL_BLUE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_moves_where_the_state_file_cannot_be_written() {
    let Some(rig) = Rig::start().await else { return };
    let options = rig.options().with_state_file(rig.folder.path().join("missing/state"));
    let traffic = Haproxy::switcher(options, rig.logbook());
    let error = traffic.shift_to(Split::ALL_GREEN, OpId::new("shift")).await.unwrap_err();
    insta::assert_snapshot!(said(&error, rig.folder.path()), @"HAProxy refused the change: could not write its state file FOLDER/missing/state: No such file or directory (os error 2)");
    assert_eq!(traffic.observe().await.unwrap().route.split, Split::ALL_BLUE);
}

#[tokio::test]
async fn a_socket_that_is_not_there_or_closes_is_unreachable() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let servers = || BySlot { blue: vec!["blue".to_owned()], green: vec!["green".to_owned()] };
    let options = HaproxyOptions::new(RuntimeSocket::Unix(socket.clone()), "app", servers()).unwrap();
    let traffic = Haproxy::switcher(options, Logbook::in_memory());
    let error = traffic.observe().await.unwrap_err();
    insta::assert_snapshot!(said(&error, folder.path()), @"HAProxy could not be reached: its Runtime API at FOLDER/socket: No such file or directory (os error 2)");
    let listener = tokio::net::UnixListener::bind(&socket).unwrap();
    let closing = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // Read first: a socket closed with something unread resets instead.
            let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 100]).await;
        }
    });
    let error = traffic.observe().await.unwrap_err();
    insta::assert_snapshot!(said(&error, folder.path()), @"HAProxy could not be reached: its Runtime API at FOLDER/socket: it closed without an answer");
    closing.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backend_in_which_nobody_has_weight_is_said_and_can_be_mended() {
    let Some(rig) = Rig::start().await else { return };
    rig.by_hand("set server app/blue weight 0");
    let error = rig.switcher().observe().await.unwrap_err();
    insta::assert_snapshot!(said(&error, rig.folder.path()), @"HAProxy sends traffic neither to blue nor to green, but to nobody: no server of app has weight:");
    let (route, op) = (Route::serve(Split::ALL_BLUE), OpId::new("the way back"));
    let back = Change { route, expected: Expected::Any, op, fence: Fence::ZERO };
    rig.switcher().apply(&back).await.unwrap();
}
