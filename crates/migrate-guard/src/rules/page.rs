use std::fmt;

use super::{RULES, Rule};
use crate::Level;

/// A rule's page of documentation, in Markdown.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a>(&'a Rule);

impl Rule {
    /// Its page of documentation.
    pub fn page(&self) -> Page<'_> {
        Page(self)
    }
}

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = self.0;
        writeln!(f, "## {} {}\n", rule.id, rule.name)?;
        writeln!(f, "{} Level: {}.\n", rule.condition, words(rule.level))?;
        writeln!(f, "**Effect.** {}\n", rule.effect)?;
        writeln!(f, "**Instead.** {}\n", rule.workaround)?;
        writeln!(f, "Seen:\n\n```sql\n{}\n```\n", rule.bad.trim_end())?;
        writeln!(f, "Not seen:\n\n```sql\n{}\n```\n", rule.good.trim_end())?;
        writeln!(f, "Source: {}", rule.source)
    }
}

/// All pages, one after another, under a title.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pages;

impl fmt::Display for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(TITLE)?;
        RULES.iter().try_for_each(|rule| write!(f, "\n{}", rule.page()))
    }
}

const TITLE: &str = "# What the migration linter looks for

Made from the rules themselves: `UPDATE_DOCS=1 cargo test -p handover-migrate-guard --test it the_pages`. Each example is
a test of its rule. `-- earlier:` begins what was applied long before, `-- this migration:` what is looked at; there may
be several. Errors are shown by default, warnings with `--level warning`, notes with `--level note`; `[migrate.levels]`
in handover.toml sets the level of a rule.
";

const fn words(level: Level) -> &'static str {
    match level {
        Level::Off => "off",
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}
