//! What is dangerous, one file per rule. A rule is data: the page of its documentation, its test, and a function.

pub(crate) mod allowances;
mod blocking;
mod brief;
mod columns;
mod contract;
#[cfg(test)]
mod examples;
mod finding;
mod moment;
mod not_valid;
mod page;
mod problems;
#[cfg(test)]
pub(crate) mod seen;
mod sql;
mod using_index;

use std::sync::LazyLock;

use crate::Level;
use crate::linter::Finding;
pub use page::{Page, Pages};
pub use problems::problem_findings;

/// One thing to look for.
///
/// In [`Rule::bad`] and [`Rule::good`] a line `-- earlier:` begins what was applied long before, `-- this migration:` what
/// is looked at, `-- this migration, outside a transaction:` too; there may be several.
#[derive(Debug)]
pub struct Rule {
    /// `L01`.
    pub id: &'static str,
    /// `index-not-concurrent`.
    pub name: &'static str,
    /// Its level, unless the settings say another.
    pub level: Level,
    /// What it sees, in a sentence.
    pub condition: &'static str,
    /// What happens then, and to whom.
    pub effect: &'static str,
    /// What to do instead.
    pub workaround: &'static str,
    /// Migrations in which it sees something.
    pub bad: &'static str,
    /// The same, done well: it sees nothing.
    pub good: &'static str,
    /// Where PostgreSQL's manual or source says so.
    pub source: &'static str,
    /// Looks.
    pub check: Check,
}

/// When a rule looks.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At each statement.
    Statement(AtStatement),
    /// Once at each file, after its statements.
    File(AtFile),
    /// Never by itself: a problem of the set, or of a suppression, which is found elsewhere.
    Elsewhere,
}

/// Looks at a statement.
pub type AtStatement = fn(&Moment<'_>, &mut Vec<Finding>);

/// Looks at a file.
pub type AtFile = fn(&FileMoment<'_>, &mut Vec<Finding>);

/// What a rule sees of a statement.
#[derive(Debug)]
pub struct Moment<'a> {
    /// The rule itself.
    pub rule: &'static Rule,
    /// What a verdict depends on.
    pub context: &'a crate::LintContext,
    /// The migration.
    pub migration: &'a crate::Migration,
    /// What is there after the statement.
    pub catalog: &'a crate::catalog::Catalog,
    /// Where names are looked for.
    pub path: &'a crate::catalog::SearchPath,
    /// The statement.
    pub statement: &'a crate::ddl::Statement,
    /// What it does.
    pub effects: &'a crate::replay::Effects,
    /// Which transaction of the file it runs in, counted from 0; `None` outside of one.
    pub transaction: Option<usize>,
    /// How the migrations are kept.
    pub layout: crate::Layout,
}

/// What a rule sees of a file.
#[derive(Debug)]
pub struct FileMoment<'a> {
    /// The rule itself.
    pub rule: &'static Rule,
    /// What a verdict depends on.
    pub context: &'a crate::LintContext,
    /// The migration.
    pub migration: &'a crate::Migration,
    /// What is there after the file.
    pub catalog: &'a crate::catalog::Catalog,
    /// Its statements, with what each does and the transaction it runs in.
    pub statements: &'a [(crate::ddl::Statement, crate::replay::Effects, Option<usize>)],
    /// The files before it that were judged, and which relations each locked, in order.
    pub locked_before: &'a [(String, Vec<crate::QualifiedName>)],
}

/// Every rule, in the order of the documentation.
pub static RULES: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let families: [&[&Rule]; 5] =
        [&blocking::RULES, &brief::RULES, &contract::RULES, &problems::RULES, &allowances::RULES];
    families.concat()
});
