//! What an editor changed is in the audit, once.

use std::fs;
use std::time::Duration;

use handover_flags::{AuditEntry, Change, FileStore, FlagStore, Held, Revision};
use tokio::time::{sleep, timeout};

use super::{PATIENCE, begun, gate, tells, with};

/// The audit, once it has as many lines, oldest first.
async fn lines(store: &FileStore, wanted: usize) -> Vec<AuditEntry> {
    let reached = timeout(PATIENCE, async {
        loop {
            let lines = store.audit(100).await.unwrap();
            if lines.len() >= wanted {
                return lines.into_iter().rev().collect();
            }
            sleep(Duration::from_millis(5)).await;
        }
    });
    reached.await.unwrap()
}

#[tokio::test]
async fn a_change_by_hand_is_noticed_once_by_several_watchers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flags.json");
    fs::write(&path, with("true")).unwrap();
    let stores = [FileStore::new(&path), FileStore::new(&path), FileStore::new(&path)];
    let mut followers = Vec::new();
    for store in &stores {
        followers.push(begun(store).await);
    }
    assert_eq!(lines(&stores[0], 1).await[0].after, Some(Held::from("true")));
    fs::write(&path, with("false")).unwrap();
    for follower in &mut followers {
        tells(follower, "false").await;
    }
    let noticed = lines(&stores[0], 2).await.pop().unwrap();
    assert_eq!((noticed.actor.as_str(), noticed.revision), (AuditEntry::OUTSIDE, None));
    assert_eq!((noticed.before, noticed.after), (Some(Held::from("true")), Some(Held::from("false"))));
    // Whoever changes it next compares too, and finds it written down.
    stores[1].put(&gate("a"), "true", &Change::by("me")).await.unwrap();
    let lines = lines(&stores[0], 3).await;
    let actors: Vec<_> = lines.iter().map(|line| line.actor.as_str()).collect();
    assert_eq!(actors, [AuditEntry::OUTSIDE, AuditEntry::OUTSIDE, "me"]);
    assert_eq!(lines[2].revision, Some(Revision(1)));
}

#[tokio::test]
async fn a_change_by_a_store_is_never_taken_for_one_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flags.json");
    let (watched, other) =
        (FileStore::new(&path).looking_every(Duration::from_millis(10)), FileStore::new(&path));
    let mut follower = begun(&watched).await;
    for number in 0..20 {
        other.put(&gate("a"), &number.to_string(), &Change::by("me")).await.unwrap();
        tells(&mut follower, &number.to_string()).await;
    }
    other.remove(&gate("a"), &Change::by("me")).await.unwrap();
    follower.until(PATIENCE, |follower| follower.held(&gate("a")).is_none()).await.unwrap();
    assert!(lines(&other, 21).await.iter().all(|line| line.actor == "me"));
}

#[tokio::test]
async fn watching_a_file_that_is_not_there_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("flags.json")).looking_every(Duration::from_millis(5));
    let mut watch = store.watch();
    for _ in 0..5 {
        timeout(PATIENCE, watch.next()).await.unwrap().unwrap();
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
