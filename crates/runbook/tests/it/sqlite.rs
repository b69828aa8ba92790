//! What only a file can suffer.

use std::fs;
use std::path::{Path, PathBuf};

use handover_core::{Fence, Hint as _};
use handover_runbook::testkit::{Crashes, Stage, World, crash_everywhere};
use handover_runbook::{
    Body, Ending, Journal as _, JournalError, Lease as _, LeaseError, Orders as _, Program, SqliteStore,
    StepName,
};
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use crate::support::{effect, run_id, say, turns, undoing, watch};

struct Scratch {
    dir: tempfile::TempDir,
}

impl Scratch {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("journal.db")
    }

    async fn store(&self) -> SqliteStore {
        SqliteStore::open(self.path()).await.unwrap()
    }

    /// A journal with a run of a few records, closed.
    async fn written(&self) -> PathBuf {
        let store = self.store().await;
        store.append(&run_id(), 0, Fence::ZERO, Body::Sealed { plan: json!({ "to": "v2" }) }).await.unwrap();
        for seq in 1..12 {
            let body = Body::Noted { step: StepName::new("look"), note: json!("x".repeat(1500)) };
            store.append(&run_id(), seq, Fence::new(1), body).await.unwrap();
        }
        store.close().await;
        self.path()
    }

    /// The refusal of the file, with the folder's name taken out.
    async fn refusal(&self) -> String {
        let error = SqliteStore::open(self.path()).await.unwrap_err();
        say(&error).replace(&self.dir.path().display().to_string(), "STATE")
    }
}

async fn sql(path: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(path);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_journal_is_read_back_by_the_next_process_that_opens_it() {
    let scratch = Scratch::new();
    scratch.written().await;
    let records = scratch.store().await.read(&run_id(), 0).await.unwrap();
    assert_eq!(records.len(), 12);
    let left: Vec<_> = fs::read_dir(scratch.dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("new-")), "{left:?}");
}

