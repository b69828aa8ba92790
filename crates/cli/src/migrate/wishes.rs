//! What was typed and what the settings say, lowered once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use handover_core::Timestamp;
use handover_migrate_guard::{self as guard, Layout, Level, LintContext, PgVersion, TimeZone, Wrapping};

use super::base::Based;
use super::database::DatabaseAt;
use super::{catalog_file, rule};
use crate::args::{self, LintMigrations};
use crate::report::Failure;
use crate::settings::{self, GitRef, Migrate, Pg, ZoneName};

/// What is judged, and by what.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wishes {
    /// Folders or files; none is the usual places.
    pub(crate) paths: Vec<PathBuf>,
    /// Where the usual places are looked for.
    pub(crate) project: PathBuf,
    /// How they are kept.
    pub(crate) layout: Option<Layout>,
    /// What the runner puts around a file.
    pub(crate) wrapping: Option<Wrapping>,
    /// Template values.
    pub(crate) vars: BTreeMap<String, String>,
    /// What is applied already.
    pub(crate) base: BaseWish,
    pg: Option<PgVersion>,
    time_zone: Option<TimeZone>,
    lock_timeout: Option<String>,
    levels: BTreeMap<String, Level>,
    catalog: Option<PathBuf>,
    today: Option<jiff::civil::Date>,
    /// Where the settings say that the list of what is applied is.
    table: Option<String>,
}

/// What is to say what is applied already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum BaseWish {
    /// Nothing: each file is judged by itself.
    #[default]
    Nothing,
    /// There is nothing yet: all of them are one release.
    AllNew,
    /// Git: what was there when this branch left that commit.
    Since(GitRef),
    /// Git: what was there at that commit.
    At(GitRef),
    /// The list of a database.
    AppliedFrom {
        /// Which.
        at: DatabaseAt,
        /// Where the list is, if not where the layout's runner has it.
        table: Option<String>,
    },
}

impl Wishes {
    /// As the settings have it.
    pub(crate) fn of_settings(settings: &Migrate, project: &Path) -> Self {
        let level = |(name, level): (&String, &settings::Level)| {
            Some((rule::find(name)?.id.to_owned(), Level::from(*level)))
        };
        Self {
            paths: settings.paths.clone(),
            project: project.to_owned(),
            layout: settings.layout.map(Into::into),
            wrapping: settings.wrapping.map(Into::into),
            vars: settings.vars.clone(),
            base: base_of_settings(settings),
            table: settings.history_table.as_ref().map(|table| table.as_str().to_owned()),
            pg: settings.pg.map(Pg::get),
            time_zone: settings.time_zone.as_ref().map(ZoneName::kind),
            lock_timeout: settings.lock_timeout.as_ref().map(|bound| bound.as_str().to_owned()),
            levels: settings.levels.iter().filter_map(level).collect(),
            catalog: settings.catalog.clone(),
            today: None,
        }
    }

    /// What was typed stands above the settings; `folder` is where it was typed.
    pub(crate) fn typed(args: &LintMigrations, settings: Option<&Migrate>, folder: &Path) -> Self {
        let of_settings = settings.map(|settings| Self::of_settings(settings, folder));
        let mut wishes =
            of_settings.unwrap_or_else(|| Self { project: folder.to_owned(), ..Self::default() });
        if !args.paths.is_empty() {
            wishes.paths = args.paths.iter().map(|path| folder.join(path)).collect();
        }
        wishes.layout = args.layout.map(Into::into).or(wishes.layout);
        wishes.vars.extend(args.vars.iter().map(|var| (var.name.clone(), var.value.clone())));
        wishes.levels.extend(args.rules.iter().map(|wish| (wish.rule.id.to_owned(), wish.level.into())));
        wishes.of_server(&args.server, folder);
        wishes.of_base(args, settings);
        wishes
    }

    fn of_server(&mut self, typed: &args::Server, folder: &Path) {
        let bound = typed.lock_timeout.as_ref().map(|bound| bound.as_str().to_owned());
        self.pg = typed.pg.map(Pg::get).or(self.pg);
        self.time_zone = typed.time_zone.as_ref().map(ZoneName::kind).or(self.time_zone);
        self.lock_timeout = bound.or(self.lock_timeout.take());
        self.catalog = typed.catalog.as_ref().map(|path| folder.join(path)).or(self.catalog.take());
        self.today = typed.today;
    }

    fn of_base(&mut self, typed: &LintMigrations, settings: Option<&Migrate>) {
        // Who only looks may do so without the database, if the settings name a commit too.
        let since = settings.and_then(|settings| settings.since.clone());
        if let (BaseWish::AppliedFrom { at, .. }, Some(since)) = (&self.base, since)
            && !at.is_known()
        {
            self.base = BaseWish::Since(since);
        }
        if typed.base.all {
            self.base = BaseWish::Nothing;
        } else if let Some(since) = &typed.base.since {
            self.base = BaseWish::Since(since.clone());
        } else if let Some(at) = &typed.base.applied_from {
            self.base = BaseWish::AppliedFrom { at: at.clone(), table: None };
        }
        let named = typed.history_table.as_ref().map(|table| table.as_str().to_owned());
        if let BaseWish::AppliedFrom { table, .. } = &mut self.base {
            *table = named.or(table.take()).or(self.table.clone());
        }
    }

    /// What a verdict depends on; what nobody said is taken from the server, where it was asked.
    ///
    /// # Errors
    ///
    /// The catalog's file cannot be read.
    pub(crate) fn context(&self, least: Level, based: &Based) -> Result<LintContext, Failure> {
        let server = based.server.as_ref();
        let mut context = LintContext::default();
        context.pg = self.pg.or(server.and_then(|server| server.pg)).unwrap_or_default();
        context.time_zone = self.time_zone(based);
        let bound = server.and_then(|server| server.lock_timeout.clone());
        context.lock_timeout = self.lock_timeout.clone().or(bound);
        context.baseline = based.baseline;
        context.levels.clone_from(&self.levels);
        context.least = least;
        context.catalog = self.catalog.as_deref().map(catalog_file::read).transpose()?;
        context.today = self.today.unwrap_or_else(today);
        Ok(context)
    }

    /// As it is wished; sqlx sets UTC in every session of its own; else as the server has it.
    fn time_zone(&self, based: &Based) -> TimeZone {
        let of_runner = (based.found.set.layout == guard::Layout::Sqlx).then_some(TimeZone::Utc);
        let of_server = || based.server.as_ref()?.zone.as_ref().map(ZoneName::kind);
        self.time_zone.or(of_runner).or_else(of_server).unwrap_or_default()
    }
}
/// A database is asked where its address is at hand, else git.
fn base_of_settings(settings: &Migrate) -> BaseWish {
    let variable = settings.history_env.as_ref().map(|name| name.as_str().to_owned());
    let since = settings.since.clone().map(BaseWish::Since);
    let table = settings.history_table.as_ref().map(|table| table.as_str().to_owned());
    let asked = variable.map(|name| BaseWish::AppliedFrom { at: DatabaseAt::Variable(name), table });
    asked.or(since).unwrap_or_default()
}

/// Today, in UTC.
fn today() -> jiff::civil::Date {
    let millis = i64::try_from(Timestamp::now().unix_millis()).unwrap_or(i64::MAX);
    let at = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}
