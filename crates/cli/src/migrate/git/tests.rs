//! On real repositories.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use handover_core::Hint as _;
use tempfile::{TempDir, tempdir};

use super::*;

/// A repository with a folder `m`.
struct Repo(TempDir);

impl Repo {
    fn new() -> Self {
        let repo = Self(tempdir().unwrap());
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        fs::create_dir(repo.path("m")).unwrap();
        repo
    }

    fn git(&self, args: &[&str]) {
        git_in(self.0.path(), args);
    }

    fn path(&self, name: &str) -> PathBuf {
        // As git names it: a temporary folder may be reached by a link.
        self.0.path().canonicalize().unwrap().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
    }

    /// What was there when this branch left `since`, a line each; `!` and the content where that is another now.
    fn former(&self, since: &str) -> Vec<String> {
        let repository = Repository::of(&self.path("m")).unwrap();
        let base = repository.parting(&since.parse().unwrap()).unwrap();
        let former = repository.former(&base, &self.path("m")).unwrap();
        former.iter().map(shown).collect()
    }
}

fn git_in(folder: &Path, args: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["-c", "user.name=x", "-c", "user.email=x@localhost"]).args(args);
    let done = git.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn shown((path, bytes): &(PathBuf, Option<Vec<u8>>)) -> String {
    let before = bytes.as_ref().map(|bytes| format!(" ! {}", String::from_utf8_lossy(bytes)));
    format!("{}{}", path.display(), before.unwrap_or_default())
}

fn said(error: &GitError) -> String {
    format!("{error}\nhint: {}", error.hint().unwrap_or_default())
}

#[test]
fn what_was_there_when_the_branch_left_is_told_with_its_content_where_that_is_another_now() {
    let repo = Repo::new();
    for name in ["1_a", "2_b", "3_c", "4 d\n"] {
        repo.write(&format!("m/{name}.sql"), &format!("-- {name}"));
    }
    repo.write("elsewhere.sql", "SELECT 0;");
    repo.commit();
    repo.git(&["checkout", "--quiet", "-b", "work"]);
    repo.write("m/5_committed.sql", "SELECT 5;");
    fs::rename(repo.path("m/3_c.sql"), repo.path("m/3_other.sql")).unwrap();
    repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("m/6_of_main.sql", "SELECT 6;");
    repo.commit();
    repo.git(&["checkout", "--quiet", "work"]);
    repo.write("m/1_a.sql", "-- edited");
    repo.write("m/4 d\n.sql", "-- edited");
    fs::remove_file(repo.path("m/2_b.sql")).unwrap();
    repo.write("m/7_new.sql", "SELECT 7;");
    let former = repo.former("main");
    assert_eq!(
        former,
        ["1_a.sql ! -- 1_a", "2_b.sql", "3_c.sql", "4 d\n.sql ! -- 4 d\n"],
        "what main has got since is not ours"
    );
}

#[test]
fn a_folder_that_looks_like_a_pattern_or_an_option_is_only_a_folder() {
    let repo = Repo::new();
    for folder in ["-m*", ":(top)", "m\u{e4}"] {
        fs::create_dir(repo.path(folder)).unwrap();
        repo.write(&format!("{folder}/1_a.sql"), "SELECT 1;");
    }
    repo.commit();
    let repository = Repository::of(&repo.path("-m*")).unwrap();
    let base = repository.commit(&"main".parse().unwrap()).unwrap();
    for folder in ["-m*", ":(top)", "m\u{e4}"] {
        repo.write(&format!("{folder}/1_a.sql"), "SELECT 2;");
        let former = repository.former(&base, &repo.path(folder)).unwrap();
        assert_eq!(former.iter().map(shown).collect::<Vec<_>>(), ["1_a.sql ! SELECT 1;"], "{folder}");
    }
    assert_eq!(repository.former(&base, &repo.path("")).unwrap().len(), 3, "the whole of it");
}

