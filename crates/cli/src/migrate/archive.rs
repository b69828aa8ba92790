//! A release that is made of a commit: its migrations have to be those that are looked at.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use handover_edge::ArtifactSource;

use super::fingerprint;
use super::git::{GitError, Repository};
use crate::exit::Exit;
use crate::report::Failure;

const ATTEMPTED: &str = "could not judge the migrations of the release";

/// Refuses a release of a commit whose migrations are not those in these folders: what is looked at is the working tree.
///
/// # Errors
///
/// [`Exit::Refused`]: a file that differs, or git does not say.
pub(super) fn is_here(released: Option<&ArtifactSource>, folders: &[PathBuf]) -> Result<(), Failure> {
    let Some(ArtifactSource::GitArchive { rev, .. }) = released else { return Ok(()) };
    for folder in folders {
        let other = other(rev, folder).map_err(|error| Failure::of(ATTEMPTED, Exit::Refused, &error))?;
        if let Some(file) = other {
            return Err(Failure::new(ATTEMPTED, Exit::Refused)
                .because(format!("{} is not what {rev} has, and {rev} is what is released", file.display()))
                .hint(format!("commit it, or check {rev} out, and deploy again")));
        }
    }
    Ok(())
}

/// A file that came, changed or went since the commit.
fn other(rev: &str, folder: &Path) -> Result<Option<PathBuf>, GitError> {
    let repository = Repository::of(folder)?;
    let unknown = || GitError::NoCommit { name: rev.to_owned(), shallow: false };
    let commit = repository.commit(&rev.parse().map_err(|_| unknown())?)?;
    let former = repository.former(&commit, folder)?;
    let changed = former.iter().find(|(path, bytes)| bytes.is_some() || !folder.join(path).exists());
    if let Some((path, _)) = changed {
        return Ok(Some(folder.join(path)));
    }
    let known: BTreeSet<&Path> = former.iter().map(|(path, _)| path.as_path()).collect();
    let here = fingerprint::files(folder).unwrap_or_default();
    Ok(here.into_iter().find(|path| path.strip_prefix(folder).is_ok_and(|below| !known.contains(below))))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use tempfile::tempdir;

    use super::*;

    fn git(folder: &Path, args: &[&str]) {
        let mut git = Command::new("git");
        git.arg("-C").arg(folder).args(["-c", "user.name=x", "-c", "user.email=x@localhost"]).args(args);
        assert!(git.env("GIT_CONFIG_GLOBAL", "/dev/null").status().unwrap().success(), "{args:?}");
    }

    #[test]
    fn a_release_of_a_commit_has_the_migrations_that_are_judged_or_is_refused() {
        let dir = tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let folders = [root.join("m")];
        fs::create_dir(&folders[0]).unwrap();
        let file = |name: &str, text: &str| fs::write(folders[0].join(name), text).unwrap();
        file("1_a.sql", "SELECT 1;");
        git(&root, &["init", "--quiet", "--initial-branch=main"]);
        git(&root, &["add", "--all"]);
        git(&root, &["commit", "--quiet", "--message=x"]);
        let released = ArtifactSource::GitArchive { repo: root.clone(), rev: "HEAD".into() };
        let refused = || is_here(Some(&released), &folders).err().map(|failure| failure.causes().join(" "));
        assert_eq!(refused(), None);
        file("2_b.sql", "SELECT 2;");
        assert!(refused().unwrap().contains("2_b.sql is not what HEAD has"));
        fs::remove_file(folders[0].join("2_b.sql")).unwrap();
        file("1_a.sql", "SELECT 3;");
        assert!(refused().unwrap().contains("1_a.sql is not"));
        fs::remove_file(folders[0].join("1_a.sql")).unwrap();
        assert!(refused().unwrap().contains("1_a.sql is not"));
        assert!(is_here(Some(&ArtifactSource::Directory(root.clone())), &folders).is_ok());
        assert!(is_here(None, &folders).is_ok());
    }
}
