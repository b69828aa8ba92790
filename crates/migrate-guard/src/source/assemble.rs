use std::collections::{BTreeMap, HashMap};

use super::detect::{Told, stray};
use super::layouts::{Around, Place, Role, Rules};
use super::listing::{Found, Listing};
use super::{Layout, Migration, MigrationSet, Problem, ProblemKind, Wrapping};
use crate::text::{self, Dialect};

/// What the caller says of the migrations.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    /// Their layout.
    pub(super) layout: Option<Layout>,
    /// Template values.
    pub(super) values: BTreeMap<String, String>,
    /// What is put around every file.
    pub(super) wrapping: Option<Wrapping>,
}

/// Makes a set of the files of a layout.
pub(super) fn assemble(listing: &Listing, (rules, reason): Told, options: &Options) -> MigrationSet {
    let mut job = Job { listing, rules, options, problems: Vec::new(), code: Vec::new(), unread: Vec::new() };
    let mut ups = job.ups();
    job.sort(&mut ups);
    job.duplicates(&mut ups);
    let migrations = ups.into_iter().map(|up| job.migration(up)).collect();
    job.code_problems();
    job.folders();
    job.say_all(&listing.troubles);
    job.problems.sort_by(|one, other| one.path.cmp(&other.path));
    MigrationSet { layout: rules.layout, reason, migrations, unread: job.unread, problems: job.problems }
}

struct Job<'a> {
    listing: &'a Listing,
    rules: &'static Rules,
    options: &'a Options,
    problems: Vec<Problem>,
    /// Versions of migrations that are not in the set.
    unread: Vec<String>,
    /// Migrations in other languages.
    code: Vec<(&'static str, &'a Found)>,
}

/// A file that is a migration.
struct Up<'a> {
    file: &'a Found,
    text: &'a std::sync::Arc<str>,
    version: String,
}

impl<'a> Job<'a> {
    fn say(&mut self, shown: &str, kind: ProblemKind) {
        self.problems.push(Problem { path: shown.to_owned(), kind });
    }

    fn say_all(&mut self, troubles: &[(String, ProblemKind)]) {
        for (shown, kind) in troubles {
            self.say(shown, kind.clone());
        }
    }

    fn ups(&mut self) -> Vec<Up<'a>> {
        let files = self.listing.files.iter();
        let (mut ups, mut alone) = (Vec::new(), Vec::new());
        for file in files {
            match (self.rules.role)(&file.path) {
                Role::Up(version) => ups.extend(self.up(file, version)),
                Role::Alone(version) => alone.extend(self.up(file, version)),
                Role::Code(language, version) => {
                    self.code.push((language, file));
                    self.unread.push(version);
                }
                Role::Skipped(wanted) => self.skipped(file, wanted),
                Role::Down | Role::Aside => {}
            }
        }
        if ups.is_empty() { alone } else { ups }
    }

    fn up(&mut self, file: &'a Found, version: String) -> Option<Up<'a>> {
        match &file.content {
            Ok(text) => Some(Up { file, text, version }),
            Err(why) => {
                self.say(&file.shown, why.clone());
                self.unread.push(version);
                None
            }
        }
    }

    fn skipped(&mut self, file: &Found, wanted: &'static str) {
        let other = stray(file, self.rules.layout).map(ProblemKind::OtherLayout);
        self.say(&file.shown, other.unwrap_or_else(|| ProblemKind::Skipped(wanted.to_owned())));
    }

    fn sort(&self, ups: &mut [Up<'_>]) {
        ups.sort_by(|one, other| {
            self.rules.order.compare((&one.version, &one.file.path), (&other.version, &other.file.path))
        });
    }

    /// Of two files of one version only one can be recorded. pop means them to be one; to others it is a mistake.
    fn duplicates(&mut self, ups: &mut Vec<Up<'_>>) {
        let mut first: HashMap<String, String> = HashMap::new();
        let mut found = Vec::new();
        let dialects = self.rules.layout == Layout::Pop;
        ups.retain(|up| match first.get(&self.rules.order.key(&up.version)) {
            None => first.insert(self.rules.order.key(&up.version), up.file.shown.clone()).is_none(),
            Some(earlier) => {
                found.push((up.file.shown.clone(), ProblemKind::DuplicateVersion(earlier.clone())));
                !dialects
            }
        });
        if !dialects {
            self.say_all(&found);
        }
    }

    fn migration(&mut self, up: Up<'_>) -> Migration {
        let beside = |path: &str| self.listing.text_of(path);
        let place = Place { path: &up.file.path, beside: &beside };
        let dialect = Dialect { templates: (self.rules.templates)(&place), markers: self.rules.markers };
        let prepared = text::prepare(up.text, dialect, &self.options.values);
        let around = Around { text: &prepared.text, marks: &prepared.marks, place };
        let wrapping = self.options.wrapping.unwrap_or_else(|| (self.rules.wrapping)(&around));
        self.look_at(&up, &prepared);
        Migration {
            path: up.file.shown.clone(),
            version: up.version,
            raw: std::sync::Arc::clone(up.text),
            text: prepared.text,
            sql: prepared.sql,
            wrapping,
            #[cfg(feature = "history")]
            checksum: self.rules.checksum.of(up.text),
            #[cfg(not(feature = "history"))]
            checksum: None,
            unfilled: prepared.unfilled,
            left_out: prepared.left_out,
        }
    }

    fn look_at(&mut self, up: &Up<'_>, prepared: &text::Prepared) {
        let wanted = self.rules.markers.up().filter(|_| prepared.marks.up == 0);
        let problem = match (stray(up.file, self.rules.layout), wanted) {
            (Some(other), _) => Some(ProblemKind::OtherLayout(other)),
            (None, Some(line)) => Some(ProblemKind::Unmarked(line)),
            (None, None) => text::is_empty(&prepared.sql).then_some(ProblemKind::Empty),
        };
        if let Some(problem) = problem {
            self.say(&up.file.shown, problem);
        }
    }

    /// Migrations in other languages, said once for each language. Ruby that only runs the SQL beside it is that SQL.
    fn code_problems(&mut self) {
        let mut languages: BTreeMap<&'static str, Vec<&Found>> = BTreeMap::new();
        for (language, file) in std::mem::take(&mut self.code) {
            languages.entry(language).or_default().push(file);
        }
        for (language, mut files) in languages {
            files.retain(|file| !self.runs_sql(file));
            if let Some(first) = files.first() {
                self.say(&first.shown, ProblemKind::NotSql { language, files: files.len() });
            }
        }
    }

    fn runs_sql(&self, file: &Found) -> bool {
        let stem = file.path.rsplit_once('.').map_or(file.path.as_str(), |(stem, _)| stem);
        [".sql", ".up.sql", "_up.sql"]
            .iter()
            .any(|end| self.listing.text_of(&format!("{stem}{end}")).is_some())
    }

    /// Folders that lack the file that makes them a migration.
    fn folders(&mut self) {
        let Some(wanted) = self.rules.in_each_folder else { return };
        for (folder, shown) in &self.listing.folders {
            let file = format!("{folder}/{wanted}");
            if self.listing.files.binary_search_by(|found| found.path.as_str().cmp(&file)).is_err() {
                self.say(shown, ProblemKind::NoFile(wanted.to_owned()));
            }
        }
    }
}
