//! A release's name and its frozen form.

use std::path::Path;
use std::process::Command;

use handover_core::{ReleaseId, Timestamp};
use handover_edge::api::{HealthSpec, ReleaseSpec};
use handover_edge::{ArtifactSource, Frozen, ReleaseStore, content_hash};

use crate::args::What;
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{Launcher, Settings, Source};

/// Hexadecimal digits of a content hash in a name: 48 bits, far beyond what one service ever releases.
const HASH_DIGITS: usize = 12;

/// What is released: its files and the name they get.
#[derive(Debug)]
pub(crate) struct Named {
    /// The release's name.
    pub(crate) id: ReleaseId,
    /// Where its files come from; `None` where what launches it finds them by its name.
    pub(crate) source: Option<ArtifactSource>,
}

/// Finds the files and names them: as asked, else by the commit, else by their content.
///
/// # Errors
///
/// The files cannot be read, or the name asked for is none.
pub(crate) fn name_release(settings: &Settings, what: &What) -> Result<Named, Failure> {
    let by_name = settings.release.launcher != Launcher::Local && settings.release.source().is_none();
    let source = if by_name { None } else { Some(source(settings, what.commit.as_deref())?) };
    let id = match (&what.release, &source) {
        (Some(id), _) => id.clone(),
        (None, Some(source)) => derived_name(settings.folder(), source)?,
        (None, None) => commits_name(settings, what.commit.as_deref())?,
    };
    Ok(Named { id, source })
}

/// A release that is found elsewhere by its name is called as its commit is.
fn commits_name(settings: &Settings, commit: Option<&str>) -> Result<ReleaseId, Failure> {
    let unnamed = |because: &str| Failure::new("could not name the release", Exit::Usage).because(because);
    let vercel = settings.vercel.as_ref().filter(|_| settings.release.launcher == Launcher::Vercel);
    if vercel.is_some_and(|vercel| vercel.release.of_kind("deployment").is_some()) {
        return Err(unnamed("`[vercel] release` is a deployment that exists, and nobody said which")
            .hint("`handover deploy --release dpl_…`, or the host name that `vercel deploy` printed"));
    }
    let (folder, rev) = (settings.folder(), commit.unwrap_or("HEAD"));
    if !of_whole_commits(settings) {
        return derived_name(
            folder,
            &ArtifactSource::GitArchive { repo: folder.to_owned(), rev: rev.into() },
        );
    }
    let name = git(folder, &["rev-parse", "--verify", rev]).and_then(|sha| sha.parse().ok());
    name.ok_or_else(|| {
        unnamed("git knows no such commit here")
            .hint("commit first, or give the commit's whole name with `--release`")
    })
}

/// Platforms want the commit's whole name.
fn of_whole_commits(settings: &Settings) -> bool {
    let template = match settings.release.launcher {
        Launcher::Railway => settings.railway.as_ref().map(|railway| &railway.release),
        Launcher::Vercel => settings.vercel.as_ref().map(|vercel| &vercel.release),
        Launcher::Local | Launcher::Command => None,
    };
    template.is_some_and(|template| template.of_kind("commit").is_some())
}

/// Freezes the release under its name, where it has files here.
///
/// # Errors
///
/// The name stands for something else, or files cannot be read or written. Nothing is left half-done.
pub(crate) fn freeze(
    state_dir: &Path,
    settings: &Settings,
    named: &Named,
) -> Result<Option<Frozen>, Failure> {
    let Some(source) = &named.source else { return Ok(None) };
    let store = ReleaseStore::new(state_dir);
    let frozen = store.freeze(source, spec(settings, named.id.clone()));
    frozen
        .map(Some)
        .map_err(|e| Failure::of(format!("could not freeze release {}", named.id), Exit::Refused, &e))
}

