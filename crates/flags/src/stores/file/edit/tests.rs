use super::*;
use crate::FlagName;
use crate::stores::file::{disk, trail};

const OLD: &str = "{\"flags\": {\"a\": {\"enabled\": true}}}";

/// A file in a folder of its own, and what one writer knows of its audit.
struct Desk {
    folder: tempfile::TempDir,
    place: Place,
    known: Known,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flags.json");
        fs::write(&path, OLD).unwrap();
        let mut desk = Self { folder, place: Place::new(&path), known: Known::default() };
        compare(&desk.place, &mut desk.known).unwrap();
        desk
    }

    fn text(&self) -> String {
        fs::read_to_string(self.place.path()).unwrap()
    }

    fn audit(&self) -> Vec<String> {
        let entries = trail::read(&self.place.files().unwrap()).unwrap();
        entries
            .iter()
            .map(|entry| {
                format!("{}: {} to {}", entry.actor, say(entry.before.as_ref()), say(entry.after.as_ref()))
            })
            .collect()
    }

    fn gate(&self) -> Option<String> {
        let contents = disk::contents(&self.place, disk::bytes(&self.place).unwrap().as_deref()).unwrap();
        contents.values.get(&key()).and_then(Held::text).map(str::to_owned)
    }

    /// A change by a writer that is killed before the step of this number.
    fn killed_before(&mut self, step: usize) {
        let (change, after) = (Change::by("killed"), Some(Held::from("false")));
        let mut edit = Edit::begin(&self.place, &mut self.known, PATIENCE).unwrap();
        let before = edit.expect(&key(), &change).unwrap();
        let revision = edit.put(&key(), Some("false"));
        if step > 0 {
            edit.stage().unwrap();
        }
        if step > 1 {
            let line = edit.write_down(entry(&key(), (before, after), &change, revision)).unwrap();
            if step > 2 {
                edit.commit(line).unwrap();
            }
        }
        // The next process begins with nothing in memory.
        self.known = Known::default();
    }

    fn put(&mut self, text: &str) -> Result<Receipt, StoreError> {
        change(&self.place, &mut self.known, (&key(), Some(text)), &Change::by("next"))
    }
}

fn key() -> Key {
    Key::Gate(FlagName::new("a").unwrap())
}

fn say(held: Option<&Held>) -> &str {
    held.map_or("nothing", |held| held.text().unwrap())
}

#[test]
fn a_writer_killed_between_any_two_steps_leaves_the_old_file_or_the_new_one() {
    for step in 0..=3 {
        let mut desk = Desk::new();
        desk.killed_before(step);
        if step < 3 {
            assert_eq!(desk.text(), OLD, "step {step}");
        } else {
            assert_eq!(desk.gate().as_deref(), Some("false"));
        }
        desk.put("on again").unwrap();
        assert_eq!(desk.gate().as_deref(), Some("on again"), "step {step}");
        assert!(!desk.place.files().unwrap().next().exists(), "step {step}");
    }
}

#[test]
fn a_change_that_a_killed_writer_did_not_make_is_contradicted_in_the_audit() {
    let mut desk = Desk::new();
    desk.killed_before(2);
    let receipt = desk.put("on again").unwrap();
    assert_eq!(receipt.before, Some(Held::from("true")));
    insta::assert_debug_snapshot!(desk.audit(), @r#"
    [
        "(outside): nothing to true",
        "killed: true to false",
        "(outside): false to true",
        "next: true to on again",
    ]
    "#);
}

#[test]
fn a_torn_last_line_is_left_out_and_the_next_line_stands_by_itself() {
    let mut desk = Desk::new();
    let audit = desk.place.files().unwrap().audit();
    let mut torn = fs::read_to_string(&audit).unwrap();
    torn.push_str("{\"at_ms\": 1, \"key\": \"feature:a\", \"act");
    fs::write(&audit, torn).unwrap();
    assert_eq!(desk.audit(), ["(outside): nothing to true"]);
    desk.put("false").unwrap();
    assert_eq!(desk.audit(), ["(outside): nothing to true", "next: true to false"]);
}

#[test]
fn a_line_that_nobody_can_read_is_left_out() {
    let mut desk = Desk::new();
    desk.put("false").unwrap();
    let audit = desk.place.files().unwrap().audit();
    let lines = fs::read_to_string(&audit).unwrap();
    fs::write(&audit, format!("# by hand\n{lines}\n")).unwrap();
    assert_eq!(desk.audit(), ["(outside): nothing to true", "next: true to false"]);
}

#[test]
fn a_change_that_cannot_be_made_leaves_no_line_behind() {
    let mut desk = Desk::new();
    let mut edit = Edit::begin(&desk.place, &mut desk.known, PATIENCE).unwrap();
    let revision = edit.put(&key(), Some("false"));
    edit.stage().unwrap();
    let line = edit.write_down(entry(&key(), (None, None), &Change::by("me"), revision)).unwrap();
    // Another program takes the next file away, so that the last step fails.
    fs::remove_file(edit.files.next()).unwrap();
    let error = edit.commit(line).unwrap_err();
    drop(edit);
    assert!(
        error.in_full().ends_with("it cannot be replaced: No such file or directory (os error 2)"),
        "{error}"
    );
    assert_eq!(desk.audit(), ["(outside): nothing to true"]);
    assert_eq!(desk.put("false").unwrap().revision, Some(revision));
}

#[test]
fn what_was_changed_outside_is_written_down_once_whoever_looks() {
    let mut desk = Desk::new();
    fs::write(desk.place.path(), OLD.replace("true", "\"off\"")).unwrap();
    let mut other = Known::default();
    compare(&desk.place, &mut other).unwrap();
    compare(&desk.place, &mut desk.known).unwrap();
    compare(&desk.place, &mut Known::default()).unwrap();
    assert_eq!(desk.audit(), ["(outside): nothing to true", "(outside): true to off"]);
}

#[test]
fn a_number_is_never_given_twice_though_an_editor_puts_an_old_file_back() {
    let mut desk = Desk::new();
    desk.put("false").unwrap();
    desk.put("true").unwrap();
    fs::write(desk.place.path(), OLD).unwrap();
    assert_eq!(desk.put("false").unwrap().revision, Some(Revision(3)));
}

#[test]
fn a_held_lock_is_waited_for_and_no_longer_than_said() {
    let desk = Desk::new();
    let files = desk.place.files().unwrap();
    let held = Lock::take(&desk.place, &files, PATIENCE).unwrap();
    let error = Lock::take(&desk.place, &files, Duration::from_millis(10)).unwrap_err();
    let path = desk.folder.path().display().to_string();
    insta::assert_snapshot!(error.in_full().replace(&path, "…"), @"the file …/flags.json could not be reached: another process has held its lock for 10ms");
    drop(held);
    Lock::take(&desk.place, &files, PATIENCE).unwrap();
}
