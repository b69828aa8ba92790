//! How editors write: none of them shows an empty store.

use std::fs::{self, OpenOptions};
use std::io::Write;

use handover_flags::FlagStore;
use handover_flags::testkit::Follower;

use super::{PATIENCE, begun, gate, listening, loses, tells, with};

/// Whatever was told, the flag was in it.
fn never_empty(follower: &Follower) {
    assert!(follower.story().iter().all(|contents| contents.values.contains_key(&gate("a"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_in_two_parts_never_shows_an_empty_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flags.json");
    fs::write(&path, with("0")).unwrap();
    let store = listening(&path);
    let mut follower = begun(&store).await;
    for number in 1..=30 {
        let text = with(&number.to_string());
        let (first, rest) = text.split_at(number % text.len());
        let mut file = OpenOptions::new().write(true).truncate(true).open(&path).unwrap();
        follower.catch_up().await.unwrap();
        file.write_all(first.as_bytes()).unwrap();
        follower.catch_up().await.unwrap();
        file.write_all(rest.as_bytes()).unwrap();
        drop(file);
        tells(&mut follower, &number.to_string()).await;
    }
    never_empty(&follower);
}

#[tokio::test]
async fn a_file_that_stays_torn_is_a_loss_and_what_was_known_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flags.json");
    fs::write(&path, with("true")).unwrap();
    let store = listening(&path);
    let mut follower = begun(&store).await;
    fs::write(&path, "").unwrap();
    loses(&mut follower).await;
    assert!(store.load().await.is_err());
    never_empty(&follower);
    fs::write(&path, with("false")).unwrap();
    tells(&mut follower, "false").await;
    never_empty(&follower);
}

#[tokio::test]
async fn a_file_moved_away_and_written_anew_is_never_taken_for_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flags.json");
    fs::write(&path, with("0")).unwrap();
    let mut follower = begun(&listening(&path)).await;
    for number in 1..=10 {
        fs::rename(&path, folder.path().join("flags.json~")).unwrap();
        follower.catch_up().await.unwrap();
        fs::write(&path, with(&number.to_string())).unwrap();
        tells(&mut follower, &number.to_string()).await;
    }
    never_empty(&follower);
}

#[tokio::test]
async fn a_file_renamed_into_place_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flags.json");
    fs::write(&path, with("true")).unwrap();
    let mut follower = begun(&listening(&path)).await;
    fs::write(folder.path().join(".flags.swp"), with("false")).unwrap();
    fs::rename(folder.path().join(".flags.swp"), &path).unwrap();
    tells(&mut follower, "false").await;
}

#[tokio::test]
async fn a_file_that_is_taken_away_for_good_reads_as_empty_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flags.json");
    fs::write(&path, with("true")).unwrap();
    let mut follower = begun(&listening(&path)).await;
    fs::remove_file(&path).unwrap();
    follower.until(PATIENCE, |follower| follower.held(&gate("a")).is_none()).await.unwrap();
    let said = follower.noticed()[0].replace(&folder.path().display().to_string(), "…");
    insta::assert_snapshot!(said, @"the file …/flags.json is gone, and reads as empty");
}