/// How the release will be run, as the settings say now.
pub(crate) fn spec(settings: &Settings, id: ReleaseId) -> ReleaseSpec {
    let (release, health) = (&settings.release, &settings.health);
    ReleaseSpec {
        id,
        command: release
            .command
            .as_ref()
            .or(release.launch.as_ref())
            .map_or_else(String::new, ToString::to_string),
        env_file: release.env_file.clone(),
        instances: release.instances.get(),
        grace: release.grace.get(),
        health: HealthSpec {
            path: health.path.as_str().to_owned(),
            interval: health.interval.get(),
            timeout: health.timeout.get(),
            rise: health.rise.get(),
            fall: health.fall.get(),
            start_limit: health.start_limit.get(),
        },
        in_place: None,
        log_cap: release.log_cap.bytes(),
        frozen_at: Timestamp::now(),
    }
}

fn source(settings: &Settings, commit: Option<&str>) -> Result<ArtifactSource, Failure> {
    let repo = settings.folder().to_owned();
    match (commit, settings.release.source()) {
        (Some(rev), _) => Ok(ArtifactSource::GitArchive { repo, rev: rev.to_owned() }),
        (None, Some(Source::Git)) => Ok(ArtifactSource::GitArchive { repo, rev: "HEAD".into() }),
        (None, Some(Source::Artifact(path))) if settings.release.in_place => {
            Ok(ArtifactSource::InPlace(path.to_owned()))
        }
        (None, Some(Source::Artifact(path))) => Ok(ArtifactSource::Directory(path.to_owned())),
        (None, None) => Err(Failure::new("could not tell what to release", Exit::Usage)
            .because("`[release]` names neither `artifact` nor `archive`")
            .hint("add `artifact = \"dist\"` to handover.toml, or give `--artifact`")),
    }
}

/// The settings with what the command line wishes instead.
pub(crate) fn with_wishes(mut settings: Settings, what: &What) -> Settings {
    if let Some(path) = &what.artifact {
        settings.release.artifact = Some(std::path::absolute(path).unwrap_or_else(|_| path.clone()));
        settings.release.archive = None;
    }
    if let Some(kind) = what.strategy {
        settings.strategy.kind = kind;
    }
    settings
}

fn derived_name(folder: &Path, source: &ArtifactSource) -> Result<ReleaseId, Failure> {
    let content = || match source {
        ArtifactSource::Directory(path) | ArtifactSource::InPlace(path) => content_name(path),
        ArtifactSource::GitArchive { .. } => Err(Failure::new("could not name the release", Exit::Refused)
            .because("git knows no such commit here")
            .hint("commit first, or give the release a name with `--release`")),
    };
    let rev = match source {
        ArtifactSource::GitArchive { rev, .. } => rev,
        ArtifactSource::Directory(_) | ArtifactSource::InPlace(_) => "HEAD",
    };
    let name = match git(folder, &["rev-parse", "--short=10", rev]) {
        None => content()?,
        Some(commit) if matches!(source, ArtifactSource::GitArchive { .. }) || is_clean(folder) => commit,
        Some(commit) => format!("{commit}-dirty-{}", content()?),
    };
    name.parse().map_err(|error| {
        Failure::new("could not name the release", Exit::Refused)
            .because_of(&error)
            .hint("give the release a name with `--release`")
    })
}

fn content_name(path: &Path) -> Result<String, Failure> {
    let hash = content_hash(path)
        .map_err(|e| Failure::of("could not read the release's files", Exit::Refused, &e))?;
    Ok(hash.as_str().chars().take(HASH_DIGITS).collect())
}

fn is_clean(folder: &Path) -> bool {
    git(folder, &["status", "--porcelain", "--untracked-files=normal"]).is_some_and(|lines| lines.is_empty())
}

/// What git answers in `folder`; `None` where there is no git, no repository or no commit.
fn git(folder: &Path, args: &[&str]) -> Option<String> {
    let answer = Command::new("git").arg("-C").arg(folder).args(args).output().ok()?;
    answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}
