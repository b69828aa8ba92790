//! Whatever way a value changes in Redis, it is told.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_write_is_told() {
    let Some(redis) = Redis::start() else { return };
    let mut told = watching(&redis).await;
    let many = "redis.call('SET', 'feature:e', 'true') redis.call('SET', 'feature-rules:e', '[]')";
    let restore = "redis.call('RESTORE', 'feature:restored', 0, redis.call('DUMP', 'elsewhere'))";
    redis.command(&["SET", "elsewhere", "true"]);
    let steps: &[(&[&str], &str, Option<&str>)] = &[
        (&["SET", "feature:x", "true"], "x", Some("true")),
        (&["SET", "feature:x", "false"], "x", Some("false")),
        (&["SETRANGE", "feature:x", "0", "F"], "x", Some("Falses".trim_end_matches('s'))),
        (&["GETSET", "feature:x", "true"], "x", Some("true")),
        (&["MSET", "feature:m", "true", "feature:n", "false"], "m", Some("true")),
        (&["GET", "feature:n"], "n", Some("false")),
        (&["EVAL", many, "0"], "e", Some("true")),
        (&["SET", "feature:nx", "true", "NX"], "nx", Some("true")),
        (&["DEL", "feature:x"], "x", None),
        (&["UNLINK", "feature:m"], "m", None),
        (&["GETDEL", "feature:n"], "n", None),
        (&["APPEND", "feature:nx", "ish"], "nx", Some("trueish")),
        (&["RENAME", "feature:nx", "elsewhere2"], "nx", None),
        (&["RENAME", "elsewhere2", "feature:back"], "back", Some("trueish")),
        (&["COPY", "elsewhere", "feature:copied"], "copied", Some("true")),
        (&["EVAL", restore, "0"], "restored", Some("true")),
        (&["EXPIRE", "feature:copied", "0"], "copied", None),
        (&["INCR", "feature:count"], "count", Some("1")),
        (&["SET", "feature:short", "false", "PX", "30"], "short", Some("false")),
        (&["PING"], "short", None),
    ];
    for (command, name, expected) in steps {
        redis.command(command);
        told.until_is(&gate(name), expected.map(Held::from).as_ref()).await;
    }
    lines(&redis, &["MULTI", "SET feature:t1 true", "SET feature:t2 false", "EXEC"]);
    told.until("both of a transaction", |told| {
        told.values.get(&gate("t1")) == on().as_ref() && told.values.get(&gate("t2")) == off().as_ref()
    })
    .await;
    lines(&redis, &["SELECT 1", "SET feature:moved true", "MOVE feature:moved 0"]);
    told.until_is(&gate("moved"), on().as_ref()).await;
    lines(&redis, &["MOVE feature:moved 1"]);
    told.until_is(&gate("moved"), None).await;
    assert_eq!((told.contents, told.delivery), (1, Some(handover_flags::Delivery::Push)));
    println!("{} kinds of writes told by {} changes", steps.len() + 3, told.changed);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_database_is_told_as_a_whole() {
    let Some(redis) = Redis::start() else { return };
    for (at, emptying) in [&["FLUSHDB"][..], &["FLUSHALL", "ASYNC"]].iter().enumerate() {
        redis.command(&["SET", "feature:x", "true"]);
        let mut told = watching(&redis).await;
        told.until_is(&gate("x"), on().as_ref()).await;
        redis.command(emptying);
        told.until_is(&gate("x"), None).await;
        assert_eq!((at, told.contents), (at, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swapped_database_is_told_within_a_few_beats() {
    let Some(redis) = Redis::start() else { return };
    redis.command(&["SET", "feature:x", "true"]);
    lines(&redis, &["SELECT 1", "SET feature:x false"]);
    let mut told = watching(&redis).await;
    redis.command(&["SWAPDB", "0", "1"]);
    told.until_is(&gate("x"), off().as_ref()).await;
    redis.command(&["SWAPDB", "0", "1"]);
    told.until_is(&gate("x"), on().as_ref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_swap_hides_from_the_beat_is_found_by_reading_everything_again() {
    let Some(redis) = Redis::start() else { return };
    redis.command(&["SET", "feature:x", "true"]);
    let store = store(&redis.url()).with_reconcile(Duration::from_millis(200));
    let mut told = Told::begun(store.watch()).await;
    lines(
        &redis,
        &["COPY feature-meta:identity feature-meta:identity DB 1", "SELECT 1", "SET feature:x false"],
    );
    redis.command(&["SWAPDB", "0", "1"]);
    told.until_is(&gate("x"), off().as_ref()).await;
    assert_eq!(told.contents, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_of_the_address_is_the_one_that_counts() {
    let Some(redis) = Redis::start() else { return };
    let mut told = watching_at(&format!("redis://{}/3", redis.addr())).await;
    redis.command(&["SET", "feature:x", "true"]);
    lines(&redis, &["SELECT 3", "SET feature:x false"]);
    told.until_is(&gate("x"), off().as_ref()).await;
    store(&format!("redis://{}/3", redis.addr())).put(&gate("y"), "true", &me()).await.unwrap();
    told.until_is(&gate("y"), on().as_ref()).await;
    assert_eq!(redis.command(&["EXISTS", "feature:y"]), ":0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_changes_in_a_row_end_in_what_a_load_gives() {
    let Some(redis) = Redis::start() else { return };
    let mut told = watching(&redis).await;
    let script = "for i = 1, 1000 do redis.call('SET', 'feature:' .. i % 37, i) end";
    for _ in 0..20 {
        redis.command(&["EVAL", script, "0"]);
    }
    redis.command(&["SET", "feature:last", "true"]);
    told.until_is(&gate("last"), on().as_ref()).await;
    assert_eq!(told.values, store(&redis.url()).load().await.unwrap().values);
    assert_eq!(told.contents, 1);
}
