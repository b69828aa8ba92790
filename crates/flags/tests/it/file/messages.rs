//! Every message of the file store.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use handover_flags::{Change, FileStore, FlagStore, StoreError};

use super::{gate, with};

/// A store in a folder of its own, in which something is wrong.
struct Wrong {
    folder: tempfile::TempDir,
    store: FileStore,
}

impl Wrong {
    fn new(spoil: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        spoil(folder.path());
        let store = FileStore::new(folder.path().join("flags.json"));
        Self { folder, store }
    }

    fn say(&self, error: &StoreError) -> String {
        let said =
            error.in_full().replace(&self.folder.path().canonicalize().unwrap().display().to_string(), "…");
        format!("{}: {said}", error.kind())
    }

    async fn load(&self) -> String {
        self.say(&self.store.load().await.unwrap_err())
    }

    /// A refused change leaves everything as it was, and nothing new.
    async fn put(&self) -> String {
        let path = self.folder.path().join("flags.json");
        let before = fs::read(&path).ok();
        let error = self.store.put(&gate("a"), "false", &Change::by("me")).await.unwrap_err();
        assert_eq!(fs::read(&path).ok(), before);
        assert!(!self.folder.path().join(".flags.json.next").is_file());
        self.say(&error)
    }
}

fn holding(bytes: impl AsRef<[u8]>) -> Wrong {
    Wrong::new(|folder| fs::write(folder.join("flags.json"), bytes).unwrap())
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_a_change_of_it_is_refused_the_same_way() {
    let wrong = [
        holding(""),
        holding("{\n  \"flags\": {\n    \"a\": {\"enabld\": true}\n  }\n}"),
        holding(b"{\"flags\": {\"\xe4\": {}}}"),
        holding(vec![b' '; 8 * 1024 * 1024 + 1]),
        Wrong::new(|folder| fs::create_dir(folder.join("flags.json")).unwrap()),
        Wrong::new(|folder| symlink("flags.json", folder.join("flags.json")).unwrap()),
        Wrong::new(|folder| symlink("nowhere/flags.json", folder.join("flags.json")).unwrap()),
    ];
    let mut said = String::new();
    for wrong in &wrong {
        let (read, changed) = (wrong.load().await, wrong.put().await);
        assert_eq!(read, changed);
        said = said + &read + "\n";
    }
    insta::assert_snapshot!(said, @"
    damaged: the file …/flags.json does not hold flags that can be read: line 1, column 1: it is empty; a file without flags holds `{}`
    damaged: the file …/flags.json does not hold flags that can be read: line 3, column 18: `enabld` means nothing there; did you mean `enabled`?
    damaged: the file …/flags.json does not hold flags that can be read: line 1, column 13: it is not UTF-8
    damaged: the file …/flags.json does not hold flags that can be read: it has more than 8 MiB
    refused: the file …/flags.json refused: it is no regular file
    unreachable: the file …/flags.json could not be reached: its links go round in a circle
    unreachable: the file …/flags.json could not be reached: its folder …/nowhere: No such file or directory (os error 2)
    ");
}

#[tokio::test]
async fn what_cannot_be_written_is_said_and_changes_nothing() {
    let fine = |folder: &Path| fs::write(folder.join("flags.json"), with("true")).unwrap();
    let wrong = [
        Wrong::new(|folder| {
            fine(folder);
            fs::create_dir(folder.join(".flags.json.next")).unwrap();
        }),
        Wrong::new(|folder| {
            fine(folder);
            fs::create_dir(folder.join("flags.json.lock")).unwrap();
        }),
        Wrong::new(|folder| {
            fine(folder);
            symlink("/dev/full", folder.join("flags.json.audit.jsonl")).unwrap();
        }),
    ];
    let mut said = String::new();
    for wrong in &wrong {
        said = said + &wrong.put().await + "\n";
        assert!(wrong.store.load().await.is_ok());
    }
    insta::assert_snapshot!(said, @"
    refused: the file …/flags.json refused: `.flags.json.next` beside it cannot be written: File exists (os error 17)
    refused: the file …/flags.json refused: `flags.json.lock` beside it cannot be written: Is a directory (os error 21)
    refused: the file …/flags.json refused: `flags.json.audit.jsonl` beside it cannot be written: it is no regular file
    ");
}

#[tokio::test]
async fn a_change_that_would_make_the_file_too_large_is_refused() {
    let rules = "x".repeat(200 * 1024);
    let flags: Vec<_> = (0..39).map(|n| format!("\"f{n}\": {{\"rules\": \"{rules}\"}}")).collect();
    let wrong = holding(format!("{{\"flags\": {{{}}}}}", flags.join(",")));
    let more = "y".repeat(250 * 1024);
    assert!(wrong.store.put(&gate("a"), &more, &Change::by("me")).await.is_ok());
    let error = wrong.store.put(&gate("b"), &more, &Change::by("me")).await.unwrap_err();
    insta::assert_snapshot!(wrong.say(&error), @"refused: the file …/flags.json refused: it would have more than 8 MiB");
    assert!(wrong.store.load().await.unwrap().values.contains_key(&gate("a")));
}

#[tokio::test]
async fn what_the_store_cannot_do_is_said() {
    let wrong = holding("{}");
    let timed = Change::by("me").expires_after(Duration::from_secs(1));
    let errors = [
        wrong.store.put(&gate("a"), "true", &timed).await.unwrap_err(),
        wrong.store.seen().await.unwrap_err(),
        wrong.store.usage().await.unwrap_err(),
    ];
    let said: Vec<_> = errors.iter().map(|error| wrong.say(error)).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    unsupported: the file …/flags.json cannot forget a value by itself after a time
    unsupported: the file …/flags.json cannot tell who has seen what
    unsupported: the file …/flags.json cannot tell which flags are used
    ");
}

#[test]
fn a_name_that_would_colour_the_terminal_is_shown_harmless() {
    insta::assert_snapshot!(FileStore::new("/a\u{1b}[31m/b\n.json").name(), @r"the file /a\u{1b}[31m/b\n.json");
}