#[test]
fn a_commit_that_is_not_there_says_how_it_is_brought() {
    let repo = Repo::new();
    repo.commit();
    let repository = Repository::of(&repo.path("m")).unwrap();
    let said = |name: &str| said(&repository.parting(&name.parse().unwrap()).unwrap_err());
    insta::assert_snapshot!(said("origin/main"), @r#"
    git knows no commit "origin/main" here
    hint: `git fetch origin main` brings it, if it is there
    "#);
    insta::assert_snapshot!(said("v1.0"), @r#"
    git knows no commit "v1.0" here
    hint: `git branch --all` and `git tag` list what there is
    "#);
}

#[test]
fn a_shallow_clone_says_so() {
    let repo = Repo::new();
    repo.commit();
    repo.git(&["branch", "release"]);
    repo.commit();
    repo.commit();
    let clone = tempdir().unwrap();
    let from = format!("file://{}", repo.path("").display());
    git_in(clone.path(), &["clone", "--quiet", "--depth=1", "--no-single-branch", &from, "c"]);
    let repository = Repository::of(&clone.path().join("c")).unwrap();
    let said = |name: &str| said(&repository.parting(&name.parse().unwrap()).unwrap_err());
    insta::assert_snapshot!(said("origin/release"), @r#"
    "origin/release" and the current commit have no common ancestor in the part of the history that was fetched
    hint: `git fetch --unshallow`; for actions/checkout `fetch-depth: 0`, for GitLab `GIT_DEPTH: 0`
    "#);
    insta::assert_snapshot!(said("HEAD~1"), @r#"
    git knows no commit "HEAD~1" here
    hint: `git fetch --unshallow`; for actions/checkout `fetch-depth: 0`, for GitLab `GIT_DEPTH: 0`
    "#);
}

#[test]
fn branches_that_never_met_have_no_parting() {
    let repo = Repo::new();
    repo.write("m/1_a.sql", "SELECT 1;");
    repo.commit();
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.write("m/1_a.sql", "SELECT 2;");
    repo.commit();
    let error = Repository::of(&repo.path("m")).unwrap().parting(&"main".parse().unwrap()).unwrap_err();
    insta::assert_snapshot!(said(&error), @r#"
    "main" and the current commit have no common ancestor
    hint: name a commit that this branch began from
    "#);
}

#[test]
fn a_folder_without_a_repository_is_named() {
    let dir = tempdir().unwrap();
    let error = Repository::of(dir.path()).unwrap_err();
    insta::assert_snapshot!(said(&error).replace(&dir.path().display().to_string(), "DIR"), @"
    DIR is in no git repository
    hint: leave `--since` out, or ask the database: `--applied-from env:DATABASE_URL`
    ");
}

#[test]
fn a_repository_without_a_commit_knows_none() {
    let repo = Repo::new();
    let error = Repository::of(&repo.path("m")).unwrap().parting(&"HEAD".parse().unwrap()).unwrap_err();
    assert!(matches!(error, GitError::NoCommit { shallow: false, .. }), "{error:?}");
}

/// A program that a repository names is somebody else's, and a linter has no business running it.
#[test]
fn no_program_of_the_repository_is_run() {
    let repo = Repo::new();
    repo.write("m/1_a.sql", "SELECT 1;");
    repo.commit();
    let trap = repo.path("trap");
    repo.write("trap", &format!("#!/bin/sh\ntouch {}\n", repo.path("sprung").display()));
    fs::set_permissions(&trap, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    for key in ["core.fsmonitor", "diff.external", "core.pager", "diff.x.textconv"] {
        repo.git(&["config", key, &trap.display().to_string()]);
    }
    repo.write(".git/info/attributes", "*.sql diff=x\n");
    repo.write("m/1_a.sql", "SELECT 2;");
    assert_eq!(repo.former("main"), ["1_a.sql ! SELECT 1;"]);
    assert!(!repo.path("sprung").exists());
}
