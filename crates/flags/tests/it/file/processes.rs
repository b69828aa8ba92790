//! Several processes, some of which are killed, and one that may not read.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use handover_flags::{Change, FileStore, FlagStore, Revision};

use super::{begun, gate, with};

/// The variables that make a test of this binary a child: the file, and what to do with it.
const FILE: &str = "HANDOVER_FLAGS_CHILD_FILE";
const WHAT: &str = "HANDOVER_FLAGS_CHILD";

/// A child that is gone at the end of its test.
struct Running {
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Running {
    fn start(path: &Path, what: &str) -> Self {
        let mut child = command(path, what).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        Self { child, said }
    }

    /// The next thing it says after `done `; `None` at its end.
    fn next(&mut self) -> Option<String> {
        let mut line = String::new();
        while self.said.read_line(&mut line).unwrap() > 0 {
            if let Some((_, said)) = line.trim_end().split_once("done ") {
                return Some(said.to_owned());
            }
            line.clear();
        }
        None
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(path: &Path, what: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["file::processes::a_child_of_another_test", "--exact", "--nocapture"]);
    command.env(FILE, path).env(WHAT, what).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// What a child does; nothing where this is no child.
#[tokio::test]
#[expect(clippy::print_stdout, reason = "a child speaks to the test that started it")]
async fn a_child_of_another_test() {
    let (Ok(path), Ok(what)) = (env::var(FILE), env::var(WHAT)) else { return };
    let store = FileStore::new(PathBuf::from(path));
    if what == "one more" {
        let error = store.put(&gate("more"), "true", &Change::by("a child")).await.unwrap_err();
        println!("done {}", error.in_full());
        let follower = begun(&store).await;
        println!("done told {:?}", follower.held(&gate("a")));
        return;
    }
    let times = what.parse().unwrap_or(0_u64);
    for number in 0..times {
        let name = format!("{}-{number}", std::process::id());
        store.put(&gate(&name), "true", &Change::by("a child")).await.unwrap();
        println!("done {name}");
    }
    if times == 0 {
        println!("done {}", store.load().await.unwrap_err().in_full());
    }
}

#[tokio::test]
async fn two_processes_and_two_tasks_that_change_one_file_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flags.json");
    let mut children = [Running::start(&path, "100"), Running::start(&path, "100")];
    let tasks: Vec<_> = ["one", "other"].map(|who| tokio::spawn(hundred(FileStore::new(&path), who))).into();
    for task in tasks {
        task.await.unwrap();
    }
    for child in &mut children {
        while child.next().is_some() {}
        assert!(child.child.wait().unwrap().success());
    }
    let store = FileStore::new(&path);
    let (contents, audit) = (store.load().await.unwrap(), store.audit(1_000).await.unwrap());
    assert_eq!((contents.revision, contents.values.len(), audit.len()), (Some(Revision(400)), 400, 400));
    let revisions: BTreeSet<_> = audit.iter().filter_map(|line| line.revision).collect();
    assert_eq!(revisions.len(), 400);
}

async fn hundred(store: FileStore, who: &'static str) {
    for number in 0..100 {
        store.put(&gate(&format!("{who}-{number}")), "true", &Change::by(who)).await.unwrap();
    }
}

#[tokio::test]
async fn a_writer_that_is_killed_at_any_moment_loses_nothing_that_was_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flags.json");
    fs::write(&path, with("true")).unwrap();
    let store = FileStore::new(&path);
    let mut confirmed = Vec::new();
    for round in 0..20 {
        let mut child = Running::start(&path, "100000");
        // Where in its next change it is killed is up to the machine.
        confirmed.extend((0..=round % 4).map(|_| child.next().unwrap()));
        child.kill();
        // What it still said before it was killed was confirmed too.
        confirmed.extend(std::iter::from_fn(|| child.next()));
        store.put(&gate("parent"), &round.to_string(), &Change::by("the parent")).await.unwrap();
    }
    let (contents, audit) = (store.load().await.unwrap(), store.audit(10_000).await.unwrap());
    for name in &confirmed {
        assert!(contents.values.contains_key(&gate(name)), "{name} was confirmed, and is lost");
        let lines = audit.iter().filter(|line| line.key == gate(name) && line.actor == "a child").count();
        assert_eq!(lines, 1, "{name}");
    }
    assert!(contents.values.contains_key(&gate("a")));
}

/// The same, where no file may grow beyond so many KiB: as on a disk that becomes full, a part of a write may be made.
fn on_a_full_disk(path: &Path, kib: u32) -> Running {
    let child = command(path, "one more");
    let mut shell = Command::new("bash");
    shell
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"")])
        .arg(child.get_program());
    shell.args(child.get_args()).env(FILE, path).env(WHAT, "one more");
    let mut child = shell.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    Running { child, said }
}

