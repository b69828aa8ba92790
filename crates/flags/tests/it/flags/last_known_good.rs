//! From where a process begins.

use std::path::Path;
use std::time::Duration;

use handover_flags::{
    Change, Context, EnvStore, FlagStore as _, Flags, FlagsBuilder, MemoryStore, Reason, Safe, Source,
    Standing, Started,
};

use super::script::Script;
use super::{SECOND, contents, gate};

fn silent(path: &Path) -> FlagsBuilder {
    let flags = Flags::builder(Script::new()).flag("kill", Safe::On).last_known_good(path);
    flags.bootstrap(contents(&[(gate("brought"), "true")])).start_within(Duration::ZERO)
}

/// Waits until the file is there and holds this.
async fn saved(path: &Path, text: &str) {
    for _ in 0..1000 {
        if std::fs::read_to_string(path).is_ok_and(|file| file.contains(text)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nothing was saved");
}

#[tokio::test]
async fn a_restart_during_an_outage_serves_the_last_values_with_their_age() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("flags.lkg");
    let store = MemoryStore::with(&[("kill", true)]);
    let flags = Flags::builder(store.clone()).last_known_good(&path).start().await;
    assert_eq!(flags.status().started, Started::Store);
    store.put(&gate("kill"), "false", &Change::by("me")).await.unwrap();
    saved(&path, "false").await;
    drop(flags);

    let flags = silent(&path).start().await;
    let Started::LastKnownGood { age } = flags.status().started else { panic!("{:?}", flags.status()) };
    assert!(age < SECOND * 30, "{age:?}");
    let kill = flags.evaluate("kill", &Context::new());
    assert_eq!((kill.value, kill.reason, kill.source), (false, Reason::Gate, Source::LastKnownGood));
    assert!(kill.age() >= Some(age));
    assert!(!flags.is_enabled("brought"), "the file goes above what the program brought");
    let status = flags.status();
    assert_eq!((status.standing, status.flags), (Standing::Never, 1));
}

#[tokio::test]
async fn a_damaged_file_is_said_and_the_bootstrap_serves() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("flags.lkg");
    std::fs::write(&path, "{}").unwrap();
    let flags = silent(&path).start().await;
    let status = flags.status();
    assert_eq!(status.started, Started::Bootstrap);
    let said = status.last_known_good.unwrap().replace(&dir.path().display().to_string(), "");
    insta::assert_snapshot!(said, @"/flags.lkg is damaged: it ends too early; it is not used");
    assert_eq!(flags.evaluate("brought", &Context::new()).source, Source::Bootstrap);
    assert!(flags.is_enabled("kill"));
}

#[tokio::test]
async fn what_came_from_the_file_is_not_written_back_as_new() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("flags.lkg");
    let flags = Flags::builder(MemoryStore::with(&[("x", true)])).last_known_good(&path).start().await;
    saved(&path, "feature:x").await;
    drop(flags);
    let before = std::fs::read(&path).unwrap();
    tokio::time::pause();
    let flags = silent(&path).start().await;
    tokio::time::sleep(SECOND * 300).await;
    assert!(flags.is_enabled("x"));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test(start_paused = true)]
async fn with_nothing_at_all_values_are_safe() {
    let flags = Flags::builder(Script::new()).flag("kill", Safe::On).start().await;
    assert_eq!(flags.status().started, Started::Safe);
    assert!(flags.is_enabled("kill"));
}

#[tokio::test(start_paused = true)]
async fn a_start_waits_no_longer_than_told_and_takes_the_store_up_later() {
    let script = Script::new();
    let begin = tokio::time::Instant::now();
    let flags = Flags::builder(script.clone()).start_within(SECOND * 3).start().await;
    assert_eq!(begin.elapsed(), SECOND * 3);
    script.contents(contents(&[(gate("x"), "true")])).await;
    assert!(flags.is_enabled("x"));
    assert_eq!(flags.status().started, Started::Safe, "where it began stays true");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_change_is_never_stale() {
    let flags = Flags::builder(EnvStore::with_prefix("NOBODY_HAS_THIS_")).start().await;
    tokio::time::sleep(SECOND * 600).await;
    let status = flags.status();
    assert_eq!((status.standing, status.age), (Standing::Live, Some(Duration::ZERO)));
}

#[tokio::test(start_paused = true)]
async fn the_name_of_the_store_is_in_the_status_and_listening_ends_with_the_flags() {
    let store = MemoryStore::with(&[("x", true)]);
    let flags = Flags::builder(store.clone()).start().await;
    assert_eq!(flags.status().store, store.name());
    let handle = flags.handle("x");
    drop(flags);
    store.put(&gate("x"), "false", &Change::by("me")).await.unwrap();
    super::settle().await;
    assert!(!handle.get(), "a handle keeps the flags behind it alive");
}
