//! A flag that the server threw out for want of memory has been removed by nobody.

use super::*;

/// Fills the server until it has thrown out every flag.
fn fill(redis: &Redis) {
    let fill = "for i = 1, 200 do redis.call('SET', 'other:' .. math.random(1000000000), string.rep('x', 10000)) end";
    handover_testing::until("the flag is gone", || {
        redis.command(&["EVAL", fill, "0"]);
        (redis.command(&["EXISTS", "feature:kill"]) == ":0").then_some(())
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_that_was_thrown_out_keeps_its_value_and_that_is_noticed() {
    let Some(redis) = Redis::start_with(&["maxmemory 20mb", "maxmemory-policy allkeys-random"]) else {
        return;
    };
    let store = store(&redis.url());
    store.put(&gate("kill"), "false", &me()).await.unwrap();
    store.accept(&me()).await.unwrap();
    let mut told = watching(&redis).await;
    let (revision, epoch) = (told.revision, told.epoch.clone());
    fill(&redis);
    told.until("that it was thrown out", |told| !told.noticed.is_empty()).await;
    let noticed = told.noticed[0].replace(&redis.addr().to_string(), "HOST");
    insta::assert_snapshot!(noticed, @"redis://HOST/0 throws out keys for want of memory: feature:kill, which counts as what it was until it is set again; flags want maxmemory-policy noeviction");
    told.until_fresh(tokio::time::Instant::now()).await;
    assert_eq!(told.values.get(&gate("kill")), off().as_ref());
    // A connection made anew changes nothing about that.
    redis.command(&["CLIENT", "KILL", "TYPE", "normal"]);
    told.until("that all is read again", |told| told.contents == 2).await;
    assert_eq!(told.values.get(&gate("kill")), off().as_ref());
    assert_eq!((told.revision, &told.epoch), (revision, &epoch));
    // Whoever removes it through a store means it, although it is not there.
    redis.command(&["CONFIG", "SET", "maxmemory", "0"]);
    store.remove(&gate("kill"), &me()).await.unwrap();
    told.until_is(&gate("kill"), None).await;
    store.put(&gate("kill"), "true", &me()).await.unwrap();
    told.until_is(&gate("kill"), on().as_ref()).await;
    println!("{} notices", told.noticed.len());
    assert_eq!(told.noticed.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_again_after_it_was_thrown_out_is_told() {
    let Some(redis) = Redis::start_with(&["maxmemory 20mb", "maxmemory-policy allkeys-random"]) else {
        return;
    };
    redis.command(&["SET", "feature:kill", "false"]);
    let mut told = watching(&redis).await;
    fill(&redis);
    told.until("that it was thrown out", |told| !told.noticed.is_empty()).await;
    redis.command(&["SET", "feature:kill", "true"]);
    told.until_is(&gate("kill"), on().as_ref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_on_a_server_that_throws_nothing_out_is_a_removal() {
    let Some(redis) = Redis::start() else { return };
    redis.command(&["SET", "feature:kill", "false"]);
    let mut told = watching(&redis).await;
    redis.command(&["DEL", "feature:kill"]);
    told.until_is(&gate("kill"), None).await;
    assert!(told.noticed.is_empty());
}
