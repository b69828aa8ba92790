//! Migrations: what they would do to a database that is in use.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};
use handover_migrate_guard::rules::Rule;

use crate::migrate::{DatabaseAt, is_var_name, rule};
use crate::settings::{GitRef, Layout, Level, LockTimeout, Pg, TableName, ZoneName};

/// `handover migrate`.
#[derive(Debug, Subcommand)]
#[command(
    after_help = "Where migrations are and how they are judged is also said by `[migrate]` of handover.toml, which may hold nothing else.
docs/migrate.md tells of continuous integration, suppressions, and of what a deployment does with it."
)]
pub(crate) enum Migrate {
    /// Says what migrations would do to a PostgreSQL that is in use: who waits, how long, and which release breaks
    Lint(Box<LintMigrations>),
    /// Explains a rule: what it sees, who is hurt, and what to write instead
    Explain(ExplainRule),
    /// Lists the rules
    Rules,
    /// Writes down what is there in a live database, for where no migration made it
    Catalog(ExportCatalog),
}

/// `handover migrate lint`.
#[derive(Debug, Args)]
#[command(
    after_help = "Without --since or --applied-from, and where handover.toml says neither, each file is judged as if it were deployed
alone after all before it. With one of them what is applied is replayed and not judged, and the rest is one release.

-- handover:allow L01 until=2027-01-01 reason=\"the table is small\"   above a statement takes a finding away

Exit codes: 0 nothing at --level or above; 3 there is something; 2 it cannot be read.

Examples:
  handover migrate lint
  handover migrate lint --since origin/main
  handover migrate lint prisma/migrations --applied-from env:DATABASE_URL
  handover migrate lint --since origin/main --format sarif --output lint.sarif
  handover migrate lint --since origin/main --fix --dry-run"
)]
pub(crate) struct LintMigrations {
    /// Folders of migrations, or files in them; by default what handover.toml says, else the usual places
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// What is applied already.
    #[command(flatten)]
    pub(crate) base: Base,
    /// Where the runner lists what it applied, if not where it does by itself
    #[arg(long, value_name = "TABLE")]
    pub(crate) history_table: Option<TableName>,
    /// What a verdict depends on.
    #[command(flatten)]
    pub(crate) server: Server,
    /// How migrations are kept; by default what the files look like
    #[arg(long, value_name = "LAYOUT")]
    pub(crate) layout: Option<Layout>,
    /// A value that the runner fills in; as often as there are some
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub(crate) vars: Vec<Var>,
    /// How bad what a rule finds is; as often as there are some
    #[arg(long = "rule", value_name = "RULE=LEVEL")]
    pub(crate) rules: Vec<RuleLevel>,
    /// From which level on a finding makes it end with 3
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    pub(crate) level: FailLevel,
    /// How it is shown; text unless given, and json with --json
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Writes it to this file, in place of what is there
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Edits the files where that is safe; never one that is applied, or whose text the runner fills in
    #[arg(long)]
    pub(crate) fix: bool,
    /// Shows the edits and makes none
    #[arg(long, requires = "fix")]
    pub(crate) dry_run: bool,
}

/// What is applied already.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct Base {
    /// Judges what came or was changed since this branch left that commit
    #[arg(long, value_name = "GIT-REF")]
    pub(crate) since: Option<GitRef>,
    /// Judges what this database does not list as applied: its address, or env:VARIABLE that holds it
    #[arg(long, value_name = "DATABASE_URL")]
    pub(crate) applied_from: Option<DatabaseAt>,
    /// Judges every file, whatever handover.toml says of what is applied
    #[arg(long)]
    pub(crate) all: bool,
}

/// The server, as far as a verdict depends on it.
#[derive(Debug, Args)]
pub(crate) struct Server {
    /// The server's major version, 12 to 18; by default its own where it is asked, else 15
    #[arg(long, value_name = "VERSION")]
    pub(crate) pg: Option<Pg>,
    /// The time zone of the session that migrates, such as UTC
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<ZoneName>,
    /// What bounds the wait for a lock besides the files, and where: '5s, set for the role'
    #[arg(long, value_name = "TIME")]
    pub(crate) lock_timeout: Option<LockTimeout>,
    /// What was there before the first file: what `handover migrate catalog` wrote
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    /// The day on which they are run, such as 2027-01-31: for what is named after it, and for suppressions that expire;
    /// by default today, in UTC
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<jiff::civil::Date>,
}

/// `handover migrate explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  handover migrate explain L01
  handover migrate explain index-not-concurrent")]
pub(crate) struct ExplainRule {
    /// Its id or its name
    #[arg(value_name = "RULE")]
    pub(crate) rule: String,
}

/// `handover migrate catalog`.
#[derive(Debug, Args)]
#[command(
    after_help = "It reads the system catalogs in a read-only transaction: names, types, keys and constraints, never a row of a table.

Examples:
  handover migrate catalog --from env:DATABASE_URL --output catalog.json
  handover migrate lint --catalog catalog.json"
)]
pub(crate) struct ExportCatalog {
    /// The database's address, or env:VARIABLE that holds it
    #[arg(long, value_name = "DATABASE_URL")]
    pub(crate) from: DatabaseAt,
    /// Writes it to this file, in place of what is there
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How a report is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the source with what is wrong marked
    Text,
    /// docs/lint.schema.json
    Json,
    /// SARIF 2.1.0, for GitHub's code scanning and editors
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code quality of GitLab
    Gitlab,
    /// `JUnit`
    Junit,
}

/// From which level on findings are a reason to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailLevel {
    /// Long waits, broken code, a migration that fails
    Error,
    /// Also a moment's wait
    Warning,
    /// Also matters of style
    Note,
}

/// `NAME=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Var {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl FromStr for Var {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if is_var_name(name) => Ok(Self { name: name.into(), value: value.into() }),
            Some((name, _)) => {
                Err(format!("{name:?} is not the name of a value: letters, digits, `_` and `.`"))
            }
            None => Err("is not NAME=VALUE".into()),
        }
    }
}

/// `RULE=LEVEL`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RuleLevel {
    pub(crate) rule: &'static Rule,
    pub(crate) level: Level,
}

impl FromStr for RuleLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, level) = text.split_once('=').ok_or("is not RULE=LEVEL, such as L01=warning")?;
        let rule = rule::find(name).ok_or_else(|| rule::unknown(name))?;
        let level = Level::from_str(level, true)
            .map_err(|_| format!("{level:?} is not a level: off, note, warning or error"))?;
        Ok(Self { rule, level })
    }
}
