use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::Applied;
use crate::source::layouts::{self, Rules};
use crate::source::standing::{is_repeatable, key};
use crate::source::{Layout, Migration, MigrationSet, Problem, ProblemKind, Standing};

impl MigrationSet {
    /// Compares the set with what its runner recorded.
    pub fn compare(&self, history: &[Applied]) -> Standing {
        let rules = layouts::of(self.layout);
        let book = Book::of(history, rules);
        let mut standing = Standing::default();
        for (place, migration) in self.migrations.iter().enumerate() {
            book.judge(place, migration, &mut standing);
        }
        book.not_here(self, &mut standing);
        self.out_of_order(&mut standing);
        standing
    }
}

/// The history, by what migrations are recorded under.
struct Book<'a> {
    rules: &'static Rules,
    records: BTreeMap<String, Record<'a>>,
    /// The newest version that stands for all before it.
    all_before: Option<&'a str>,
}

/// What is recorded of one migration, all its rows taken together.
#[derive(Default)]
struct Record<'a> {
    version: &'a str,
    applied: Option<&'a Applied>,
    unfinished: bool,
}

impl<'a> Book<'a> {
    fn of(history: &'a [Applied], rules: &'static Rules) -> Self {
        let mut book = Self { rules, records: BTreeMap::new(), all_before: None };
        for row in history.iter().filter(|row| !row.rolled_back) {
            let record = book.records.entry(rules.order.key(&row.version)).or_default();
            record.version = &row.version;
            record.unfinished |= !row.finished;
            record.applied = if row.finished { Some(row) } else { record.applied };
            if row.all_before {
                book.stand_for(&row.version);
            }
        }
        book
    }

    fn stand_for(&mut self, version: &'a str) {
        let newer = |known: &str| self.order(version, known) == Ordering::Greater;
        if self.all_before.is_none_or(newer) {
            self.all_before = Some(version);
        }
    }

    fn order(&self, one: &str, other: &str) -> Ordering {
        self.rules.order.compare((one, ""), (other, ""))
    }

    fn judge(&self, place: usize, migration: &Migration, standing: &mut Standing) {
        let repeatable = is_repeatable(self.rules.layout, migration);
        let record = self.records.get(&key(self.rules, migration));
        let mut say = |kind| standing.problems.push(Problem { path: migration.path.clone(), kind });
        match record.map(|record| (record.applied, record.unfinished)) {
            Some((Some(row), _)) if self.is_same(row, migration) => {}
            Some((Some(_), _)) if !repeatable => say(ProblemKind::Edited),
            Some((None, true)) => {
                say(ProblemKind::Unfinished);
                standing.pending.push(place);
            }
            None if !repeatable && self.is_before(&migration.version) => {}
            _ => standing.pending.push(place),
        }
    }

    /// A row without a checksum, as that of a baseline, is of any content.
    fn is_same(&self, row: &Applied, migration: &Migration) -> bool {
        let is = |recorded: &String| self.rules.checksum.is(recorded, &migration.raw, &migration.text);
        row.checksum.as_ref().is_none_or(is)
    }

    fn is_before(&self, version: &str) -> bool {
        self.all_before.is_some_and(|newest| self.order(version, newest) != Ordering::Greater)
    }

    /// Notes what is recorded and not in the set. A baseline of Flyway needs no file.
    fn not_here(&self, set: &MigrationSet, standing: &mut Standing) {
        let mut here: BTreeSet<String> =
            set.migrations.iter().map(|migration| key(self.rules, migration)).collect();
        here.extend(set.unread.iter().map(|version| self.rules.order.key(version)));
        for (key, record) in self.records.iter().filter(|(key, _)| !here.contains(*key)) {
            let baseline =
                self.rules.layout == Layout::Flyway && record.applied.is_some_and(|row| row.all_before);
            let kind = if record.applied.is_some() { ProblemKind::Missing } else { ProblemKind::Unfinished };
            if !baseline && !key.is_empty() {
                standing.problems.push(Problem { path: record.version.to_owned(), kind });
            }
        }
    }
}
