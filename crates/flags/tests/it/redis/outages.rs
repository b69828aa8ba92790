//! What breaks is said, and what heals is right again.

use handover_testing::{Fault, FaultProxy};
use tokio::time::Instant;

use super::*;

async fn until_lost(told: &mut Told) -> String {
    told.until("that it is lost", |told| told.lost.is_some()).await;
    told.lost.clone().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_server_is_lost_within_two_heartbeats() {
    let Some(redis) = Redis::start() else { return };
    redis.command(&["SET", "feature:x", "true"]);
    let mut told = watching(&redis).await;
    told.until_fresh(Instant::now()).await;
    let fresh = told.as_of.unwrap();
    redis.freeze();
    let why = until_lost(&mut told).await;
    let after = told.as_of.unwrap().elapsed();
    insta::assert_snapshot!(why.replace(&redis.addr().to_string(), "HOST"), @"redis://HOST/0 could not be reached: no answer within 500ms");
    println!("lost {after:?} after it was last fresh");
    assert!(told.as_of.unwrap() >= fresh && after < Duration::from_secs(5), "{after:?}");
    redis.thaw();
    redis.command(&["SET", "feature:x", "false"]);
    told.until_is(&gate("x"), off().as_ref()).await;
    assert_eq!(told.lost, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_freezes_while_everything_is_read_again_is_not_given_longer() {
    let Some(redis) = Redis::start() else { return };
    let store = RedisStore::new(&redis.url()).unwrap().with_heartbeat(Duration::from_millis(200));
    let mut told = Told::begun(store.with_reconcile(Duration::from_millis(10)).watch()).await;
    told.until_fresh(Instant::now()).await;
    redis.freeze();
    let why = until_lost(&mut told).await;
    redis.thaw();
    insta::assert_snapshot!(why.replace(&redis.addr().to_string(), "HOST"), @"redis://HOST/0 could not be reached: no answer within 200ms");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_that_comes_back_with_another_value_is_right() {
    let Some(mut redis) = Redis::start() else { return };
    redis.command(&["SET", "feature:x", "true"]);
    redis.save();
    let mut told = watching(&redis).await;
    redis.kill();
    until_lost(&mut told).await;
    redis.revive();
    redis.command(&["SET", "feature:x", "false"]);
    let set = Instant::now();
    told.until_is(&gate("x"), off().as_ref()).await;
    println!("right {:?} after the SET", set.elapsed());
    redis.command(&["SET", "feature:x", "true"]);
    told.until_is(&gate("x"), on().as_ref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_comes_back_empty_is_told_as_empty() {
    let Some(mut redis) = Redis::start() else { return };
    redis.command(&["SET", "feature:x", "true"]);
    let mut told = watching(&redis).await;
    redis.kill();
    until_lost(&mut told).await;
    redis.revive();
    told.until("everything anew", |told| told.contents == 2).await;
    assert!(told.values.is_empty() && told.revision.unwrap().0 == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_connection_misses_nothing() {
    let Some(redis) = Redis::start() else { return };
    // No beat helps: that the connection is gone is heard at once.
    let mut told = Told::begun(store(&redis.url()).with_heartbeat(PLENTY).watch()).await;
    for round in 0..10 {
        let text = round.to_string();
        lines(&redis, &["CLIENT KILL TYPE normal SKIPME yes", &format!("SET feature:x {text}")]);
        let set = Instant::now();
        told.until_is(&gate("x"), Some(&Held::from(text.as_str()))).await;
        if round == 0 {
            println!("right {:?} after the connection was killed", set.elapsed());
        }
    }
    assert!(told.contents >= 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_network_is_lost_and_heals() {
    let Some(redis) = Redis::start() else { return };
    let proxy = FaultProxy::start(redis.addr()).await;
    let mut told = watching_at(&redis.url_at(proxy.addr())).await;
    for (fault, text) in [(Fault::Reset, "1"), (Fault::BlackHole, "2"), (Fault::Refuse, "3")] {
        proxy.set(fault).await;
        let why = until_lost(&mut told).await;
        println!("{fault:?}: {why}");
        redis.command(&["SET", "feature:x", text]);
        let mut others = told.values.clone();
        others.remove(&gate("x"));
        proxy.set(Fault::Pass).await;
        let healed = Instant::now();
        told.until_is(&gate("x"), Some(&Held::from(text))).await;
        println!("right {:?} after it healed", healed.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_link_is_slow_and_not_lost() {
    let Some(redis) = Redis::start() else { return };
    let proxy = FaultProxy::start(redis.addr()).await;
    let store = store(&redis.url_at(proxy.addr())).with_heartbeat(Duration::from_secs(5));
    let mut told = Told::begun(store.watch()).await;
    proxy.set(Fault::Slow(Duration::from_millis(50))).await;
    redis.command(&["SET", "feature:x", "true"]);
    told.until_is(&gate("x"), on().as_ref()).await;
    assert_eq!((told.contents, told.lost), (1, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_without_a_server_begins_with_that() {
    let Some(mut redis) = Redis::start() else { return };
    redis.kill();
    let mut told = Told::new(store(&redis.url()).watch());
    until_lost(&mut told).await;
    assert_eq!((told.contents, told.as_of), (0, None));
    redis.revive();
    told.until("everything", |told| told.contents == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_server_is_loading_it_is_lost() {
    let Some(mut redis) = Redis::start() else { return };
    let mut told = watching(&redis).await;
    redis.restart_held();
    told.until("that it is loading", |told| told.lost.as_ref().is_some_and(|why| why.contains("LOADING")))
        .await;
    redis.release();
    redis.command(&["SET", "feature:x", "true"]);
    told.until_is(&gate("x"), on().as_ref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_watch_closes_its_connections() {
    let Some(redis) = Redis::start() else { return };
    let told = watching(&redis).await;
    drop(told);
    let alone = || {
        let clients = redis.command(&["CLIENT", "LIST"]);
        (clients.lines().count() == 1).then_some(())
    };
    handover_testing::until("only this test is connected", alone);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_that_was_lost_is_put_back() {
    let Some(redis) = Redis::start() else { return };
    let store = store(&redis.url()).with_heartbeat(Duration::from_millis(50));
    store.put(&gate("x"), "true", &me()).await.unwrap();
    store.put(&gate("x"), "false", &me()).await.unwrap();
    let mut told = Told::begun(store.watch()).await;
    redis.command(&["DEL", "feature-meta:revision"]);
    handover_testing::until("it is back", || {
        (redis.command(&["GET", "feature-meta:revision"]) == "2").then_some(())
    });
    store.put(&gate("x"), "true", &me()).await.unwrap();
    told.until("the next", |told| told.revision.is_some_and(|revision| revision.0 == 3)).await;
    assert_eq!(told.values.get(&gate("x")), on().as_ref());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_swapped_while_everything_is_read_is_not_told_as_the_former() {
    let Some(redis) = Redis::start() else { return };
    let values = ["true", "false"];
    for (db, text) in values.iter().enumerate() {
        let select = format!("SELECT {db}");
        lines(
            &redis,
            &[&select, &format!("SET feature:x {text}"), &format!("SET feature-meta:identity {db}")],
        );
    }
    let proxy = FaultProxy::start(redis.addr()).await;
    let store = store(&redis.url_at(proxy.addr())).with_heartbeat(Duration::from_secs(5));
    let mut told = Told::begun(store.with_reconcile(Duration::from_millis(10)).watch()).await;
    proxy.set(Fault::Slow(Duration::from_millis(10))).await;
    for round in 1..40 {
        redis.command(&["SWAPDB", "0", "1"]);
        told.until_fresh(Instant::now()).await;
        assert_eq!(told.values.get(&gate("x")), Some(&Held::from(values[round % 2])), "round {round}");
    }
}