#[tokio::test]
async fn an_empty_file_is_refused_and_stays_as_it_is() {
    let scratch = Scratch::new();
    fs::write(scratch.path(), "").unwrap();
    insta::assert_snapshot!(scratch.refusal().await, @r#"
error: STATE/journal.db cannot be read as a journal
  because: it was cut off
hint: put a backup in its place, or move it aside with `mv STATE/journal.db STATE/journal.db.broken`
"#);
    assert_eq!(fs::read(scratch.path()).unwrap(), b"");
}

#[tokio::test]
async fn garbage_is_refused_and_stays_as_it_is() {
    let scratch = Scratch::new();
    let garbage = b"PK\x03\x04 a zip archive of something else".repeat(200);
    fs::write(scratch.path(), &garbage).unwrap();
    insta::assert_snapshot!(scratch.refusal().await, @r#"
error: STATE/journal.db cannot be read as a journal
  because: it is not a SQLite file
hint: put a backup in its place, or move it aside with `mv STATE/journal.db STATE/journal.db.broken`
"#);
    assert_eq!(fs::read(scratch.path()).unwrap(), garbage);
}

#[tokio::test]
async fn a_file_cut_off_anywhere_is_refused_and_stays_as_it_is() {
    let scratch = Scratch::new();
    let whole = fs::read(scratch.written().await).unwrap();
    for keep in [1, 15, 16, 99, 512, 4096, 5000, 8192, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        fs::write(scratch.path(), &whole[..keep]).unwrap();
        let refused = SqliteStore::open(scratch.path()).await;
        assert!(matches!(refused, Err(JournalError::Unreadable { .. })), "{keep} bytes: {refused:?}");
        assert_eq!(fs::read(scratch.path()).unwrap(), &whole[..keep], "{keep} bytes were changed");
    }
    fs::write(scratch.path(), &whole[..whole.len() / 2]).unwrap();
    insta::assert_snapshot!(scratch.refusal().await, @r#"
error: STATE/journal.db cannot be read as a journal
  because: it was cut off
hint: put a backup in its place, or move it aside with `mv STATE/journal.db STATE/journal.db.broken`
"#);
}

#[tokio::test]
async fn another_programs_database_is_refused_and_stays_as_it_is() {
    let scratch = Scratch::new();
    let options = SqliteConnectOptions::new().filename(scratch.path()).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap().close().await.unwrap();
    sql(&scratch.path(), "CREATE TABLE users (name TEXT)").await;
    let before = fs::read(scratch.path()).unwrap();
    insta::assert_snapshot!(scratch.refusal().await, @r#"
error: STATE/journal.db cannot be read as a journal
  because: it is another program's database
hint: put a backup in its place, or move it aside with `mv STATE/journal.db STATE/journal.db.broken`
"#);
    assert_eq!(fs::read(scratch.path()).unwrap(), before);
}

#[tokio::test]
async fn a_newer_format_is_refused() {
    let scratch = Scratch::new();
    sql(&scratch.written().await, "UPDATE format SET version = 2").await;
    insta::assert_snapshot!(scratch.refusal().await, @r#"
error: the journal has format 2, this version knows up to 1
hint: use the version of handover that wrote it, or a newer one
"#);
}

#[tokio::test]
async fn a_newer_record_in_a_file_of_this_format_is_refused() {
    let scratch = Scratch::new();
    sql(&scratch.written().await, "UPDATE records SET format = 2 WHERE seq = 3").await;
    let refused = scratch.store().await.read(&run_id(), 0).await;
    assert!(matches!(refused, Err(JournalError::Newer { found: 2, known: 1 })));
}

#[tokio::test]
async fn a_folder_that_is_missing_or_no_folder_is_named() {
    let scratch = Scratch::new();
    fs::write(scratch.dir.path().join("file"), "").unwrap();
    for place in ["missing/journal.db", "file/journal.db"] {
        let refused = SqliteStore::open(scratch.dir.path().join(place)).await.unwrap_err();
        assert!(matches!(refused, JournalError::Closed { .. }), "{place}: {refused:?}");
        assert!(refused.hint().is_some());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_may_not_be_written_to_is_named() {
    use std::os::unix::fs::PermissionsExt as _;

    let scratch = Scratch::new();
    fs::set_permissions(scratch.dir.path(), fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(scratch.dir.path().join("probe"), "").is_ok() {
        // This user may write everywhere, so there is nothing to see.
        return;
    }
    let refused = SqliteStore::open(scratch.path()).await.unwrap_err();
    assert!(matches!(refused, JournalError::Closed { .. }), "{refused:?}");
}

#[tokio::test]
async fn every_edit_of_a_record_is_seen() {
    for edit in [
        "UPDATE records SET body = replace(body, 'x', 'y') WHERE seq = 7",
        "UPDATE records SET at = at + 1 WHERE seq = 7",
        "UPDATE records SET fence = 0 WHERE seq = 7",
        "UPDATE records SET prev = '' WHERE seq = 7",
        "UPDATE records SET hash = prev WHERE seq = 7",
        "UPDATE records SET body = 'no json' WHERE seq = 7",
        "UPDATE records SET body = body || ' ' WHERE seq = 7",
        "DELETE FROM records WHERE seq = 7",
    ] {
        let scratch = Scratch::new();
        sql(&scratch.written().await, edit).await;
        let store = scratch.store().await;
        let read = store.read(&run_id(), 0).await;
        assert!(matches!(read, Err(JournalError::Corrupt { seq: 7, .. })), "{edit}: {read:?}");
        assert!(store.verify().await.is_err(), "{edit}");
        // What lies behind the fault can still be looked at.
        assert_eq!(store.read(&run_id(), 9).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn a_broken_chain_is_not_made_longer() {
    let scratch = Scratch::new();
    sql(&scratch.written().await, "UPDATE records SET fence = 0 WHERE seq = 11").await;
    let body = Body::Watching { step: StepName::new("s") };
    let refused = scratch.store().await.append(&run_id(), 12, Fence::new(1), body).await;
    assert!(matches!(refused, Err(JournalError::Corrupt { seq: 11, .. })));
}

#[tokio::test]
async fn two_processes_opening_a_new_file_at_once_get_the_same_one() {
    let scratch = Scratch::new();
    let (a, b) = tokio::join!(SqliteStore::open(scratch.path()), SqliteStore::open(scratch.path()));
    let (Ok(a), Ok(b)) = (a, b) else { panic!("one could not open it") };
    a.append(&run_id(), 0, Fence::ZERO, Body::Sealed { plan: json!(1) }).await.unwrap();
    assert_eq!(b.read(&run_id(), 0).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_held_by_somebody_else_is_busy_not_broken() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    let options = SqliteConnectOptions::new().filename(scratch.path());
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    let held = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let refused = store.append(&run_id(), 0, Fence::ZERO, Body::Sealed { plan: json!(1) }).await;
    assert!(matches!(refused, Err(JournalError::Busy { .. })), "{refused:?}");
    assert_eq!(store.read(&run_id(), 0).await.unwrap(), [], "a reader waits for nobody");
    drop(held);
}

#[tokio::test]
async fn a_dead_holders_lease_is_taken_at_once_and_a_living_ones_is_not() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    let dead = store.lease("dead").acquire(false).await.unwrap();
    let refused = store.lease("next").acquire(false).await;
    assert!(matches!(refused, Err(LeaseError::Held(_))));

    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    sql(&scratch.path(), &format!("UPDATE lease SET pid = {}", child.id())).await;
    assert_eq!(store.lease("next").show().await.unwrap(), None);
    let next = store.lease("next").acquire(false).await.unwrap();
    assert!(next.fence > dead.fence);
}

#[tokio::test]
async fn a_lease_is_above_a_fence_that_somebody_acted_with_without_one() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    let first = store.lease("first").acquire(false).await.unwrap();
    store.lease("first").release(first.clone()).await.unwrap();
    let seen = Fence::new(first.fence.get() + 7);
    let next = store.lease("next").above(seen).acquire(false).await.unwrap();
    assert_eq!(next.fence, seen.next());
    // A fence that is long passed changes nothing.
    let last = store.lease("last").above(first.fence).acquire(true).await.unwrap();
    assert_eq!(last.fence, next.fence.next());
}

#[tokio::test]
async fn a_lease_whose_time_is_over_is_free() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    let late = store.lease("late").acquire(false).await.unwrap();
    sql(&scratch.path(), "UPDATE lease SET until = 1").await;
    assert!(matches!(store.lease("late").renew(&late).await, Err(LeaseError::Lost { .. })));
    assert!(store.lease("next").acquire(false).await.unwrap().fence > late.fence);
}

/// A program without waiting, because a file does not live on the paused clock.
fn brisk(world: &World) -> Program {
    Program {
        forward: vec![
            effect("start", world.set_to("engine", json!("on"))),
            effect("raise", world.set_to("level", json!(10))),
            watch("look", turns(0)),
        ],
        back: vec![
            undoing(effect("lower", world.set_to("level", json!(0))), "raise"),
            undoing(effect("stop", world.set_to("engine", json!("off"))), "start"),
        ],
    }
}

#[tokio::test]
async fn every_single_crash_on_a_file_ends_like_the_undisturbed_run() {
    let scratch = Scratch::new();
    let count = std::sync::atomic::AtomicU32::new(0);
    let make = async || {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let store = SqliteStore::open(scratch.dir.path().join(format!("{number}.db"))).await.unwrap();
        let world = World::new();
        let (a, b, c) = (world.clone(), world.clone(), world);
        let stage = Stage::in_memory(run_id(), move || brisk(&a), move || b.state(), move || c.duplicates());
        let store = std::sync::Arc::new(store);
        Stage {
            lease: std::sync::Arc::new(store.lease("suite")),
            journal: store.clone(),
            orders: store,
            ..stage
        }
    };
    let report = crash_everywhere(make, Crashes::One).await;
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!(report.ending, Some(Ending::TurnedBack { why: "it is bad".into() }));
    assert_eq!(report.crashed_runs, 24);
}

#[tokio::test]
async fn a_journal_of_format_1_is_read_back() {
    let scratch = Scratch::new();
    let options = SqliteConnectOptions::new().filename(scratch.path()).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap().close().await.unwrap();
    sql(&scratch.path(), include_str!("../fixtures/journal-v1.sql")).await;
    let store = scratch.store().await;
    let records = store.read(&run_id(), 0).await.unwrap();
    insta::assert_snapshot!(crate::support::story(records.into_iter().map(|r| r.body)), @r#"
sealed {"plan":{"share":0.1,"to":"v2"}}
leased {"holder":"first"}
intent {"op":"r1/start","seen":null,"step":"start","want":"on"}
verified {"proof":"on","step":"start"}
watching {"step":"warm"}
noted {"note":{"ask":"may it go on?"},"step":"warm"}
leased {"holder":"second"}
ordered {"by":"ana","number":1,"order":{"what":"approve"}}
proceeded {"evidence":"fine","step":"warm"}
intent {"op":"r1/raise","seen":null,"step":"raise","want":10.5}
verified {"proof":10.5,"step":"raise"}
watching {"step":"look"}
ordered {"by":"ana","number":2,"order":{"reason":"it smells","verb":"abort","what":"turn_back"}}
turned {"evidence":{"by":"ana","order":2,"reason":"it smells","verb":"abort"},"why":"abort by ana: it smells"}
intent {"op":"r1/tell","seen":null,"step":"tell","want":true}
failed {"causes":["it was refused"],"step":"tell"}
intent {"op":"r1/lower","seen":10.5,"step":"lower","want":0}
verified {"proof":0,"step":"lower"}
intent {"op":"r1/stop","seen":"on","step":"stop","want":"off"}
verified {"proof":"off","step":"stop"}
ended {"ending":{"how":"turned_back","why":"abort by ana: it smells"}}
"#);
    let checked = store.verify().await.unwrap();
    assert_eq!((checked.runs, checked.records), (1, 21));
    assert_eq!(store.after(&run_id(), 0).await.unwrap().len(), 2);
    let summary = store.runs().await.unwrap().remove(0);
    assert_eq!(summary.ending, Some(Ending::TurnedBack { why: "abort by ana: it smells".into() }));
    // The lease of that time is long over, and its fence is not given out again.
    assert_eq!(store.lease("now").acquire(false).await.unwrap().fence, Fence::new(3));
}
