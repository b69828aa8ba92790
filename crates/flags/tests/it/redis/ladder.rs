//! The best way that a server has for telling of changes is taken, and what it lacks is said.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use handover_flags::Delivery;

use super::*;

const EVENTS: &str = "notify-keyspace-events K$gxe";
/// May do all but have changes told.
const UNTOLD: &str = "user untold on >s3cret ~feature* &* +@all -client|tracking";

fn untold(redis: &Redis) -> RedisStore {
    store(&format!("redis://untold:s3cret@{}/", redis.addr())).with_poll(Duration::from_millis(50))
}

fn notices(redis: &Redis, told: &Told) -> String {
    told.noticed.join("\n").replace(&redis.addr().to_string(), "HOST")
}

/// Whatever the way, these arrive.
async fn values_arrive(redis: &Redis, told: &mut Told) {
    for text in ["true", "false"] {
        redis.command(&["SET", "feature:x", text]);
        told.until_is(&gate("x"), Some(&Held::from(text))).await;
    }
    redis.command(&["SET", "feature:short", "true", "PX", "30"]);
    redis.command(&["DEL", "feature:x"]);
    told.until_is(&gate("x"), None).await;
    told.until_is(&gate("short"), None).await;
    let receipt = store(&redis.url()).put(&gate("y"), "true", &me()).await.unwrap();
    told.until("the revision", |told| told.revision == receipt.revision).await;
    assert_eq!(told.values.get(&gate("y")), on().as_ref());
    redis.command(&["FLUSHALL"]);
    told.until_is(&gate("y"), None).await;
    told.until_fresh(tokio::time::Instant::now()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_tells_by_itself_is_asked_to() {
    let Some(redis) = Redis::start_with(&[EVENTS]) else { return };
    let mut told = watching(&redis).await;
    assert_eq!((told.delivery, notices(&redis, &told)), (Some(Delivery::Push), String::new()));
    values_arrive(&redis, &mut told).await;
    assert_eq!(redis.command(&["DBSIZE"]), ":1");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tracking_keyspace_events_are_listened_to() {
    let Some(redis) = Redis::start_with(&[UNTOLD, EVENTS]) else { return };
    let mut told = Told::begun(untold(&redis).watch()).await;
    assert_eq!(told.delivery, Some(Delivery::Notified));
    insta::assert_snapshot!(notices(&redis, &told), @"redis://HOST/0 cannot tell of changes by itself: NOPERM this user has no permissions to run the 'client|tracking' command (an ACL of the server forbids it; flags need the keys ~feature*)");
    let before = redis.calls("mget");
    redis.command(&["SET", "feature:one", "true"]);
    told.until_is(&gate("one"), on().as_ref()).await;
    assert_eq!(redis.calls("mget") - before, 1);
    values_arrive(&redis, &mut told).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_either_everything_is_read_from_time_to_time() {
    let Some(redis) = Redis::start_with(&[UNTOLD]) else { return };
    let mut told = Told::begun(untold(&redis).watch()).await;
    assert_eq!(told.delivery, Some(Delivery::Polled { every: Duration::from_millis(50) }));
    insta::assert_snapshot!(notices(&redis, &told), @"
    redis://HOST/0 cannot tell of changes by itself: NOPERM this user has no permissions to run the 'client|tracking' command (an ACL of the server forbids it; flags need the keys ~feature*)
    redis://HOST/0 cannot tell of changes by keyspace events: notify-keyspace-events is `` and would have to hold `K$gxe`
    ");
    values_arrive(&redis, &mut told).await;
    assert_eq!(redis.command(&["CONFIG", "GET", "notify-keyspace-events"]), "*2");
    assert!(lines(&redis, &["CONFIG GET notify-keyspace-events"]).contains("\r\n$0\r\n\r\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_may_be_configured_is() {
    let Some(redis) = Redis::start_with(&[UNTOLD]) else { return };
    let mut told = Told::begun(untold(&redis).with_permission_to_configure(true).watch()).await;
    assert_eq!(told.delivery, Some(Delivery::Notified));
    values_arrive(&redis, &mut told).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_the_old_protocol_is_read_from_time_to_time() {
    let settings = ["rename-command HELLO \"\"", EVENTS];
    let Some(redis) = Redis::start_with(&settings) else { return };
    let mut told = Told::begun(store(&redis.url()).with_poll(Duration::from_millis(50)).watch()).await;
    assert_eq!(told.delivery, Some(Delivery::Polled { every: Duration::from_millis(50) }));
    insta::assert_snapshot!(notices(&redis, &told), @"redis://HOST/0 cannot tell of changes by itself: it speaks RESP2 only: ERR unknown command 'HELLO'");
    values_arrive(&redis, &mut told).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_a_server_that_does_not_show_its_configuration_are_listened_to_where_they_arrive() {
    for (events, expected) in [(EVENTS, true), ("notify-keyspace-events K$", false)] {
        let Some(redis) = Redis::start_with(&[UNTOLD, events, "rename-command CONFIG \"\""]) else { return };
        let mut told = Told::begun(untold(&redis).watch()).await;
        assert_eq!(told.delivery == Some(Delivery::Notified), expected, "{:?}", told.noticed);
        values_arrive(&redis, &mut told).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_client_commands_is_read_from_time_to_time() {
    let Some(redis) = Redis::start_with(&["rename-command CLIENT \"\"", "rename-command CONFIG \"\""]) else {
        return;
    };
    let mut told = Told::begun(store(&redis.url()).with_poll(Duration::from_millis(50)).watch()).await;
    assert_eq!(told.delivery, Some(Delivery::Polled { every: Duration::from_millis(50) }));
    insta::assert_snapshot!(notices(&redis, &told), @"
    redis://HOST/0 cannot tell of changes by itself: ERR unknown command 'CLIENT'
    redis://HOST/0 cannot tell of changes by keyspace events: none arrive
    ");
    values_arrive(&redis, &mut told).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_read_is_told_too() {
    let reader = "user reader on >s3cret ~feature* &* +@all -@write";
    let Some(redis) = Redis::start_with(&[reader]) else { return };
    let mut told = watching_at(&format!("redis://reader:s3cret@{}/", redis.addr())).await;
    assert_eq!((told.delivery, notices(&redis, &told)), (Some(Delivery::Push), String::new()));
    values_arrive(&redis, &mut told).await;
    redis.command(&["SET", "feature:x", "true"]);
    told.until("what cannot be audited", |told| !told.noticed.is_empty()).await;
    insta::assert_snapshot!(notices(&redis, &told), @"changes made outside redis://HOST/0 cannot be audited: ERR The user executing the script can't run this command or subcommand (an ACL of the server forbids it; changes need SET, DEL, INCR, XADD and HSET)");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_was_barred_is_tried_again_on_the_next_connection() {
    let Some(redis) = Redis::start_with(&[UNTOLD]) else { return };
    let mut told = Told::begun(untold(&redis).watch()).await;
    assert!(matches!(told.delivery, Some(Delivery::Polled { .. })));
    redis.command(&["ACL", "SETUSER", "untold", "+client|tracking"]);
    redis.command(&["CLIENT", "KILL", "USER", "untold"]);
    told.until("that it is told", |told| told.delivery == Some(Delivery::Push)).await;
    told.until("everything", |told| told.contents == 2).await;
    values_arrive(&redis, &mut told).await;
}

/// How changes come to those who begin to watch while this is done over and over.
fn deliveries(redis: &Redis, heartbeat: Duration, act: impl Fn() + Sync) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let store = store(&redis.url()).with_heartbeat(heartbeat);
    let begun = || runtime.block_on(async { Told::begun(store.watch()).await.delivery.unwrap().to_string() });
    let over = AtomicBool::new(false);
    let deliveries: BTreeSet<_> = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                act();
            }
        });
        let deliveries = (0..40).map(|_| begun()).collect();
        over.store(true, Ordering::Relaxed);
        deliveries
    });
    deliveries.into_iter().collect()
}

#[test]
fn a_server_that_stands_still_as_it_is_tried_is_not_taken_for_one_that_tells_nothing() {
    let Some(redis) = Redis::start() else { return };
    let stop_and_go = || {
        redis.freeze();
        redis.thaw();
    };
    assert_eq!(deliveries(&redis, Duration::from_millis(10), stop_and_go), ["pushed"]);
}

#[test]
fn a_database_that_is_emptied_as_it_is_tried_is_not_taken_for_one_that_tells_nothing() {
    let Some(redis) = Redis::start() else { return };
    // Not so often that nobody gets to read it.
    let empty = || {
        (0..30).for_each(|_| drop(redis.command(&["PING"])));
        redis.command(&["FLUSHALL"]);
    };
    assert_eq!(deliveries(&redis, Duration::from_millis(100), empty), ["pushed"]);
}
