//! How changes are heard of.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use handover_flags::{Change, Delivery, FileStore, FlagStore, StoreEvent, Watch};
use tokio::time::{Instant, timeout};

use super::{PATIENCE, begun, gate, listening, tells, with};

/// What the watch says of how changes arrive.
async fn delivery(watch: &mut Watch) -> Delivery {
    loop {
        let next = timeout(PATIENCE, watch.next()).await.unwrap();
        if let Some(StoreEvent::Delivery(delivery)) = next {
            return delivery;
        }
    }
}

/// A folder as Kubernetes mounts a `ConfigMap`: the file is a link through `..data`, which is turned as a whole.
fn mounted(at: &Path, version: u32, text: &str) {
    let data = format!("..version_{version}");
    fs::create_dir(at.join(&data)).unwrap();
    fs::write(at.join(&data).join("flags.json"), with(text)).unwrap();
    symlink(&data, at.join("..data_tmp")).unwrap();
    fs::rename(at.join("..data_tmp"), at.join("..data")).unwrap();
}

#[tokio::test]
async fn a_config_map_that_is_turned_is_seen_each_time() {
    let folder = tempfile::tempdir().unwrap();
    mounted(folder.path(), 0, "0");
    symlink("..data/flags.json", folder.path().join("flags.json")).unwrap();
    let mut follower = begun(&listening(folder.path().join("flags.json"))).await;
    for version in 1..=5 {
        mounted(folder.path(), version, &version.to_string());
        fs::remove_dir_all(folder.path().join(format!("..version_{}", version - 1))).unwrap();
        tells(&mut follower, &version.to_string()).await;
    }
}

#[tokio::test]
async fn a_change_behind_a_link_into_another_folder_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["here", "there", "elsewhere"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    let there = folder.path().join("there/flags.json");
    fs::write(&there, with("1")).unwrap();
    let link = folder.path().join("here/flags.json");
    symlink(&there, &link).unwrap();
    let mut follower = begun(&listening(&link)).await;
    fs::write(&there, with("2")).unwrap();
    tells(&mut follower, "2").await;
    let elsewhere = folder.path().join("elsewhere/flags.json");
    fs::write(&elsewhere, with("3")).unwrap();
    symlink(&elsewhere, folder.path().join("here/new")).unwrap();
    fs::rename(folder.path().join("here/new"), &link).unwrap();
    tells(&mut follower, "3").await;
    fs::write(&elsewhere, with("4")).unwrap();
    tells(&mut follower, "4").await;
}

#[tokio::test]
async fn changes_are_pushed_where_the_system_tells_of_them_and_else_polled() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("flags.json"));
    assert_eq!(delivery(&mut store.watch()).await, Delivery::Push);
    let every = Duration::from_millis(20);
    let polled = store.polled(every);
    assert_eq!(delivery(&mut polled.watch()).await, Delivery::Polled { every });
    let mut follower = begun(&polled).await;
    polled.put(&gate("a"), "true", &Change::by("me")).await.unwrap();
    tells(&mut follower, "true").await;
}

#[tokio::test]
async fn a_folder_that_comes_later_is_polled_for_and_then_listened_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("later/flags.json");
    let every = Duration::from_millis(20);
    let mut watch = FileStore::new(&path).looking_every(every).watch();
    assert_eq!(delivery(&mut watch).await, Delivery::Polled { every });
    assert!(matches!(watch.next().await, Some(StoreEvent::Lost(_))));
    fs::create_dir(folder.path().join("later")).unwrap();
    // Which of the two comes first is up to the machine.
    let (mut told, mut pushed) = (false, false);
    while !(told && pushed) {
        match timeout(PATIENCE, watch.next()).await.unwrap() {
            Some(StoreEvent::Contents { .. }) => told = true,
            Some(StoreEvent::Delivery(delivery)) => pushed = delivery == Delivery::Push,
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_folder_that_is_replaced_is_listened_to_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (here, old) = (folder.path().join("here"), folder.path().join("old"));
    fs::create_dir(&here).unwrap();
    fs::write(here.join("flags.json"), with("1")).unwrap();
    let every = Duration::from_secs(1);
    let mut follower = begun(&FileStore::new(here.join("flags.json")).looking_every(every)).await;
    fs::rename(&here, &old).unwrap();
    fs::create_dir(&here).unwrap();
    fs::write(here.join("flags.json"), with("2")).unwrap();
    tells(&mut follower, "2").await;
    // Looking alone would find one change in a second; they are heard in some milliseconds each.
    let (began, changes) = (Instant::now(), 40);
    for number in 3..3 + changes {
        fs::write(here.join("flags.json"), with(&number.to_string())).unwrap();
        tells(&mut follower, &number.to_string()).await;
    }
    assert!(began.elapsed() < every * changes / 2, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_quiet_file_is_confirmed_from_time_to_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut watch =
        FileStore::new(folder.path().join("flags.json")).looking_every(Duration::from_millis(20)).watch();
    let mut last = None;
    while last.is_none_or(|count| count < 3) {
        if let Some(StoreEvent::Fresh { .. }) = timeout(PATIENCE, watch.next()).await.unwrap() {
            last = Some(last.unwrap_or(0) + 1);
        }
    }
}
