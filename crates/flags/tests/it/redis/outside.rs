//! Changes made past the store are written down, once, by whoever comes first.

use handover_flags::AuditEntry;
use handover_testing::{Fault, FaultProxy};

use super::*;

/// Waits until the audit has so many lines.
async fn audit(store: &RedisStore, lines: usize) -> Vec<AuditEntry> {
    for _ in 0..2_000 {
        let audit = store.audit(1_000).await.unwrap();
        if audit.len() >= lines {
            return audit;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not {lines} lines: {:?}", store.audit(1_000).await.unwrap());
}

fn shown(audit: &[AuditEntry]) -> Vec<String> {
    let text = |held: &Option<Held>| held.as_ref().map_or("-", |held| held.text().unwrap_or("?")).to_owned();
    audit
        .iter()
        .rev()
        .map(|entry| format!("{} {} {}>{}", entry.actor, entry.key, text(&entry.before), text(&entry.after)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_watchers_write_a_change_down_once() {
    let Some(redis) = Redis::start() else { return };
    let store = store(&redis.url());
    let mut all = Vec::new();
    for _ in 0..20 {
        all.push(watching(&redis).await);
    }
    for (lines, text) in ["true", "false", "true"].into_iter().enumerate() {
        redis.command(&["SET", "feature:x", text]);
        for told in &mut all {
            told.until_is(&gate("x"), Some(&Held::from(text))).await;
        }
        audit(&store, lines + 1).await;
    }
    redis.command(&["DEL", "feature:x"]);
    audit(&store, 4).await;
    store.put(&gate("x"), "true", &me()).await.unwrap();
    redis.command(&["SET", "feature:end", "true"]);
    let audit = audit(&store, 6).await;
    // Each of the twenty looks within a fifth of a second: what comes late would come now.
    handover_testing::until("nobody looks any more", || {
        let before = redis.calls("eval");
        std::thread::sleep(Duration::from_millis(500));
        (redis.calls("eval") == before).then_some(())
    });
    let lines = redis.command(&["XLEN", "feature-audit"]);
    println!("{lines} lines, {} scripts by 20 watchers", redis.calls("eval"));
    assert_eq!(lines, ":6");
    assert_eq!(
        shown(&audit),
        [
            "(outside) feature:x ->true",
            "(outside) feature:x true>false",
            "(outside) feature:x false>true",
            "(outside) feature:x true>-",
            "me feature:x ->true",
            "(outside) feature:end ->true",
        ]
    );
    assert!(all.iter().all(|told| told.noticed.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_overwritten_through_the_store_is_written_down_before() {
    let Some(redis) = Redis::start() else { return };
    let store = store(&redis.url());
    store.put(&gate("x"), "true", &me()).await.unwrap();
    redis.command(&["SET", "feature:x", "false"]);
    store.put(&gate("x"), "true", &me()).await.unwrap();
    let audit = store.audit(10).await.unwrap();
    assert_eq!(
        shown(&audit),
        ["me feature:x ->true", "(outside) feature:x true>false", "me feature:x false>true"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_made_while_nobody_watched_is_written_down_later_and_what_was_never_known_is_not() {
    let Some(redis) = Redis::start() else { return };
    redis.command(&["SET", "feature:old", "true"]);
    let store = store(&redis.url());
    store.put(&gate("x"), "true", &me()).await.unwrap();
    redis.command(&["SET", "feature:x", "false"]);
    let _told = watching(&redis).await;
    let audit = audit(&store, 2).await;
    assert_eq!(shown(&audit), ["me feature:x ->true", "(outside) feature:x true>false"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lapses_by_itself_was_changed_by_nobody() {
    let Some(redis) = Redis::start() else { return };
    let (mut told, store) = (watching(&redis).await, store(&redis.url()));
    store.put(&gate("x"), "false", &me().expires_after(Duration::from_millis(30))).await.unwrap();
    // Long enough to be looked at before it lapses.
    redis.command(&["SET", "feature:y", "true", "PX", "8000"]);
    assert_eq!(audit(&store, 2).await.len(), 2);
    told.until_is(&gate("x"), None).await;
    told.until_is(&gate("y"), None).await;
    redis.command(&["SET", "feature:end", "true"]);
    let audit = audit(&store, 3).await;
    assert_eq!(
        shown(&audit),
        ["me feature:x ->false", "(outside) feature:y ->true", "(outside) feature:end ->true"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_made_while_the_server_could_not_be_heard_is_written_down() {
    let Some(redis) = Redis::start() else { return };
    let proxy = FaultProxy::start(redis.addr()).await;
    let store = store(&redis.url());
    store.put(&gate("x"), "true", &me()).await.unwrap();
    let mut told = watching_at(&redis.url_at(proxy.addr())).await;
    proxy.set(Fault::Refuse).await;
    told.until("that it is lost", |told| told.lost.is_some()).await;
    redis.command(&["SET", "feature:new", "true"]);
    redis.command(&["DEL", "feature:x"]);
    proxy.set(Fault::Pass).await;
    let mut shown = shown(&audit(&store, 3).await);
    shown.sort_unstable();
    assert_eq!(shown, ["(outside) feature:new ->true", "(outside) feature:x true>-", "me feature:x ->true"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_left_alone() {
    let Some(redis) = Redis::start() else { return };
    let store = store(&redis.url()).with_audit_of_outside_changes(false);
    let mut told = Told::begun(store.watch()).await;
    redis.command(&["SET", "feature:x", "true"]);
    told.until_is(&gate("x"), on().as_ref()).await;
    store.put(&gate("x"), "false", &me()).await.unwrap();
    assert_eq!(shown(&store.audit(10).await.unwrap()), ["me feature:x true>false"]);
    assert_eq!(redis.calls("eval"), 1);
}
