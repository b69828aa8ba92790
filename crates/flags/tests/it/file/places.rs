//! What is kept of a file that is changed.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use handover_flags::{Change, FileStore, FlagName, FlagStore, Key};

use super::{gate, with};

#[tokio::test]
async fn a_file_that_is_not_there_is_an_empty_store_that_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("flags.json"));
    assert!(store.load().await.unwrap().values.is_empty());
    let receipt = store.put(&gate("a"), "true", &Change::by("me")).await.unwrap();
    assert_eq!(receipt.before, None);
    insta::assert_snapshot!(fs::read_to_string(store.path()).unwrap(), @r#"
    {
      "revision": 1,
      "flags": {
        "a": {
          "enabled": true
        }
      }
    }
    "#);
}

#[tokio::test]
async fn a_change_goes_behind_links_and_keeps_the_mode_and_the_order_of_everything_else() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("real")).unwrap();
    let real = folder.path().join("real/flags.json");
    fs::write(
        &real,
        r#"{"segments": {"z": {"b": 1}}, "flags": {"z": {"enabled": true}, "a": {"enabled": true}}}"#,
    )
    .unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real/flags.json", folder.path().join("middle.json")).unwrap();
    symlink("middle.json", folder.path().join("flags.json")).unwrap();
    let store = FileStore::new(folder.path().join("flags.json"));
    store.put(&gate("z"), "false", &Change::by("me")).await.unwrap();
    let rules = Key::Rules(FlagName::new("a").unwrap());
    store.put(&rules, r#"{"rollout":10}"#, &Change::by("me")).await.unwrap();
    assert!(fs::symlink_metadata(store.path()).unwrap().is_symlink());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    insta::assert_snapshot!(fs::read_to_string(&real).unwrap(), @r#"
    {
      "revision": 2,
      "segments": {
        "z": {
          "b": 1
        }
      },
      "flags": {
        "z": {
          "enabled": false
        },
        "a": {
          "enabled": true,
          "rules": {
            "rollout": 10
          }
        }
      }
    }
    "#);
    let mut beside: Vec<_> =
        fs::read_dir(folder.path().join("real")).unwrap().map(|e| e.unwrap().file_name()).collect();
    beside.sort();
    assert_eq!(beside, ["flags.json", "flags.json.audit.jsonl", "flags.json.lock"]);
}

#[tokio::test]
async fn two_ways_to_one_file_share_its_lock_and_its_audit() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("real")).unwrap();
    fs::write(folder.path().join("real/flags.json"), with("true")).unwrap();
    symlink(folder.path().join("real"), folder.path().join("link")).unwrap();
    let [one, other] =
        ["real/flags.json", "link/flags.json"].map(|path| FileStore::new(folder.path().join(path)));
    one.put(&gate("a"), "1", &Change::by("one")).await.unwrap();
    other.put(&gate("a"), "2", &Change::by("other")).await.unwrap();
    assert_eq!(one.audit(10).await.unwrap(), other.audit(10).await.unwrap());
    assert_eq!(one.audit(10).await.unwrap().len(), 3);
}

#[tokio::test]
async fn an_accepted_state_is_marked_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("flags.json"));
    let before = store.load().await.unwrap().epoch;
    store.accept(&Change::by("me")).await.unwrap();
    let after = store.load().await.unwrap().epoch.unwrap();
    assert!(before.is_none() && after.ends_with("/me"), "{after}");
}
