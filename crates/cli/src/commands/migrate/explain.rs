//! `handover migrate explain`: a rule, and what to write instead.

use std::fmt;

use handover_migrate_guard::rules::Rule;
use serde::Serialize;

use super::VERSION;
use super::rules::{Page, level_word};
use crate::args::ExplainRule;
use crate::context::Context;
use crate::exit::Exit;
use crate::migrate::rule;
use crate::report::Failure;
use crate::text::one_line;

/// How far SQL stands to the right.
const INDENT: &str = "    ";

/// The `--json` form.
#[derive(Serialize)]
struct Shown {
    version: u32,
    rule: Page,
}

/// Explains the named rule.
pub(super) fn run(args: &ExplainRule, context: &Context) -> Result<Exit, Failure> {
    let rule = rule::find(&args.rule).ok_or_else(|| no_such(&args.rule))?;
    context.output.result(Told(rule), &Shown { version: VERSION, rule: rule.into() });
    Ok(Exit::Done)
}

fn no_such(name: &str) -> Failure {
    let failure = Failure::new("could not explain a rule", Exit::Usage);
    let failure = failure.because(format!("there is no rule {:?}", one_line(name)));
    match rule::near(name) {
        Some(near) => failure.hint(format!("did you mean {} ({})?", near.id, near.name)),
        None => failure.hint("`handover migrate rules` lists them"),
    }
}

/// A rule for people.
struct Told(&'static Rule);

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rule { id, name, level, condition, effect, workaround, bad, good, source, .. } = self.0;
        writeln!(f, "{id} {name} ({})", level_word(*level))?;
        for (heading, text) in [("sees", condition), ("then", effect), ("instead", workaround)] {
            writeln!(f, "\n{heading}\n{INDENT}{text}")?;
        }
        for (heading, sql) in [("bad", bad), ("good", good)] {
            writeln!(f, "\n{heading}")?;
            sql.trim().lines().try_for_each(|line| writeln!(f, "{INDENT}{line}"))?;
        }
        write!(f, "\nsource\n{INDENT}{source}")
    }
}
