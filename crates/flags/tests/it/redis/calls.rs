//! How much is asked of the server.

use handover_testing::{Fault, FaultProxy};
use tokio::time::Instant;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_read_once() {
    let Some(redis) = Redis::start() else { return };
    let mut told = watching(&redis).await;
    let before = redis.calls("mget");
    for round in 0..50 {
        let text = round.to_string();
        redis.command(&["SET", "feature:x", &text]);
        told.until_is(&gate("x"), Some(&Held::from(text.as_str()))).await;
    }
    let reads = redis.calls("mget") - before;
    println!("50 changes, {reads} reads");
    assert_eq!(reads, 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_through_the_store_is_read_once_too() {
    let Some(redis) = Redis::start() else { return };
    let (mut told, store) = (watching(&redis).await, store(&redis.url()));
    let before = redis.calls("mget");
    for round in 0..50 {
        let text = round.to_string();
        let receipt = store.put(&gate("x"), &text, &me()).await.unwrap();
        told.until_is(&gate("x"), Some(&Held::from(text.as_str()))).await;
        assert!(told.revision >= receipt.revision);
    }
    let reads = redis.calls("mget") - before;
    println!("50 changes, {reads} reads");
    // Its two keys are told one after the other: once in a while the network comes between.
    assert!((50..=60).contains(&reads), "{reads}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_changes_at_once_are_few_reads() {
    let Some(redis) = Redis::start() else { return };
    let mut told = watching(&redis).await;
    let before = redis.calls("mget");
    redis.command(&["EVAL", "for i = 1, 1000 do redis.call('SET', 'feature:' .. i, 'true') end", "0"]);
    told.until("all of them", |told| told.values.len() == 1_000).await;
    let reads = redis.calls("mget") - before;
    println!("1000 changes in one script, {reads} reads");
    assert!(reads < 50, "{reads}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_watcher_asks_for_the_beat_and_nothing_else() {
    let Some(redis) = Redis::start() else { return };
    let store = store(&redis.url()).with_heartbeat(Duration::from_millis(100));
    let mut told = Told::begun(store.watch()).await;
    told.until("the first beats", |told| told.fresh >= 3).await;
    let names = ["mget", "scan", "get", "info", "eval", "ping", "set"];
    let before = names.map(|name| redis.calls(name));
    let beats = told.fresh;
    told.until("more beats", |told| told.fresh >= beats + 10).await;
    let after = names.map(|name| redis.calls(name));
    let asked: Vec<_> =
        names.iter().zip(before.iter().zip(after)).map(|(name, (b, a))| (*name, a - b)).collect();
    println!("10 beats: {asked:?}");
    // Two keys are asked for with each beat; INFO is this test's own.
    let gets = asked[2].1;
    assert!((18..=40).contains(&gets), "{gets}");
    assert!(asked.iter().all(|(name, count)| matches!(*name, "get" | "info") || *count == 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_beat_makes_it_fresh_as_of_when_it_was_asked() {
    let Some(redis) = Redis::start() else { return };
    let mut told = watching(&redis).await;
    for _ in 0..3 {
        let now = Instant::now();
        told.until_fresh(now).await;
        assert!(told.as_of.unwrap() > now);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_is_as_old_as_its_question() {
    let Some(redis) = Redis::start() else { return };
    let late = Duration::from_millis(100);
    let proxy = FaultProxy::start(redis.addr()).await;
    let store = store(&redis.url_at(proxy.addr())).with_heartbeat(Duration::from_secs(10));
    let mut told = Told::begun(store.watch()).await;
    proxy.set(Fault::Slow(late)).await;
    redis.command(&["SET", "feature:x", "true"]);
    told.until_is(&gate("x"), on().as_ref()).await;
    assert!(told.as_of.unwrap().elapsed() >= 2 * late);
}
