use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{Command, Listen, Period, Size};

/// What a release consists of and how it is run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Release {
    /// Where releases run. "local": as processes of this machine, looked after by the agent. "command": wherever `launch`
    /// starts them, for a backend other than "edge". "railway", "vercel": there, for the backend of that name.
    #[serde(default)]
    pub(crate) launcher: Launcher,
    /// A folder or file, relative to this file, that is copied for each release. Either this or `archive`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) artifact: Option<PathBuf>,
    /// "git": each release is what `git archive` makes of the commit. Either this or `artifact`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) archive: Option<Archive>,
    /// Runs the artifact where it lies instead of copying it. Going back is then not real: the files are the same.
    #[serde(default)]
    pub(crate) in_place: bool,
    /// Run by `sh -c` in the release's folder with `$PORT`, `$HOST` and `$RELEASE`; it must listen on `$HOST:$PORT`.
    /// Needed for launcher "local".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<Command>,
    /// For launcher "command": run by `sh -c` in this file's folder with `$RELEASE`, `$RELEASE_DIR`, `$SLOT`, `$HOST` and
    /// `$PORT`. It starts the release, which must listen on `$HOST:$PORT`, and returns: "systemctl restart shop@$SLOT".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) launch: Option<Command>,
    /// For launcher "command": the same, to stop a release that has no traffic; without it it is left running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stop: Option<Command>,
    /// For launcher "command": where each slot's release listens. A HAProxy knows that itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) addresses: Option<Addresses>,
    /// A file of `NAME=value` lines for the command, relative to this file. Its values are never stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) env_file: Option<PathBuf>,
    /// How long a process may take to stop after SIGTERM before it is killed.
    #[serde(default = "grace")]
    pub(crate) grace: Period,
    /// How many processes run each release.
    #[serde(default = "instances")]
    pub(crate) instances: NonZeroU16,
    /// A release's log is rotated at this size; one former file is kept.
    #[serde(default = "log_cap")]
    pub(crate) log_cap: Size,
}

/// Where releases run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Launcher {
    /// As processes of this machine, looked after by the agent.
    #[default]
    Local,
    /// Wherever a command starts them.
    Command,
    /// At Railway.
    Railway,
    /// At Vercel.
    Vercel,
}

impl Launcher {
    /// As the file calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Command => "command",
            Self::Railway => "railway",
            Self::Vercel => "vercel",
        }
    }
}

/// Where the release of each slot listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Addresses {
    /// Blue's, such as "127.0.0.1:8081".
    pub(crate) blue: Listen,
    /// Green's.
    pub(crate) green: Listen,
}

/// Where a release's files come from, other than a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Archive {
    /// `git archive` of a commit.
    Git,
}

/// Where a release's files come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source<'a> {
    /// This folder or file.
    Artifact(&'a Path),
    /// `git archive` in the settings' folder.
    Git,
}

impl Release {
    /// Where a release's files come from; `None` until the settings were checked.
    pub(crate) fn source(&self) -> Option<Source<'_>> {
        match (&self.artifact, self.archive) {
            (Some(path), None) => Some(Source::Artifact(path)),
            (None, Some(Archive::Git)) => Some(Source::Git),
            _ => None,
        }
    }
}

fn grace() -> Period {
    Period::new(Duration::from_secs(30))
}

fn instances() -> NonZeroU16 {
    NonZeroU16::MIN
}

/// Enough for hours of an ordinary service, little enough for a small disk: at most twice this per process.
fn log_cap() -> Size {
    Size::from_bytes(10_000_000)
}
