//! Names and values that nobody should use.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_none_are_noticed_once_and_others_are_read() {
    let Some(redis) = Redis::start() else { return };
    let long = format!("feature:{}", "x".repeat(201));
    redis.command(&["SET", "feature:a\nb", "true"]);
    redis.command(&["SET", "feature:", "true"]);
    for good in ["feature:with spaces", "feature-rules:αβγ/ünïcode", "feature:a:b"] {
        redis.command(&["SET", good, "true"]);
    }
    redis.command(&["SET", "features:x", "true"]);
    let store = store(&redis.url())
        .with_heartbeat(Duration::from_millis(50))
        .with_reconcile(Duration::from_millis(50));
    let mut told = Told::begun(store.watch()).await;
    redis.command(&["SET", &long, "true"]);
    redis.command(&["EVAL", "redis.call('SET', 'feature:\\255\\254', 'true')", "0"]);
    told.until("the odd ones", |told| told.noticed.len() >= 4).await;
    let fresh = told.fresh;
    told.until("all has been read several times", |told| told.fresh > fresh + 10).await;
    let mut noticed = told.noticed.clone();
    noticed.sort_unstable();
    insta::assert_snapshot!(noticed.join("\n").replace(&redis.addr().to_string(), "HOST"), @r"
    redis://HOST/0 has a key that can be no flag's: `` is no name of a flag: it is empty
    redis://HOST/0 has a key that can be no flag's: `a\nb` is no name of a flag: it holds control characters
    redis://HOST/0 has a key that can be no flag's: `feature:\xff\xfe` is not UTF-8
    redis://HOST/0 has a key that can be no flag's: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` is no name of a flag: it has more than 200 bytes
    ");
    let names: Vec<_> = told.values.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["feature:a:b", "feature:with spaces", "feature-rules:αβγ/ünïcode"]);
    assert_eq!(store.load().await.unwrap().values, told.values);
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_are_none_are_told_as_that() {
    let Some(redis) = Redis::start() else { return };
    let mut told = watching(&redis).await;
    let big = "x".repeat(1_048_576);
    redis.command(&["SET", "feature:big", &big]);
    redis.command(&["SET", "feature:limit", &big[..Held::LONGEST]]);
    redis.command(&["SET", "feature:empty", ""]);
    redis.command(&["SET", "feature:odd", "TRUE\r\n"]);
    redis.command(&["EVAL", "redis.call('SET', 'feature:binary', '\\255')", "0"]);
    redis.command(&["LPUSH", "feature:list", "a"]);
    redis.command(&["SADD", "feature:set", "a"]);
    redis.command(&["XADD", "feature:stream", "*", "a", "b"]);
    told.until("all of them", |told| told.values.len() == 8).await;
    let shown: Vec<_> = told
        .values
        .iter()
        .map(|(key, held)| match held {
            Held::Text(text) if text.len() > 100 => format!("{key}: {} bytes", text.len()),
            Held::Text(text) => format!("{key}: {text:?}"),
            Held::Unreadable(why) => format!("{key}: unreadable, {why}"),
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    feature:big: unreadable, 1048576 bytes are more than 262144
    feature:binary: unreadable, it is not UTF-8
    feature:empty: ""
    feature:limit: 262144 bytes
    feature:list: unreadable, a list, not a string
    feature:odd: "TRUE\r\n"
    feature:set: unreadable, a set, not a string
    feature:stream: unreadable, a stream, not a string
    "#);
    assert_eq!(store(&redis.url()).load().await.unwrap().values, told.values);
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_beside_the_flags_is_survived() {
    let Some(redis) = Redis::start() else { return };
    redis.command(&["SET", "feature-meta:revision", "many"]);
    redis.command(&["LPUSH", "feature-meta:epoch", "x"]);
    redis.command(&["SET", "feature-known", "x"]);
    redis.command(&["XADD", "feature-audit", "*", "what", "ever"]);
    let store = store(&redis.url());
    let mut told = Told::begun(store.watch()).await;
    redis.command(&["SET", "feature:x", "true"]);
    told.until_is(&gate("x"), on().as_ref()).await;
    assert!(store.audit(10).await.unwrap().is_empty());
    assert!(store.put(&gate("x"), "false", &me()).await.is_err());
    redis.command(&["DEL", "feature-meta:revision", "feature-known"]);
    store.put(&gate("x"), "false", &me()).await.unwrap();
    told.until_is(&gate("x"), off().as_ref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_full_of_other_things_is_no_obstacle() {
    let Some(redis) = Redis::start() else { return };
    redis.command(&["EVAL", "for i = 1, 50000 do redis.call('SET', 'other:' .. i, i) end", "0"]);
    redis.command(&["EVAL", "for i = 1, 1000 do redis.call('SET', 'feature:' .. i, 'true') end", "0"]);
    let told = watching(&redis).await;
    assert_eq!(told.values.len(), 1_000);
}
