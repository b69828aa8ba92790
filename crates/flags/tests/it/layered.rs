//! Stores above one another, when one of them is not to be heard.

use std::time::Duration;

use handover_flags::testkit::{Breakable, Follower};
use handover_flags::{Change, FlagName, FlagStore, Held, Key, Layered, MemoryStore, StoreEvent, Usage};
use tokio::time::timeout;

fn key(name: &str) -> Key {
    Key::Gate(FlagName::new(name).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_layer_that_goes_on_does_not_hide_that_another_is_lost() {
    let (above, below) = (Breakable::new(MemoryStore::with(&[("a", true)])), MemoryStore::new());
    let layered = Layered::on(below.clone()).below(above.clone());
    let mut watch = layered.watch();
    while !matches!(watch.next().await, Some(StoreEvent::Contents { .. })) {}
    above.cut();
    while !matches!(watch.next().await, Some(StoreEvent::Lost(_))) {}
    // The other one says twice a second that nothing has changed.
    let said = timeout(Duration::from_mins(1), watch.next()).await;
    assert!(said.is_err(), "{said:?}");
    above.heal();
    assert!(matches!(watch.next().await, Some(StoreEvent::Contents { .. })));
    assert!(matches!(watch.next().await, Some(StoreEvent::Fresh { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_change_below_is_told_while_the_layer_above_is_lost() {
    let (above, below) = (Breakable::new(MemoryStore::with(&[("a", true)])), MemoryStore::new());
    let layered = Layered::on(below.clone()).below(above.clone());
    let mut follower = Follower::of(&layered);
    follower.until(Duration::from_secs(1), |follower| follower.state().is_some()).await.unwrap();
    above.cut();
    follower.until(Duration::from_secs(1), |follower| !follower.losses().is_empty()).await.unwrap();
    below.put(&key("b"), "false", &Change::by("me")).await.unwrap();
    let told = follower.until(Duration::from_secs(1), |f| f.held(&key("b")) == Some(&Held::from("false")));
    told.await.unwrap();
    assert_eq!(follower.held(&key("a")), Some(&Held::from("true")));
}

#[tokio::test]
async fn a_change_of_what_is_decided_above_is_refused() {
    let above = handover_flags::EnvStore::with_prefix("CARGO_PKG_");
    let layered = Layered::on(MemoryStore::new()).below(above);
    let error = layered.put(&key("name"), "true", &Change::by("me")).await.unwrap_err();
    insta::assert_snapshot!(error.in_full(), @"the environment (CARGO_PKG_…) over memory refused: feature:name is decided by the environment (CARGO_PKG_…), which stands above memory");
    assert!(layered.put(&key("other"), "true", &Change::by("me")).await.is_ok());
}

#[tokio::test]
async fn what_is_used_is_kept_by_the_layer_that_takes_changes() {
    let memory = MemoryStore::new();
    let layered = Layered::on(memory.clone()).below(handover_flags::EnvStore::with_prefix("NONE_"));
    let flag = FlagName::new("a").unwrap();
    layered.report_usage(&Usage { declared: vec![flag.clone()], evaluated: vec![] }).await.unwrap();
    assert_eq!(layered.usage().await.unwrap(), memory.usage().await.unwrap());
    assert!(memory.usage().await.unwrap().contains_key(&flag));
}
