use std::os::unix::fs::symlink;
use std::time::Duration;

use handover_core::Hint;

use super::*;
use crate::api::HealthSpec;

fn spec(id: &str) -> ReleaseSpec {
    ReleaseSpec {
        id: id.parse().unwrap(),
        command: "./server".into(),
        env_file: None,
        instances: 1,
        grace: Duration::from_secs(5),
        health: HealthSpec {
            path: "/ready".into(),
            interval: Duration::from_secs(1),
            timeout: Duration::from_secs(1),
            rise: 1,
            fall: 3,
            start_limit: Duration::from_secs(30),
        },
        in_place: None,
        log_cap: 1_000,
        frozen_at: Timestamp::default(),
    }
}

struct Bench {
    dir: tempfile::TempDir,
    store: ReleaseStore,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = ReleaseStore::new(dir.path().join("state"));
        let bench = Self { dir, store };
        fs::create_dir_all(bench.artifact().join("sub")).unwrap();
        bench.write("server", "one");
        bench.write("sub/page", "two");
        bench
    }

    fn artifact(&self) -> PathBuf {
        self.dir.path().join("dist")
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.artifact().join(name), text).unwrap();
    }

    fn freeze(&self, id: &str) -> Result<Frozen, ReleaseError> {
        self.store.freeze(&ArtifactSource::Directory(self.artifact()), spec(id))
    }

    /// The error as an operator reads it, without this test's folder.
    fn said(&self, error: &ReleaseError) -> String {
        let mut text = error.to_string();
        if let Some(cause) = std::error::Error::source(error) {
            text = format!("{text}\n  because: {cause}");
        }
        if let Some(hint) = error.hint() {
            text = format!("{text}\nhint: {hint}");
        }
        text.replace(&*self.dir.path().canonicalize().unwrap().to_string_lossy(), "$DIR")
    }

    fn left_in_store(&self) -> Vec<String> {
        self.store.names().unwrap()
    }
}

#[test]
fn a_frozen_release_does_not_change_with_its_source() {
    let bench = Bench::new();
    let frozen = bench.freeze("v1").unwrap();
    bench.write("server", "changed");
    let files = bench.store.working_folder(&frozen.spec);
    assert_eq!(fs::read_to_string(files.join("server")).unwrap(), "one");
    assert_eq!(fs::read_to_string(files.join("sub/page")).unwrap(), "two");
    assert_eq!(bench.store.spec(&frozen.spec.id).unwrap(), frozen.spec);
}

#[test]
fn freezing_the_same_twice_is_once() {
    let bench = Bench::new();
    let first = bench.freeze("v1").unwrap();
    let second = bench.freeze("v1").unwrap();
    assert!(!first.existed && second.existed);
    assert_eq!(first.spec, second.spec);
    assert_eq!(bench.left_in_store(), ["v1"]);
}

#[test]
fn a_release_name_that_exists_with_other_files_or_settings_is_refused_and_kept() {
    let bench = Bench::new();
    let first = bench.freeze("v1").unwrap();
    let other = ReleaseSpec { command: "./other".into(), ..spec("v1") };
    let settings = bench.store.freeze(&ArtifactSource::Directory(bench.artifact()), other).unwrap_err();
    bench.write("server", "changed");
    let files = bench.freeze("v1").unwrap_err();
    insta::assert_snapshot!(format!("{}\n{}", bench.said(&settings), bench.said(&files)), @"
    a release named v1 exists, with other settings
    hint: give this one another name with `--release`
    a release named v1 exists, with other files
    hint: give this one another name with `--release`
    ");
    assert_eq!(bench.store.spec(&first.spec.id).unwrap(), first.spec);
    assert_eq!(bench.left_in_store(), ["v1"]);
}

#[test]
fn what_cannot_be_frozen_is_named_and_leaves_nothing() {
    let bench = Bench::new();
    let directory = |path: PathBuf| ArtifactSource::Directory(path);
    let empty = ReleaseSpec { command: " ".into(), ..spec("v1") };
    let mut said = vec![
        bench.store.freeze(&directory(bench.artifact()), empty).unwrap_err(),
        bench
            .store
            .freeze(&directory(bench.dir.path().canonicalize().unwrap().join("none")), spec("v1"))
            .unwrap_err(),
        bench.store.freeze(&directory(bench.artifact().join("server")), spec("v1")).unwrap_err(),
        bench.store.freeze(&directory(bench.dir.path().to_owned()), spec("v1")).unwrap_err(),
    ];
    let repo = bench.dir.path().canonicalize().unwrap();
    let archive = ArtifactSource::GitArchive { repo, rev: "--output=x".into() };
    said.push(bench.store.freeze(&archive, spec("v1")).unwrap_err());
    std::os::unix::net::UnixListener::bind(bench.artifact().join("zz.sock")).unwrap();
    said.push(bench.freeze("v1").unwrap_err());
    let text: Vec<String> = said.iter().map(|e| bench.said(e)).collect();
    insta::assert_snapshot!(text.join("\n"), @"
    the release's command is empty
    the artefact folder $DIR/none does not exist
    hint: `artifact` in handover.toml names the folder to deploy
    the artefact $DIR/dist/server is not a folder
    hint: `artifact` in handover.toml names the folder to deploy
    the artefact folder $DIR holds handover's own state directory
    hint: give another folder with `--state-dir`
    cannot take --output=x from the repository $DIR
      because: it names no commit there
    $DIR/dist/zz.sock is neither a file, a folder nor a link
    ");
    assert!(bench.left_in_store().is_empty(), "{:?}", bench.left_in_store());
}

#[test]
fn links_are_kept_and_never_followed() {
    let bench = Bench::new();
    fs::write(bench.dir.path().join("secret"), "outside").unwrap();
    symlink("../secret", bench.artifact().join("link")).unwrap();
    symlink("/nowhere", bench.artifact().join("dangling")).unwrap();
    let frozen = bench.freeze("v1").unwrap();
    let files = bench.store.working_folder(&frozen.spec);
    assert_eq!(fs::read_link(files.join("link")).unwrap(), Path::new("../secret"));
    assert_eq!(fs::read_link(files.join("dangling")).unwrap(), Path::new("/nowhere"));
}

#[test]
fn the_content_hash_follows_every_byte_name_and_execute_bit() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::new();
    let hash = || content_hash(&bench.artifact()).unwrap();
    let mut seen = vec![hash()];
    bench.write("server", "0ne");
    seen.push(hash());
    fs::rename(bench.artifact().join("server"), bench.artifact().join("serves")).unwrap();
    seen.push(hash());
    fs::set_permissions(bench.artifact().join("serves"), fs::Permissions::from_mode(0o755)).unwrap();
    seen.push(hash());
    fs::create_dir(bench.artifact().join("empty")).unwrap();
    seen.push(hash());
    let different: std::collections::HashSet<_> = seen.iter().collect();
    assert_eq!(different.len(), seen.len());
    assert_eq!(hash(), hash());
}

#[test]
fn a_commit_is_frozen_as_git_archive_writes_it() {
    let bench = Bench::new();
    let git = |args: &[&str]| {
        let done = std::process::Command::new("git")
            .arg("-C")
            .arg(bench.artifact())
            .args(["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false"])
            .args(args)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    bench.write(".gitattributes", "sub export-ignore\n");
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "one"]);
    bench.write("server", "not committed");
    let source = ArtifactSource::GitArchive { repo: bench.artifact(), rev: "HEAD".into() };
    let frozen = bench.store.freeze(&source, spec("v1")).unwrap();
    let files = bench.store.working_folder(&frozen.spec);
    assert_eq!(fs::read_to_string(files.join("server")).unwrap(), "one");
    assert!(!files.join("sub").exists());
    assert_eq!(bench.left_in_store(), ["v1"]);
}

