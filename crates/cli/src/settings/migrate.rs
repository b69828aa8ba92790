use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use handover_migrate_guard as guard;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{GitRef, LockTimeout, Pg, TableName, Variable, ZoneName};

/// The migrations that go with the service. Where this section stands, a deployment looks at those that are not applied
/// yet before it launches anything, and refuses what would lock out users or break the running release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Migrate {
    /// The folders that hold them, relative to this file. By default the one place that runners use and that is there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) paths: Vec<PathBuf>,
    /// How their runner keeps them; by default what the files look like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) layout: Option<Layout>,
    /// What the runner puts around the statements of a file, where it is not what runners of this layout do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wrapping: Option<Wrapping>,
    /// The major version of the server; by default 15, or the server's own where it is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pg: Option<Pg>,
    /// The time zone of the session that migrates: it decides whether `timestamp` to `timestamptz` rewrites a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time_zone: Option<ZoneName>,
    /// What bounds the wait for a lock besides the files, and where that is set: "5s, set for the role".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lock_timeout: Option<LockTimeout>,
    /// Values that the runner fills in.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) vars: BTreeMap<String, String>,
    /// How bad what a rule finds is, where it is not what the rule says: `L01 = "warning"`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) levels: BTreeMap<String, Level>,
    /// What was there before the first file: what `handover migrate catalog` wrote, relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) catalog: Option<PathBuf>,
    /// The variable that holds the address of the database, whose own list says what is applied. It has to be in the
    /// environment of whoever deploys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) history_env: Option<Variable>,
    /// Where the runner lists what it applied, if it was told to do so elsewhere: `auth.schema_migrations`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) history_table: Option<TableName>,
    /// The commit up to which they are applied, for where no database is asked. A deployment takes the commit of the
    /// stable release unless this says another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<GitRef>,
    /// Whether a deployment looks at them.
    pub(crate) preflight: bool,
}

impl Migrate {
    /// Makes each path absolute.
    pub(super) fn resolve(&mut self, folder: &Path) {
        for path in self.paths.iter_mut().chain(&mut self.catalog) {
            *path = folder.join(&*path);
        }
    }
}

impl Default for Migrate {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            layout: None,
            wrapping: None,
            pg: None,
            time_zone: None,
            lock_timeout: None,
            vars: BTreeMap::new(),
            levels: BTreeMap::new(),
            catalog: None,
            history_env: None,
            history_table: None,
            since: None,
            preflight: true,
        }
    }
}

/// How a runner keeps its migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Layout {
    /// Prisma Migrate: `TIMESTAMP_NAME/migration.sql`
    Prisma,
    /// sqlx: `VERSION_NAME.sql`, or `.up.sql` and `.down.sql`
    Sqlx,
    /// Diesel: `VERSION_NAME/up.sql`
    Diesel,
    /// goose: `-- +goose Up`
    Goose,
    /// golang-migrate: `VERSION_NAME.up.sql`
    GolangMigrate,
    /// Flyway: `VVERSION__NAME.sql`
    Flyway,
    /// dbmate: `-- migrate:up`
    Dbmate,
    /// pop of Buffalo: `VERSION_NAME.up.sql`, with template values
    Pop,
    /// SQL of Rails: `db/migrate/VERSION_NAME.sql`
    Rails,
    /// Files in the order of their names
    Plain,
}

impl From<Layout> for guard::Layout {
    fn from(layout: Layout) -> Self {
        match layout {
            Layout::Prisma => Self::Prisma,
            Layout::Sqlx => Self::Sqlx,
            Layout::Diesel => Self::Diesel,
            Layout::Goose => Self::Goose,
            Layout::GolangMigrate => Self::GolangMigrate,
            Layout::Flyway => Self::Flyway,
            Layout::Dbmate => Self::Dbmate,
            Layout::Pop => Self::Pop,
            Layout::Rails => Self::Rails,
            Layout::Plain => Self::Plain,
        }
    }
}

/// What a runner puts around the statements of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Wrapping {
    /// BEGIN and COMMIT
    Transaction,
    /// Nothing, but all of a file goes in one message, which PostgreSQL runs as one transaction
    SimpleQuery,
    /// Nothing: each statement is a transaction of its own
    None,
}

impl From<Wrapping> for guard::Wrapping {
    fn from(wrapping: Wrapping) -> Self {
        match wrapping {
            Wrapping::Transaction => Self::Transaction,
            Wrapping::SimpleQuery => Self::SimpleQuery,
            Wrapping::None => Self::None,
        }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Level {
    /// Not said
    Off,
    /// A matter of style
    Note,
    /// A moment's wait, or a risk that may be bounded already
    Warning,
    /// Long waits, broken code, a migration that fails
    Error,
}

impl From<Level> for guard::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Off => Self::Off,
            Level::Note => Self::Note,
            Level::Warning => Self::Warning,
            Level::Error => Self::Error,
        }
    }
}
