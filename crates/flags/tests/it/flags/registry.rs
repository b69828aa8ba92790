//! The flags in the code beside those in the store.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use handover_flags::{Flag, FlagStore as _, Flags, MemoryStore, Revision, Safe};
use jiff::civil::date;

use super::reported::Reported;
use super::{SECOND, name, settle};

const KEPT: Flag = Flag::new("kept", Safe::Off).about("what it is for");
const OLD: Flag = Flag::new("old", Safe::Off).until(2026, 3, 1);
const GONE: Flag = Flag::new("gone", Safe::On);

async fn started(store: &MemoryStore) -> Flags {
    let flags = Flags::builder(store.clone()).declare(&[KEPT, OLD, GONE]);
    flags.instance("one").start().await
}

#[tokio::test(start_paused = true)]
async fn typing_errors_leftovers_and_flags_past_their_day_are_named() {
    let flags = started(&MemoryStore::with(&[("kept", true), ("old", true), ("left", true)])).await;
    assert!(flags.is_enabled("kept") && flags.is_enabled("left"));
    assert!(!flags.is_enabled("ketp") && !flags.is_enabled("ketp"));
    let report = flags.registry(date(2026, 3, 2));
    assert_eq!(report.unknown, ["ketp"]);
    assert_eq!(report.unset, [name("gone")]);
    assert_eq!(report.undeclared, [name("left")]);
    assert_eq!(report.never_evaluated, [name("gone"), name("old")]);
    assert_eq!(report.stale, [name("old")]);
    assert!(flags.registry(date(2026, 3, 1)).stale.is_empty(), "its last day is a day of its own");
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_names_that_nobody_knows_is_bounded() {
    let flags = started(&MemoryStore::new()).await;
    for number in 0..10_000 {
        assert!(!flags.is_enabled(&format!("x{number}\u{1b}[31m{}", "y".repeat(1000))));
    }
    let unknown = flags.registry(date(2026, 1, 1)).unknown;
    assert_eq!(unknown.len(), 100);
    assert!(
        unknown.iter().all(|name| name.len() <= 100 && !name.contains('\u{1b}')),
        "{:?}",
        unknown.first()
    );
    assert!(!flags.handle("no\nname").get());
}

#[tokio::test(start_paused = true)]
async fn a_process_tells_the_store_what_it_has_taken_up_and_what_it_uses() {
    let store = MemoryStore::with(&[("kept", true)]);
    let flags = started(&store).await;
    settle().await;
    let seen = store.seen().await.unwrap();
    assert_eq!((seen.len(), &*seen[0].instance, seen[0].revision), (1, "one", Revision(0)));
    store.put(&super::gate("kept"), "false", &handover_flags::Change::by("me")).await.unwrap();
    settle().await;
    assert_eq!(store.seen().await.unwrap()[0].revision, Revision(1));
    assert!(!flags.is_enabled("kept"));
    tokio::time::sleep(SECOND * 70).await;
    let usage = store.usage().await.unwrap();
    assert!(usage[&name("kept")].evaluated_ms.is_some());
    assert!(usage[&name("gone")].declared_ms.is_some() && usage[&name("gone")].evaluated_ms.is_none());
    drop(flags);
    tokio::time::sleep(SECOND * 31).await;
    assert!(store.seen().await.unwrap().is_empty(), "who says no more is forgotten");
}

#[tokio::test(start_paused = true)]
async fn reads_are_counted_and_told_from_time_to_time() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let flags = Flags::builder(MemoryStore::with(&[("kept", true)])).declare(&[KEPT, GONE]);
    let flags = flags
        .on_exposures(Duration::from_secs(10), move |news| tell.lock().unwrap().extend_from_slice(news))
        .start()
        .await;
    let handle = flags.handle("kept");
    for _ in 0..5 {
        assert!(handle.get() && flags.is_enabled("gone"));
    }
    tokio::time::sleep(SECOND * 11).await;
    assert!(handle.get());
    tokio::time::sleep(SECOND * 20).await;
    let told: Vec<_> =
        told.lock().unwrap().iter().map(|one| (one.flag.to_string(), one.on, one.off)).collect();
    assert_eq!(told, [("gone".to_owned(), 5, 0), ("kept".to_owned(), 5, 0), ("kept".to_owned(), 1, 0)]);
    let kept = flags.exposures().into_iter().find(|one| one.flag == name("kept")).unwrap();
    assert_eq!((kept.on, kept.off), (6, 0));
}

#[tokio::test(start_paused = true)]
async fn where_reads_are_not_counted_nothing_is_called_unread() {
    let flags = Flags::builder(MemoryStore::new()).declare(&[KEPT]).count_exposures(false).start().await;
    assert!(flags.exposures().is_empty());
    assert!(flags.registry(date(2026, 1, 1)).never_evaluated.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_change_that_nobody_counted_is_confirmed_by_nobody() {
    let store = Reported::default();
    let flags = Flags::builder(store.clone()).instance("one").start().await;
    settle().await;
    assert_eq!(store.reports(), 1);
    for text in ["true", "false", "true", "false"] {
        store.say(text).await;
        assert_eq!(flags.is_enabled("x"), text == "true");
    }
    assert_eq!(store.reports(), 1);
    tokio::time::sleep(SECOND * 13).await;
    assert_eq!(store.reports(), 2, "it says that it lives");
}

#[tokio::test(start_paused = true)]
async fn a_confirmation_that_could_not_be_given_is_given_again_soon() {
    let store = Reported::default();
    store.refuse(1);
    let _flags = Flags::builder(store.clone()).instance("one").start().await;
    settle().await;
    assert_eq!(store.reports(), 1);
    tokio::time::sleep(SECOND * 2).await;
    assert_eq!(store.reports(), 2);
    tokio::time::sleep(SECOND * 5).await;
    assert_eq!(store.reports(), 2, "and then no sooner than needed");
}
