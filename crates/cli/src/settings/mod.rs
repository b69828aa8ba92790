//! `handover.toml`, read once into [`Settings`]: typed, checked, with every path absolute.
//!
//! The structs here are the only description of the file. The parser, the names offered for a mistyped key, the
//! list of required keys and the published JSON schema are all taken from them.

mod check;
mod check_backend;
mod check_migrate;
mod document;
mod error;
mod flags;
mod health;
mod hooks;
mod known;
mod migrate;
mod network;
mod platform;
mod prometheus;
mod release;
mod remote_edge;
mod schema;
mod source;
mod strategy;
#[cfg(test)]
mod tests;
mod traffic;
mod values;

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use error::SettingsError;
pub(crate) use flags::{FlagMoment, FlagSet, Flags, OnRollback};
pub(crate) use health::{Health, Method, Smoke};
pub(crate) use hooks::Hooks;
pub(crate) use known::nearest;
pub(crate) use migrate::{Layout, Level, Migrate};
pub(crate) use network::{Agent, Edge, Service};
pub(crate) use platform::{Composite, Exec, Member, Railway, Services, TokenKind, Vercel, VercelMode};
pub(crate) use prometheus::Prometheus;
pub(crate) use release::{Addresses, Launcher, Release, Source};
pub(crate) use remote_edge::RemoteEdge;
pub(crate) use schema::schema_text;
pub(crate) use source::{FILE_NAME, SourceFile};
pub(crate) use strategy::{Analysis, Judge, Kind, OnNoData, Step, Strategy};
pub(crate) use traffic::{Backend, Haproxy, Traffic};
pub(crate) use values::{
    Command, GitRef, Listen, LockTimeout, Name, Period, Pg, Rate, Ratio, Size, Sticky, TableName, Template,
    UrlPath, Weight, ZoneName,
};

/// How one service is released on this machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "handover.toml")]
pub(crate) struct Settings {
    /// Which service this is, and where its users reach it.
    pub(crate) service: Service,
    /// What a release consists of and how it is run.
    pub(crate) release: Release,
    /// How a process is asked whether it may have traffic.
    #[serde(default)]
    pub(crate) health: Health,
    /// Requests that a new release must answer as expected before it gets a user's request.
    #[serde(default)]
    pub(crate) smoke: Vec<Smoke>,
    /// In which steps a new release takes over.
    #[serde(default)]
    pub(crate) strategy: Strategy,
    /// When a new release is taken back.
    #[serde(default)]
    pub(crate) judge: Judge,
    /// Commands run at fixed places of a deployment.
    #[serde(default)]
    pub(crate) hooks: Hooks,
    /// Where feature flags are kept, and which of them a deployment sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) flags: Option<Flags>,
    /// The migrations that go with the service, and how they are judged before a release goes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) migrate: Option<Migrate>,
    /// What moves the traffic.
    #[serde(default)]
    pub(crate) traffic: Traffic,
    /// The HAProxy of `[traffic] backend = "haproxy"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) haproxy: Option<Haproxy>,
    /// The service of `[traffic] backend = "railway"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) railway: Option<Railway>,
    /// The project of `[traffic] backend = "vercel"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) vercel: Option<Vercel>,
    /// The program of `[traffic] backend = "exec"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) exec: Option<Exec>,
    /// The members of `[traffic] backend = "composite"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) composite: Option<Composite>,
    /// The edge of `[traffic] backend = "remote-edge"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) remote_edge: Option<RemoteEdge>,
    /// A Prometheus whose counters are judged, for a backend that does not count itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) prometheus: Option<Prometheus>,
    /// How requests are passed on.
    #[serde(default)]
    pub(crate) edge: Edge,
    /// The long-lived process that holds traffic, releases and lease.
    #[serde(default)]
    pub(crate) agent: Agent,
    /// The file these settings were read from.
    #[serde(skip)]
    pub(crate) file: PathBuf,
}

impl Settings {
    /// Reads `config`, or the nearest `handover.toml` at or above `folder`.
    ///
    /// # Errors
    ///
    /// Every [`SettingsError`]; nothing is ever read half.
    pub(crate) fn load(config: Option<&Path>, folder: &Path) -> Result<Self, SettingsError> {
        Self::read(&SourceFile::open(config, folder)?)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// The first thing wrong with it, with its line and its key.
    pub(crate) fn read(source: &SourceFile) -> Result<Self, SettingsError> {
        let document = document::Document::parse(source)?;
        document.check_keys(&known::KnownKeys::of_settings())?;
        let mut settings: Self = document.decode()?;
        if let Err(fault) = check::check(&settings) {
            return Err(document.fault(&fault));
        }
        settings.resolve(source.path());
        Ok(settings)
    }

    /// Reads `[migrate]` of a file that may lack everything else: who only wants migrations judged releases nothing.
    ///
    /// # Errors
    ///
    /// As for [`Settings::load`]; unknown keys are refused wherever they stand.
    pub(crate) fn load_migrate(
        config: Option<&Path>,
        folder: &Path,
    ) -> Result<Option<Migrate>, SettingsError> {
        let source = SourceFile::open(config, folder)?;
        let document = document::Document::parse(&source)?;
        document.check_unknown(&known::KnownKeys::of_settings())?;
        let Some(mut migrate) = document.decode::<OnlyMigrate>()?.migrate else { return Ok(None) };
        if let Err(fault) = check_migrate::check_migrate(Some(&migrate)) {
            return Err(document.fault(&fault));
        }
        migrate.resolve(source.path().parent().unwrap_or(Path::new("/")));
        Ok(Some(migrate))
    }

    /// The folder of the file; relative paths in it start there.
    pub(crate) fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("/"))
    }

    fn resolve(&mut self, file: &Path) {
        file.clone_into(&mut self.file);
        let folder = self.folder().to_owned();
        let relative = [&mut self.service.state_dir, &mut self.release.artifact, &mut self.release.env_file];
        for path in relative.into_iter().flatten() {
            *path = folder.join(&*path);
        }
        let railway = self.railway.iter_mut().flat_map(|railway| &mut railway.token_file);
        let vercel = self
            .vercel
            .iter_mut()
            .flat_map(|vercel| vercel.token_file.iter_mut().chain(&mut vercel.bypass_file));
        let prometheus = self.prometheus.iter_mut().flat_map(|prometheus| &mut prometheus.token_file);
        let edge = self.remote_edge.iter_mut().flat_map(|edge| &mut edge.token_file);
        let flags = self.flags.iter_mut().flat_map(|flags| &mut flags.store_file);
        for path in railway.chain(vercel).chain(prometheus).chain(edge).chain(flags) {
            *path = folder.join(&*path);
        }
        if let Some(migrate) = &mut self.migrate {
            migrate.resolve(&folder);
        }
        let members = self.composite.iter_mut().flat_map(|composite| &mut composite.members);
        for haproxy in members.flat_map(|member| &mut member.haproxy).chain(&mut self.haproxy) {
            haproxy.resolve(&folder);
        }
    }
}

/// One section, whatever stands beside it.
#[derive(Debug, Deserialize)]
struct OnlyMigrate {
    migrate: Option<Migrate>,
}
