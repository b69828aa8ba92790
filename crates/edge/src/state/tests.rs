use std::error::Error as _;
use std::fs;

use handover_core::Hint as _;

use super::*;

fn service() -> ServiceName {
    "shop".parse().unwrap()
}

fn set_fence(store: &StateStore, number: u64) -> Result<(), StateError> {
    store.update(|state| {
        state.fence = Fence::new(number);
        Ok(())
    })
}

/// A directory in which a state with fence 7 was replaced by one with fence 8.
fn written() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = StateStore::open(dir.path(), &service(), false).unwrap();
    set_fence(&store, 7).unwrap();
    set_fence(&store, 8).unwrap();
    dir
}

fn said(dir: &tempfile::TempDir, error: &StateError) -> String {
    let mut text = error.to_string();
    if let Some(hint) = error.hint() {
        text = format!("{text}\nhint: {hint}");
    }
    text.replace(&*dir.path().to_string_lossy(), "$DIR")
}

#[test]
fn what_was_saved_is_what_is_read() {
    let dir = written();
    let store = StateStore::open(dir.path(), &service(), false).unwrap();
    assert_eq!(store.get().fence, Fence::new(8));
}

#[test]
fn a_state_file_that_is_empty_cut_edited_newer_missing_or_anothers_is_refused_with_the_way_out() {
    let mut seen = Vec::new();
    let mut refuse = |name: &str, damage: &dyn Fn(&Path)| {
        let dir = written();
        let path = dir.path().join(STATE_FILE);
        damage(&path);
        let before = fs::read(&path).ok();
        let error = StateStore::open(dir.path(), &service(), false).unwrap_err();
        assert_eq!(fs::read(&path).ok(), before, "{name}: the refused file was touched");
        seen.push(format!("{name}: {}", said(&dir, &error)));
    };
    let edit = |path: &Path, from: &str, to: &str| {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(from));
        fs::write(path, text.replace(from, to)).unwrap();
    };
    refuse("empty", &|path| fs::write(path, "").unwrap());
    refuse("cut", &|path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    });
    refuse("edited", &|path| edit(path, "\"fence\":8", "\"fence\":1"));
    refuse("newer", &|path| edit(path, "\"format\":1", "\"format\":2"));
    refuse("missing", &|path| fs::remove_file(path).unwrap());
    let dir = written();
    let error = StateStore::open(dir.path(), &"blog".parse().unwrap(), false).unwrap_err();
    seen.push(format!("another's: {}", said(&dir, &error)));
    insta::assert_snapshot!(seen.join("\n"), @"
    empty: the state file $DIR/agent.json is empty
    hint: `handover agent run --recover` goes back to the copy before it, agent.json.prev
    cut: the state file $DIR/agent.json is cut short or was overwritten
    hint: `handover agent run --recover` goes back to the copy before it, agent.json.prev
    edited: the state file $DIR/agent.json does not match its checksum: it was edited or the disk lost a part of it
    hint: `handover agent run --recover` goes back to the copy before it, agent.json.prev
    newer: the state file $DIR/agent.json has format 2; this handover knows 1
    hint: run the newer handover
    missing: the state file $DIR/agent.json is missing, though there is a copy of the one before it
    hint: `handover agent run --recover` goes back to the copy before it, agent.json.prev
    another's: the state file $DIR/agent.json is of the service shop, not blog
    hint: give each service its own `--state-dir`
    ");
}

#[test]
fn recovering_goes_back_one_state_but_never_hands_out_a_fence_again() {
    let dir = written();
    let store = StateStore::open(dir.path(), &service(), false).unwrap();
    store
        .update(|state| {
            state.epoch = 5;
            Ok::<_, StateError>(())
        })
        .unwrap();
    set_fence(&store, 9).unwrap();
    fs::write(dir.path().join(STATE_FILE), "").unwrap();
    let store = StateStore::open(dir.path(), &service(), true).unwrap();
    assert_eq!(store.get().epoch, 5);
    assert!(store.get().fence > Fence::new(9));
    assert!(StateStore::open(dir.path(), &service(), false).is_ok(), "recovered once and for all");
}

#[test]
fn recovering_uses_the_file_itself_where_it_is_good() {
    let dir = written();
    let store = StateStore::open(dir.path(), &service(), true).unwrap();
    assert_eq!(store.get().fence, Fence::new(8));
}

#[test]
fn nothing_is_recovered_from_two_damaged_files() {
    let dir = written();
    fs::write(dir.path().join(STATE_FILE), "").unwrap();
    fs::write(dir.path().join("agent.json.prev"), "{").unwrap();
    let error = StateStore::open(dir.path(), &service(), true).unwrap_err();
    insta::assert_snapshot!(said(&dir, &error), @"
    neither $DIR/agent.json nor the copy before it can be used
    hint: stop the releases, move both files away, then deploy again
    ");
}

#[test]
fn a_state_that_cannot_be_written_stays_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let store = StateStore::open(dir.path(), &service(), false).unwrap();
    set_fence(&store, 7).unwrap();
    // No file can be created in a folder that is gone, whoever runs the test.
    fs::remove_dir_all(dir.path()).unwrap();
    let error = set_fence(&store, 8).unwrap_err();
    assert!(error.source().is_some());
    assert_eq!(store.get().fence, Fence::new(7));
    store.update_regardless(|state| state.fence = Fence::new(9));
    assert_eq!(store.get().fence, Fence::new(9));
}

#[test]
fn a_crash_between_the_two_names_of_a_file_does_not_stop_the_next_save() {
    let dir = written();
    let path = dir.path().join(STATE_FILE);
    fs::hard_link(&path, dir.path().join("agent.json.prev-tmp")).unwrap();
    let store = StateStore::open(dir.path(), &service(), false).unwrap();
    set_fence(&store, 9).unwrap();
    assert_eq!(StateStore::open(dir.path(), &service(), false).unwrap().get().fence, Fence::new(9));
}
