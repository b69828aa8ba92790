use std::path::Path;

use super::Layout;
use super::layouts::{self, Rules, Seen, Sign};
use super::listing::{Found, Listing};
use crate::SourceError;

/// What the project around the migrations says of their runner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Surroundings {
    /// There is a `Cargo.toml`.
    pub(super) cargo: bool,
    /// It, or something beside it, speaks of sqlx.
    pub(super) sqlx: bool,
    /// There is a `go.mod`.
    pub(super) go: bool,
}

/// A layout, and how it was told.
pub(super) type Told = (&'static Rules, String);

/// Tells the layout of a folder's files.
pub(super) fn detect(listing: &Listing, around: Surroundings, at: &Path) -> Result<Told, SourceError> {
    let mut votes: Vec<Vote<'_>> = layouts::ALL.into_iter().map(Vote::new).collect();
    for file in &listing.files {
        for vote in &mut votes {
            vote.count(file);
        }
    }
    let mut strong: Vec<&Vote<'_>> = votes.iter().filter(|vote| vote.strong > 0).collect();
    strong.sort_by_key(|vote| std::cmp::Reverse(vote.strong));
    match strong.as_slice() {
        [] => by_names(&votes, around, at),
        [most, next, ..] if most.strong < 3 * next.strong => Err(mixed(most, next, at)),
        [most, ..] => Ok((most.rules, counted(most.strong, most.rules.known_by))),
    }
}

/// `1 file with …`, `2 files with …`.
fn counted(count: usize, (what, rest): (&str, &str)) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural} {rest}")
}

/// How many files speak for a layout.
#[derive(Debug)]
struct Vote<'a> {
    rules: &'static Rules,
    strong: usize,
    weak: usize,
    example: &'a str,
}

impl<'a> Vote<'a> {
    fn new(rules: &'static Rules) -> Self {
        Self { rules, strong: 0, weak: 0, example: "" }
    }

    fn count(&mut self, file: &'a Found) {
        match (self.rules.sign)(&Seen { path: &file.path, text: file.text() }) {
            Sign::Strong => {
                self.example = if self.strong == 0 { &file.shown } else { self.example };
                self.strong += 1;
            }
            Sign::Weak => self.weak += 1,
            Sign::None => {}
        }
    }
}

fn mixed(most: &Vote<'_>, next: &Vote<'_>, at: &Path) -> SourceError {
    let name = |vote: &Vote<'_>| (vote.rules.layout, vote.example.to_owned());
    SourceError::Mixed { path: at.to_owned(), one: name(most), other: name(next) }
}

/// Where only the names speak, the project around decides between those who share them.
fn by_names(votes: &[Vote<'_>], around: Surroundings, at: &Path) -> Result<Told, SourceError> {
    let weak = |layout| votes.iter().find(|vote| vote.rules.layout == layout).map_or(0, |vote| vote.weak);
    let (pairs, numbered, sql) = (weak(Layout::GolangMigrate), weak(Layout::Sqlx), weak(Layout::Plain));
    let told = |layout, count, rest| Ok((layouts::of(layout), counted(count, ("file", rest))));
    match around {
        _ if sql == 0 => Err(SourceError::Nothing { path: at.to_owned(), looked: Vec::new() }),
        Surroundings { sqlx: true, .. } if numbered > 0 => {
            told(Layout::Sqlx, numbered, "named `<version>_<name>.sql`, and sqlx in the project")
        }
        Surroundings { go: true, cargo: false, .. } if pairs > 0 => {
            told(Layout::GolangMigrate, pairs, "of `.up.sql` and `.down.sql`, and a go.mod")
        }
        Surroundings { cargo: true, go: false, .. } if pairs > 0 => {
            told(Layout::Sqlx, pairs, "of `.up.sql` and `.down.sql`, and a Cargo.toml")
        }
        _ if pairs > 0 => {
            let (one, other) = (Layout::Sqlx, Layout::GolangMigrate);
            Err(SourceError::Ambiguous { path: at.to_owned(), one, other })
        }
        _ => told(Layout::Plain, sql, "of SQL by which no runner is known, in the order of their paths"),
    }
}

/// The layout, other than `ours`, that a file surely belongs to.
pub(super) fn stray(file: &Found, ours: Layout) -> Option<Layout> {
    let seen = Seen { path: &file.path, text: file.text() };
    let others = layouts::ALL.into_iter().filter(|rules| rules.layout != ours);
    others.filter(|rules| (rules.sign)(&seen) == Sign::Strong).map(|rules| rules.layout).next()
}
