//! Changes made through the store.

use handover_flags::{AuditEntry, Revision, Seen, StoreError, Usage};

use super::*;

/// Everything but scripts.
const NO_SCRIPTS: &str = "user plain on >s3cret ~feature* &* +@all -@scripting";

/// A server, and stores that reach it: one that may run scripts, and one that may not.
fn both() -> Option<(Redis, [RedisStore; 2])> {
    let redis = Redis::start_with(&[NO_SCRIPTS])?;
    let plain = format!("redis://plain:s3cret@{}/", redis.addr());
    let stores = [store(&redis.url()), store(&plain)];
    Some((redis, stores))
}

fn conflict(error: &StoreError) -> String {
    assert!(matches!(error, StoreError::Conflict { .. }), "{}", error.in_full());
    error.in_full()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_read_told_counted_and_audited_in_one_piece() {
    let Some((redis, stores)) = both() else { return };
    let mut told = watching(&redis).await;
    let mut counted = 0;
    for store in &stores {
        let why = me().because("it burns").in_run("run-7");
        let first = store.put(&gate("x"), "true", &me()).await.unwrap();
        let second = store.put(&gate("x"), "false", &why).await.unwrap();
        assert_eq!((first.before, second.before), (None, on()));
        assert_eq!(
            (first.revision, second.revision),
            (Some(Revision(counted + 1)), Some(Revision(counted + 2)))
        );
        let loaded = store.load().await.unwrap();
        assert_eq!((loaded.values.get(&gate("x")), loaded.revision), (off().as_ref(), second.revision));
        told.until("the revision", |told| told.revision == second.revision).await;
        assert_eq!(told.values.get(&gate("x")), off().as_ref());
        let third = store.remove(&gate("x"), &me()).await.unwrap();
        assert_eq!(third.before, off());
        told.until_is(&gate("x"), None).await;
        counted = third.revision.unwrap().0;
        let audit = store.audit(2).await.unwrap();
        assert_eq!((audit.len(), audit[0].after.clone(), audit[0].revision), (2, None, third.revision));
        let entry = AuditEntry { at_ms: 0, ..audit[1].clone() };
        assert!(audit[1].at_ms > 1_700_000_000_000);
        assert_eq!((&entry.key, &entry.before, &entry.after), (&gate("x"), &on(), &off()));
        assert_eq!((entry.actor.as_str(), entry.revision), ("me", second.revision));
        assert_eq!((entry.reason.as_deref(), entry.run.as_deref()), (Some("it burns"), Some("run-7")));
    }
    assert_eq!(stores[0].audit(100).await.unwrap().len(), 6);
    assert_eq!(redis.command(&["EXISTS", "feature:x"]), ":0");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_changed_where_something_else_stands() {
    let Some((_redis, stores)) = both() else { return };
    let mut said = Vec::new();
    for store in &stores {
        store.put(&gate("x"), "true", &me().only_if(None)).await.unwrap();
        for expected in [None, off(), Some(Held::Unreadable("a hash, not a string".into()))] {
            let error = store.put(&gate("x"), "false", &me().only_if(expected)).await.unwrap_err();
            said.push(conflict(&error));
        }
        store.put(&gate("x"), "false", &me().only_if(on())).await.unwrap();
        said.push(conflict(&store.remove(&gate("x"), &me().only_if(on())).await.unwrap_err()));
        store.remove(&gate("x"), &me().only_if(off())).await.unwrap();
        said.push(conflict(&store.remove(&gate("x"), &me().only_if(on())).await.unwrap_err()));
    }
    let (first, second) = said.split_at(said.len() / 2);
    assert_eq!(first, second);
    insta::assert_snapshot!(first.join("\n"), @r"
    feature:x is `true`, not what it was expected to be
    feature:x is `true`, not what it was expected to be
    feature:x is `true`, not what it was expected to be
    feature:x is `false`, not what it was expected to be
    feature:x is not set, not what it was expected to be
    ");
    assert_eq!(stores[0].load().await.unwrap().revision, Some(Revision(6)));
    assert_eq!(stores[0].audit(100).await.unwrap().len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_each_counts_and_one_wins() {
    let Some((_redis, stores)) = both() else { return };
    for store in stores {
        let before = store.load().await.unwrap().revision.unwrap().0;
        let racing: Vec<_> = (0..20)
            .map(|at: u32| {
                let store = store.clone();
                tokio::spawn(async move {
                    let change = Change::by(at.to_string());
                    store.put(&gate("each"), &at.to_string(), &change).await.unwrap();
                    store.put(&gate("once"), "true", &change.only_if(None)).await.is_ok()
                })
            })
            .collect();
        let mut won = 0;
        for racer in racing {
            won += u32::from(racer.await.unwrap());
        }
        assert_eq!((won, store.load().await.unwrap().revision), (1, Some(Revision(before + 21))));
        let audit = store.audit(21).await.unwrap();
        for pair in audit.windows(2) {
            assert_eq!(pair[0].revision.unwrap().0, pair[1].revision.unwrap().0 + 1);
        }
        store.remove(&gate("once"), &me()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_with_a_deadline_lapses_and_that_is_told() {
    let Some((redis, stores)) = both() else { return };
    let mut told = watching(&redis).await;
    for store in &stores {
        let soon = me().expires_after(Duration::from_millis(50));
        store.put(&gate("timed"), "false", &soon).await.unwrap();
        told.until_is(&gate("timed"), off().as_ref()).await;
        told.until_is(&gate("timed"), None).await;
    }
    let long = me().expires_after(Duration::from_mins(10));
    stores[0].put(&gate("timed"), "false", &long).await.unwrap();
    let left: u64 = redis.command(&["PTTL", "feature:timed"]).trim_start_matches(':').parse().unwrap();
    assert!((500_000..=600_000).contains(&left));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_text_is_said_and_replaced() {
    let Some((redis, stores)) = both() else { return };
    let mut told = watching(&redis).await;
    let hash = Held::Unreadable("a hash, not a string".into());
    for store in &stores {
        redis.command(&["DEL", "feature:x"]);
        redis.command(&["HSET", "feature:x", "a", "b"]);
        told.until_is(&gate("x"), Some(&hash)).await;
        assert_eq!(store.load().await.unwrap().values.get(&gate("x")), Some(&hash));
        let receipt = store.put(&gate("x"), "true", &me().only_if(Some(hash.clone()))).await.unwrap();
        assert_eq!(receipt.before, Some(hash.clone()));
        told.until_is(&gate("x"), on().as_ref()).await;
        redis.command(&["DEL", "feature:x"]);
        told.until_is(&gate("x"), None).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_answer_is_lost_is_unconfirmed_and_may_have_been_made() {
    let Some(redis) = Redis::start() else { return };
    let store = store(&redis.url());
    store.put(&gate("x"), "true", &me()).await.unwrap();
    // Reads are answered, changes wait.
    redis.command(&["CLIENT", "PAUSE", "600000", "WRITE"]);
    let error = store.put(&gate("x"), "false", &me()).await.unwrap_err();
    redis.command(&["CLIENT", "UNPAUSE"]);
    let said = error.in_full().replace(&redis.addr().to_string(), "HOST");
    insta::assert_snapshot!(said, @"redis://HOST/0 did not confirm the change: no answer within 5s");
    assert!(matches!(error, StoreError::Unconfirmed { .. }));
    store.put(&gate("x"), "true", &me()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_between_two_calls_is_no_failure() {
    let Some(mut redis) = Redis::start() else { return };
    let store = store(&redis.url());
    store.put(&gate("x"), "true", &me()).await.unwrap();
    redis.kill();
    redis.revive();
    store.put(&gate("x"), "true", &me()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_audit_changes_nothing() {
    let Some(redis) = Redis::start() else { return };
    redis.command(&["SET", "feature-audit", "not a stream"]);
    let store = store(&redis.url());
    let error = store.put(&gate("x"), "true", &me()).await.unwrap_err();
    assert!(matches!(error, StoreError::Refused { .. }), "{}", error.in_full());
    assert!(error.in_full().contains("WRONGTYPE"), "{}", error.in_full());
    assert!(store.load().await.unwrap().values.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_seen_what_is_kept_for_half_a_minute() {
    let Some(redis) = Redis::start() else { return };
    let store = store(&redis.url());
    assert!(store.seen().await.unwrap().is_empty());
    for (instance, revision) in [("web-2", 3), ("web-1", 4), ("web-1", 5)] {
        store.report_seen(&Seen { instance: instance.into(), revision: Revision(revision) }).await.unwrap();
    }
    let seen = store.seen().await.unwrap();
    let shown: Vec<_> = seen.iter().map(|seen| format!("{} {}", seen.instance, seen.revision)).collect();
    assert_eq!(shown, ["web-1 5", "web-2 3"]);
    let left: u64 = redis.command(&["PTTL", "feature-seen:web-1"]).trim_start_matches(':').parse().unwrap();
    assert!((10_000..=30_000).contains(&left));
    redis.command(&["DEL", "feature-seen:web-1"]);
    assert_eq!(store.seen().await.unwrap().len(), 1);
    assert_eq!(redis.command(&["SCARD", "feature-instances"]), ":1");
}

#[tokio::test(flavor = "multi_thread")]
async fn which_flags_are_used_is_kept() {
    let Some(redis) = Redis::start() else { return };
    let store = store(&redis.url());
    store.report_usage(&Usage::default()).await.unwrap();
    let name = |name| FlagName::new(name).unwrap();
    let usage = Usage { declared: vec![name("a"), name("b:c")], evaluated: vec![name("a")] };
    store.report_usage(&usage).await.unwrap();
    redis.command(&["HSET", "feature-usage", "nonsense", "1", "declared:x", "never"]);
    let used = store.usage().await.unwrap();
    assert_eq!(used.len(), 2);
    assert!(used[&name("a")].evaluated_ms.is_some() && used[&name("a")].declared_ms.is_some());
    assert!(used[&name("b:c")].evaluated_ms.is_none() && used[&name("b:c")].declared_ms.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_wipe_changes_the_mark_and_everything_is_told() {
    let Some(redis) = Redis::start() else { return };
    let (mut told, store) = (watching(&redis).await, store(&redis.url()));
    assert_eq!(told.epoch, None);
    for contents in 2..4 {
        let before = told.epoch.clone();
        store.accept(&me()).await.unwrap();
        told.until("the mark", |told| told.epoch != before).await;
        assert_eq!(told.contents, contents);
        assert!(told.epoch.as_ref().unwrap().ends_with("/me"));
        assert_eq!(store.load().await.unwrap().epoch.as_deref(), told.epoch.as_deref());
    }
}
