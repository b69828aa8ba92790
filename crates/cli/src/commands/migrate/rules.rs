//! `handover migrate rules`: every rule in a line.

use handover_migrate_guard::Level;
use handover_migrate_guard::rules::Rule;
use serde::Serialize;

use super::VERSION;
use crate::context::Context;
use crate::exit::Exit;
use crate::migrate::rule;
use crate::output::Table;

/// The `--json` form.
#[derive(Serialize)]
struct Shown {
    version: u32,
    rules: Vec<Page>,
}

/// A rule as programs read it.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) level: Level,
    pub(super) condition: &'static str,
    pub(super) effect: &'static str,
    pub(super) workaround: &'static str,
    pub(super) bad: &'static str,
    pub(super) good: &'static str,
    pub(super) source: &'static str,
}

impl From<&Rule> for Page {
    fn from(rule: &Rule) -> Self {
        let Rule { id, name, level, condition, effect, workaround, bad, good, source, .. } = rule;
        Self { id, name, level: *level, condition, effect, workaround, bad, good, source }
    }
}

/// Lists them.
pub(super) fn run(context: &Context) -> Exit {
    let mut table = Table::new(["RULE", "LEVEL", "NAME", "SEES"]);
    for rule in rule::all() {
        let level = level_word(rule.level).to_owned();
        table.row([rule.id.to_owned(), level, rule.name.to_owned(), rule.condition.to_owned()]);
    }
    context.output.result(table, &Shown { version: VERSION, rules: rule::all().map(Page::from).collect() });
    Exit::Done
}

/// As it is written in settings.
pub(super) const fn level_word(level: Level) -> &'static str {
    match level {
        Level::Off => "off",
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}
