//! What each runner does with its files: which it takes, in which order, and what it puts around them.
//!
//! One file per runner, and each says where in the runner's own source its facts are from.

mod dbmate;
mod diesel;
mod flyway;
mod golang_migrate;
mod goose;
mod order;
mod plain;
mod pop;
mod prisma;
mod rails;
mod sqlx;

use super::{Layout, Wrapping};
use crate::text::{Markers, Marks, Templates};
pub(super) use order::{Order, REPEATABLE};

/// What one runner does.
#[derive(Debug)]
pub(super) struct Rules {
    /// Which.
    pub(super) layout: Layout,
    /// How its files are known: what one is, and the rest of the words.
    pub(super) known_by: (&'static str, &'static str),
    /// How surely a file is one of its.
    pub(super) sign: fn(&Seen<'_>) -> Sign,
    /// What a file is, by its path below the folder.
    pub(super) role: fn(&str) -> Role,
    /// The file that each folder of a migration has.
    pub(super) in_each_folder: Option<&'static str>,
    /// In which order migrations are applied.
    pub(super) order: Order,
    /// Which template values are put into a file.
    pub(super) templates: fn(&Place<'_>) -> Templates,
    /// How the way up is told from the way down within a file.
    pub(super) markers: Markers,
    /// What is put around the statements of a file.
    pub(super) wrapping: fn(&Around<'_>) -> Wrapping,
    /// What the runner does with a migration that comes before one that is applied, in words.
    pub(super) out_of_order: &'static str,
    /// What the runner does about a migration that was changed after it was applied, in words.
    pub(super) edited: &'static str,
    /// How the content of a migration is recorded.
    #[cfg(feature = "history")]
    pub(super) checksum: super::history::Checksum,
    /// Where what is applied is recorded.
    #[cfg(feature = "history")]
    pub(super) history: Option<super::history::Table>,
}

/// A file, as far as a layout is told by it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    /// Its path below the folder.
    pub(super) path: &'a str,
    /// Its text, if it could be read.
    pub(super) text: &'a str,
}

/// How surely a file belongs to a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// It does not.
    None,
    /// It may, and to others too.
    Weak,
    /// It does, and to no other.
    Strong,
}

impl Sign {
    fn strong_if(sure: bool) -> Self {
        if sure { Self::Strong } else { Self::None }
    }

    fn weak_if(possible: bool) -> Self {
        if possible { Self::Weak } else { Self::None }
    }
}

/// What a file is to a runner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A migration of this version.
    Up(String),
    /// A migration if there is no other: a dump of the whole schema.
    Alone(String),
    /// The way back.
    Down,
    /// Something beside the migrations.
    Aside,
    /// A migration in another language; which, and its version.
    Code(&'static str, String),
    /// Nothing that the runner takes; what it looks for.
    Skipped(&'static str),
}

/// A file among others.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// Its path below the folder.
    pub(super) path: &'a str,
    /// Another file's text, by its path below the folder.
    pub(super) beside: &'a dyn Fn(&str) -> Option<&'a str>,
}

impl std::fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Place").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What decides over a file's transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    /// The file's text.
    pub(super) text: &'a str,
    /// What its markers say.
    pub(super) marks: &'a Marks,
    /// Where it is.
    pub(super) place: Place<'a>,
}

/// Every runner, those that are told most surely first.
pub(super) static ALL: [&Rules; 10] = [
    &prisma::RULES,
    &diesel::RULES,
    &goose::RULES,
    &dbmate::RULES,
    &flyway::RULES,
    &pop::RULES,
    &rails::RULES,
    &sqlx::RULES,
    &golang_migrate::RULES,
    &plain::RULES,
];

/// What the runner of that layout does.
pub(super) fn of(layout: Layout) -> &'static Rules {
    ALL.into_iter().find(|rules| rules.layout == layout).unwrap_or(&plain::RULES)
}

impl Layout {
    /// What the runner does with a migration that comes before one that is applied, in words.
    pub(crate) fn out_of_order(self) -> &'static str {
        of(self).out_of_order
    }

    /// What the runner does about a migration that was changed after it was applied, in words.
    pub(crate) fn edited(self) -> &'static str {
        of(self).edited
    }
}

/// A runner without a word to opt out by.
fn always_a_transaction(_: &Around<'_>) -> Wrapping {
    Wrapping::Transaction
}

#[cfg(test)]
mod tests;
