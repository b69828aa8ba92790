//! A kill that is confirmed by processes that read the flag.

use std::time::Duration;

use handover_flags::{FlagStore as _, Flags, RedisStore, Revision, Safe, Seen};
use handover_testing::{Redis, until};
use tokio::runtime::Runtime;

use super::{Place, filters};

/// Readers of a flag, each with a connection and a name of its own.
struct Fleet {
    readers: Vec<Flags>,
    store: RedisStore,
    runtime: Runtime,
}

impl Fleet {
    fn start(redis: &Redis, size: usize) -> Self {
        let runtime = Runtime::new().unwrap();
        let store = RedisStore::new(&redis.url()).unwrap();
        let reader = |n: usize| {
            let store = RedisStore::new(&redis.url()).unwrap();
            let flags = Flags::builder(store).flag("scan_creation", Safe::On);
            runtime
                .block_on(flags.instance(format!("shop/{n}")).start_within(Duration::from_secs(30)).start())
        };
        let fleet = Self { readers: (0..size).map(reader).collect(), store, runtime };
        until("all have said that they live", || (fleet.seen() == size).then_some(()));
        fleet
    }

    fn seen(&self) -> usize {
        self.runtime.block_on(self.store.seen()).unwrap().len()
    }

    /// A process that has said that it lives, and then nothing more.
    fn hangs(&self, instance: &str) {
        let seen = Seen { instance: instance.into(), revision: Revision(0) };
        self.runtime.block_on(self.store.report_seen(&seen)).unwrap();
    }

    fn all_off(&self) -> bool {
        self.readers.iter().all(|flags| !flags.is_enabled("scan_creation"))
    }
}

const KILL: [&str; 4] = ["kill", "scan_creation", "--reason", "incident 4711"];

#[test]
fn a_kill_returns_once_every_instance_has_the_flag_off() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    redis.command(&["SET", "feature:scan_creation", "true"]);
    let fleet = Fleet::start(&redis, 5);
    assert!(!fleet.all_off());
    let said = place.ann(&KILL);
    assert!(fleet.all_off(), "it was said too early");
    insta::assert_snapshot!(said, @"
    killed scan_creation: 5 of 5 instances confirmed in T
    it was on; revision 1
    ");
    insta::assert_snapshot!(place.ann(&["enable", "scan_creation", "--wait", "--json"]), @r#"{"version":1,"flag":"scan_creation","on":true,"dry_run":false,"before":{"text":"false"},"revision":2,"read_back":false,"lapses_after_ms":null,"confirmation":{"instances":5,"confirmed":5,"silent":[],"elapsed_ms":0,"error":null}}"#);
    assert!(fleet.readers.iter().all(|flags| flags.is_enabled("scan_creation")));
    insta::assert_snapshot!(place.look(&["get", "scan_creation"]), @"
    scan_creation  on

    no rules: on is on for everybody

    WHEN                  WHAT           CHANGE    BY   WHY            RUN
    DATE  scan_creation  off → on  ann  -              -
    DATE  scan_creation  on → off  ann  incident 4711  -

    5 of 5 instances have its last change

    INSTANCE  REVISION
    shop/0    2
    shop/1    2
    shop/2    2
    shop/3    2
    shop/4    2
    ");
}

#[test]
fn a_silent_instance_is_named_and_the_exit_code_says_so() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    redis.command(&["SET", "feature:scan_creation", "true"]);
    let fleet = Fleet::start(&redis, 2);
    fleet.hangs("shop/hung\u{1b}[2J");
    let (code, out, err) = place.flags(&[&KILL[..], &["--actor", "ann", "--timeout", "700ms"]].concat());
    assert_eq!((code, err.as_str(), fleet.all_off()), (4, "", true));
    insta::assert_snapshot!(out, @r"
    killed scan_creation, but only 2 of 3 instances confirmed within T; silent:
      shop/hung\u{1b}[2J, at revision 0
    it was on; revision 1
    next: an instance that ended without a word is named for 30 s; `handover flags get 'scan_creation'` looks again
    ");
    let (code, out, _) = place.flags(&["disable", "scan_creation", "--wait", "--timeout", "100ms", "--json"]);
    assert_eq!(code, 4);
    insta::assert_snapshot!(out, @r#"{"version":1,"flag":"scan_creation","on":false,"dry_run":false,"before":{"text":"false"},"revision":2,"read_back":false,"lapses_after_ms":null,"confirmation":{"instances":3,"confirmed":2,"silent":[{"instance":"shop/hung\u001b[2J","revision":0}],"elapsed_ms":0,"error":null}}"#);
    assert!(place.look(&["get", "scan_creation"]).contains("BEHIND"));
}

#[test]
fn where_nobody_listens_a_kill_is_not_said_to_be_confirmed() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    redis.command(&["SET", "feature:scan_creation", "true"]);
    let (code, out, _) = place.flags(&[&KILL[..], &["--actor", "ann", "--timeout", "200ms"]].concat());
    assert_eq!((code, redis.command(&["GET", "feature:scan_creation"]).as_str()), (4, "false"));
    insta::assert_snapshot!(out, @"
    killed scan_creation in the store; no process has said that it listens there
    it was on; revision 1
    next: check that the services use this store; `--no-wait` asks nobody
    ");
}

#[test]
fn a_flag_that_only_processes_know_can_be_killed() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    let fleet = Fleet::start(&redis, 1);
    assert!(!fleet.all_off(), "its safe value is on");
    until("it is known that the flag is used", || {
        fleet.runtime.block_on(fleet.store.usage()).unwrap().first_key_value().map(drop)
    });
    insta::assert_snapshot!(place.ann(&KILL), @"
    killed scan_creation: 1 of 1 instance confirmed in T
    it was not set; revision 1
    ");
    assert!(fleet.all_off());
}
