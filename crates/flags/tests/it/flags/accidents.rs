//! A store that is empty all of a sudden.

use std::time::Duration;

use handover_flags::{
    Change, Contents, Context, FlagEvent, FlagStore as _, Flags, MemoryStore, Reason, Safe, WipeGuard,
};

use super::script::Script;
use super::{contents, gate, settle};

async fn started(script: &Script, guard: WipeGuard) -> Flags {
    let flags = Flags::builder(script.clone()).flag("kill", Safe::On).wipe_guard(guard);
    let flags = flags.start_within(Duration::ZERO).start().await;
    script.contents(contents(&[(gate("kill"), "false"), (gate("x"), "true"), (gate("y"), "true")])).await;
    flags
}

fn with_epoch(contents: Contents, epoch: &str) -> Contents {
    Contents { epoch: Some(epoch.into()), ..contents }
}

#[tokio::test(start_paused = true)]
async fn a_wiped_store_brings_no_killed_flag_back_to_life() {
    let script = Script::new();
    let flags = started(&script, WipeGuard::default()).await;
    script.contents(Contents::default()).await;
    assert!(!flags.is_enabled("kill") && flags.is_enabled("x"));
    let status = flags.status();
    assert!(!status.is_live());
    let suspect = status.suspect.unwrap();
    assert_eq!((suspect.held.len(), suspect.of), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn what_is_set_or_removed_by_itself_after_a_wipe_is_believed() {
    let script = Script::new();
    let flags = started(&script, WipeGuard::default()).await;
    script.contents(Contents::default()).await;
    script.set(gate("x"), Some("false")).await;
    assert!(!flags.is_enabled("x"));
    script.set(gate("kill"), None).await;
    assert_eq!(flags.evaluate("kill", &Context::new()).reason, Reason::Unset);
    script.contents(contents(&[(gate("x"), "false")])).await;
    assert!(flags.is_enabled("y"), "the last one is still held");
    script.contents(contents(&[(gate("x"), "false"), (gate("y"), "false")])).await;
    assert!(!flags.is_enabled("y"));
    assert!(flags.status().is_live(), "{:?}", flags.status());
}

#[tokio::test(start_paused = true)]
async fn once_all_that_was_lost_is_set_again_nothing_is_suspect_any_more() {
    let script = Script::new();
    let flags = started(&script, WipeGuard::default()).await;
    let mut events = flags.events();
    script.contents(Contents::default()).await;
    for name in ["kill", "x", "y"] {
        assert!(!flags.status().is_live());
        script.set(gate(name), Some("true")).await;
    }
    assert!(flags.status().is_live(), "{:?}", flags.status());
    let (mut wiped, mut accepted) = (0, 0);
    while let Ok(event) = events.try_recv() {
        wiped += usize::from(matches!(event, FlagEvent::Wiped { .. }));
        accepted += usize::from(matches!(event, FlagEvent::WipeAccepted));
    }
    assert_eq!((wiped, accepted), (1, 1), "each is told once");
}

#[tokio::test(start_paused = true)]
async fn a_changed_mark_says_that_so_few_are_meant() {
    let script = Script::new();
    let flags = started(&script, WipeGuard::default()).await;
    script.contents(Contents::default()).await;
    script.contents(with_epoch(Contents::default(), "1")).await;
    assert_eq!(flags.evaluate("kill", &Context::new()).reason, Reason::Unset);
    assert!(flags.status().is_live());
    script.contents(with_epoch(contents(&[(gate("x"), "true")]), "1")).await;
    script.contents(with_epoch(Contents::default(), "1")).await;
    assert!(flags.is_enabled("x"), "the same mark says nothing anew");
}

#[tokio::test(start_paused = true)]
async fn a_mark_that_went_away_with_the_flags_accepts_nothing() {
    let script = Script::new();
    let flags = started(&script, WipeGuard::default()).await;
    script
        .contents(with_epoch(
            contents(&[(gate("x"), "true"), (gate("kill"), "false"), (gate("y"), "true")]),
            "1",
        ))
        .await;
    script.contents(Contents::default()).await;
    assert!(!flags.is_enabled("kill"));
}

#[tokio::test(start_paused = true)]
async fn without_the_guard_the_store_is_believed() {
    let script = Script::new();
    let flags = started(&script, WipeGuard::off()).await;
    script.contents(Contents::default()).await;
    assert!(flags.is_enabled("kill"), "its safe value");
    assert!(flags.status().is_live());
}

#[tokio::test(start_paused = true)]
async fn an_operator_accepts_by_the_store_itself() {
    let store = MemoryStore::with(&[("x", true)]);
    let flags = Flags::builder(store.clone()).start().await;
    store.accept(&Change::by("me")).await.unwrap();
    settle().await;
    assert!(flags.is_enabled("x") && flags.status().is_live());
}