#[tokio::test]
async fn on_a_full_disk_a_change_is_refused_and_nothing_is_left_of_it() {
    let mut said = String::new();
    // First the next file does not fit, then a part of the audit's line does.
    for (padding, filled) in [(4_000, 0), (1, 4_086)] {
        let folder = tempfile::tempdir().unwrap();
        let (path, audit) = (folder.path().join("flags.json"), folder.path().join("flags.json.audit.jsonl"));
        fs::write(&path, with(&format!("\"{}\"", "x".repeat(padding)))).unwrap();
        FileStore::new(&path).put(&gate("b"), "true", &Change::by("me")).await.unwrap();
        let mut lines = fs::read(&audit).unwrap();
        lines.resize(lines.len().max(filled), b'\n');
        fs::write(&audit, &lines).unwrap();
        let file = fs::read(&path).unwrap();
        let refused = on_a_full_disk(&path, 4).next().unwrap();
        said = said + &refused.replace(&folder.path().display().to_string(), "…") + "\n";
        assert_eq!((fs::read(&path).unwrap(), fs::read(&audit).unwrap()), (file, lines), "{refused}");
        assert!(!folder.path().join(".flags.json.next").exists());
    }
    insta::assert_snapshot!(said, @"
    the file …/flags.json refused: `.flags.json.next` beside it cannot be written: File too large (os error 27)
    the file …/flags.json refused: `flags.json.audit.jsonl` beside it cannot be written: File too large (os error 27)
    ");
}

#[tokio::test]
async fn a_file_that_this_process_may_not_read_is_refused_and_not_empty() {
    let (folder, path) = with_modes(0o755, 0o000);
    let Some(mut child) = by_nobody(&path, "load") else { return };
    let said = child.next().unwrap().replace(&folder.path().display().to_string(), "…");
    insta::assert_snapshot!(said, @"the file …/flags.json refused: Permission denied (os error 13)");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_can_still_be_watched() {
    let (folder, path) = with_modes(0o555, 0o444);
    let Some(mut child) = by_nobody(&path, "one more") else { return };
    let (refused, told) = (child.next().unwrap(), child.next().unwrap());
    insta::assert_snapshot!(refused.replace(&folder.path().display().to_string(), "…"), @"the file …/flags.json refused: `flags.json.lock` beside it cannot be written: Permission denied (os error 13)");
    assert_eq!(told, "told Some(Text(\"true\"))");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // So that whoever is not root can remove it.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
}

/// A file in a folder of its own, both with these modes.
fn with_modes(folder_mode: u32, mode: u32) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flags.json");
    fs::write(&path, with("true")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(folder_mode)).unwrap();
    (folder, path)
}

/// A child that is nobody in particular: only root may become somebody else, and all others are nobody in particular
/// already. `None` where such a child may not start this program.
fn by_nobody(path: &Path, what: &str) -> Option<Running> {
    let mut child = command(path, what);
    let mut child = child.uid(65_534).spawn().or_else(|_| command(path, what).spawn()).ok()?;
    let said = BufReader::new(child.stdout.take().unwrap());
    Some(Running { child, said })
}