#[test]
fn a_release_in_place_runs_where_it_lies() {
    let bench = Bench::new();
    let frozen = bench.store.freeze(&ArtifactSource::InPlace(bench.artifact()), spec("v1")).unwrap();
    assert_eq!(bench.store.working_folder(&frozen.spec), bench.artifact().canonicalize().unwrap());
}

#[test]
fn pruning_keeps_the_newest_those_in_slots_and_nothing_half_made() {
    let bench = Bench::new();
    for (n, id) in ["v1", "v2", "v3", "v4"].into_iter().enumerate() {
        bench.write("server", id);
        bench.freeze(id).unwrap();
        // The order is the spec's own time, which a fast machine gives twice.
        let path = bench.store.folder.join(id).join(SPEC);
        let spec = ReleaseSpec {
            frozen_at: Timestamp::from_unix_millis(n as u64),
            ..bench.store.spec(&id.parse().unwrap()).unwrap()
        };
        fs::write(path, serde_json::to_vec(&spec).unwrap()).unwrap();
    }
    fs::create_dir(bench.store.folder.join(".tmp-4000000000-00-v9")).unwrap();
    let removed = bench.store.prune(2, &["v1".parse().unwrap()]).unwrap();
    assert_eq!(removed, ["v2".parse().unwrap()]);
    let mut left = bench.left_in_store();
    left.sort();
    assert_eq!(left, ["v1", "v3", "v4"]);
}

#[test]
fn a_damaged_spec_is_an_error_and_never_a_missing_release() {
    let bench = Bench::new();
    let frozen = bench.freeze("v1").unwrap();
    fs::write(bench.store.folder.join("v1").join(SPEC), "{").unwrap();
    assert!(matches!(bench.store.spec(&frozen.spec.id), Err(ReleaseError::Damaged { .. })));
    assert!(matches!(bench.store.spec(&"v2".parse().unwrap()), Err(ReleaseError::NotFound { .. })));
}

/// A file system with little room; gone with the value.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this process may not mount one.
    fn mount(at: PathBuf) -> Option<Self> {
        fs::create_dir(&at).unwrap();
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&at).stderr(std::process::Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that could not run says so")]
fn a_full_disk_is_said_and_leaves_nothing_half_made() {
    let bench = Bench::new();
    bench.write("server", &"x".repeat(200_000));
    let Some(disk) = SmallDisk::mount(bench.dir.path().join("small")) else {
        eprintln!("skipped: this process may not mount a file system");
        return;
    };
    let store = ReleaseStore::new(&disk.0);
    let source = ArtifactSource::Directory(bench.artifact());
    let error = store.freeze(&source, spec("v1")).unwrap_err();
    let text = bench.said(&error);
    let (before, after) = text.split_once("/.tmp-").unwrap();
    let after = after.split_once("/files").unwrap().1;
    insta::assert_snapshot!(format!("{before}/.tmp-/files{after}"), @"
    cannot write $DIR/small/releases/.tmp-/files/server
      because: No space left on device (os error 28)
    hint: `handover releases prune` makes room
    ");
    assert!(store.names().unwrap().is_empty());
    bench.write("server", "small");
    store.freeze(&source, spec("v1")).unwrap();
}
