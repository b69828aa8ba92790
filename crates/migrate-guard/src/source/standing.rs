use std::collections::{BTreeMap, BTreeSet};

use super::layouts::{self, REPEATABLE, Role, Rules};
use super::names::split;
use super::{Layout, Migration, MigrationSet, Problem, ProblemKind};
use crate::text;

/// Which migrations of a set are applied, as something outside of it knows: a history table, a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// Those that are not, by their places in the set and in its order.
    pub pending: Vec<usize>,
    /// What does not fit: changed after it was applied, out of order, missing.
    pub problems: Vec<Problem>,
    /// The paths that were there already, where a commit says so.
    pub(super) known: BTreeSet<String>,
}

impl MigrationSet {
    /// Compares the set with a former state of its files: each path as the set shows it, and the bytes that were there, or
    /// `None` for those that are the same now. What was there then is taken to be applied.
    pub fn since<'a>(&self, base: impl IntoIterator<Item = (&'a str, Option<&'a [u8]>)>) -> Standing {
        let rules = layouts::of(self.layout);
        let base: BTreeMap<&str, Option<&[u8]>> = base.into_iter().collect();
        let applied: BTreeSet<String> = base.keys().filter_map(|path| key_of(rules, path)).collect();
        let known = base.keys().map(|path| (*path).to_owned()).collect();
        let mut standing = Standing { known, ..Standing::default() };
        for (place, migration) in self.migrations.iter().enumerate() {
            let same_path = base.get(migration.path.as_str());
            if same_path.is_none() && !applied.contains(&key(rules, migration)) {
                standing.pending.push(place);
            } else if let Some(Some(before)) = same_path {
                standing.changed(place, migration, before, rules);
            }
        }
        self.gone(&base, rules, &mut standing);
        self.out_of_order(&mut standing);
        standing
    }

    /// The same with what is pending at the end, as its runner gets to it, and the place from which on it is.
    #[must_use]
    pub fn pending_last(mut self, standing: &Standing) -> (Self, usize) {
        let pending: BTreeSet<usize> = standing.pending.iter().copied().collect();
        let numbered = self.migrations.drain(..).enumerate();
        let (last, first): (Vec<_>, Vec<_>) = numbered.partition(|(place, _)| pending.contains(place));
        let applied = first.len();
        self.migrations = first.into_iter().chain(last).map(|(_, migration)| migration).collect();
        self.problems.iter_mut().for_each(|problem| standing.blame_the_newer(problem));
        self.problems.extend(standing.problems.iter().cloned());
        (self, applied)
    }

    /// Notes what is pending although something after it is applied.
    pub(super) fn out_of_order(&self, standing: &mut Standing) {
        let pending: BTreeSet<usize> = standing.pending.iter().copied().collect();
        let applied = |place: &usize| !pending.contains(place) && !self.is_repeatable(*place);
        let Some(newest) = (0..self.migrations.len()).rev().find(applied) else { return };
        let Some(version) = self.migrations.get(newest).map(|migration| &migration.version) else { return };
        let early = pending.iter().filter(|place| **place < newest && !self.is_repeatable(**place));
        let early = early.filter_map(|place| self.migrations.get(*place));
        standing.problems.extend(early.map(|migration| Problem {
            path: migration.path.clone(),
            kind: ProblemKind::OutOfOrder(version.clone()),
        }));
    }

    fn is_repeatable(&self, place: usize) -> bool {
        self.migrations.get(place).is_some_and(|migration| is_repeatable(self.layout, migration))
    }

    /// Notes migrations that were there and are not.
    fn gone(&self, base: &BTreeMap<&str, Option<&[u8]>>, rules: &Rules, standing: &mut Standing) {
        let here: BTreeSet<&str> = self.migrations.iter().map(|migration| migration.path.as_str()).collect();
        let mut keys: BTreeSet<String> =
            self.migrations.iter().map(|migration| key(rules, migration)).collect();
        keys.extend(self.unread.iter().map(|version| rules.order.key(version)));
        let unread: BTreeSet<&str> = self.problems.iter().map(|problem| problem.path.as_str()).collect();
        for path in base.keys().filter(|path| !here.contains(*path) && !unread.contains(*path)) {
            if key_of(rules, path).is_some_and(|key| !keys.contains(&key)) {
                standing.problems.push(Problem { path: (*path).to_owned(), kind: ProblemKind::Missing });
            }
        }
    }
}

impl Standing {
    /// Of two migrations of one version, the one that came later is to get another.
    fn blame_the_newer(&self, problem: &mut Problem) {
        if let ProblemKind::DuplicateVersion(other) = &mut problem.kind
            && self.known.contains(&problem.path)
            && !self.known.contains(other)
        {
            std::mem::swap(other, &mut problem.path);
        }
    }

    /// Notes a migration that is applied and was something else then.
    fn changed(&mut self, place: usize, migration: &Migration, before: &[u8], rules: &Rules) {
        if is_same(migration, before, rules) {
            return;
        }
        if is_repeatable(rules.layout, migration) {
            self.pending.push(place);
        } else {
            self.problems.push(Problem { path: migration.path.clone(), kind: ProblemKind::Edited });
        }
    }
}

/// Whether its runner takes a migration for what it was. Where no checksum is recorded, comments and the way back may
/// change; where one is, line ends at most, and with sqlx not even those.
fn is_same(migration: &Migration, before: &[u8], rules: &Rules) -> bool {
    let Ok(before) = std::str::from_utf8(before) else { return false };
    let with_any_ends = || before.replace("\r\n", "\n") == migration.raw.replace("\r\n", "\n");
    before == &*migration.raw
        || match rules.layout {
            Layout::Sqlx => false,
            Layout::Prisma | Layout::Flyway => with_any_ends(),
            _ => with_any_ends() || text::says_the_same(before, &migration.raw, rules.markers),
        }
}

pub(super) fn is_repeatable(layout: Layout, migration: &Migration) -> bool {
    layout == Layout::Flyway && migration.version.starts_with(REPEATABLE)
}

/// What a migration is recorded under.
pub(super) fn key(rules: &Rules, migration: &Migration) -> String {
    match rules.layout {
        Layout::Plain => migration.path.clone(),
        _ => rules.order.key(&migration.version),
    }
}

/// What the file at that path would be recorded under, were it a migration.
fn key_of(rules: &Rules, path: &str) -> Option<String> {
    let (folder, name) = split(path);
    let folder = folder.map(|folder| split(folder).1).filter(|_| rules.in_each_folder.is_some());
    let below = folder.map_or_else(|| name.to_owned(), |folder| format!("{folder}/{name}"));
    match (rules.role)(&below) {
        Role::Up(_) if rules.layout == Layout::Plain => Some(path.to_owned()),
        Role::Up(version) | Role::Code(_, version) => Some(rules.order.key(&version)),
        _ => None,
    }
}
