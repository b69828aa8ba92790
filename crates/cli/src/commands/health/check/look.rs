//! All addresses at one moment, for people and for programs.

use std::fmt;

use handover_core::Timestamp;
use handover_health::Said;
use serde::Serialize;

use super::asked::{Asked, Part};
use super::verdict::Verdict;
use crate::output::{Table, seconds};
use crate::text::one_line;

/// The version of the `--json` form.
pub(super) const VERSION: u32 = 1;

/// What all of them come to; also the `--json` form.
#[derive(Debug, Serialize)]
pub(super) struct Look {
    version: u32,
    at: Timestamp,
    pub(super) verdict: Verdict,
    well: usize,
    needed: usize,
    asked: Vec<Asked>,
}

impl Look {
    pub(super) fn of(asked: Vec<Asked>, needed: usize, at: Timestamp) -> Self {
        let verdicts: Vec<_> = asked.iter().map(|asked| asked.verdict).collect();
        let well = verdicts.iter().filter(|verdict| verdict.is_well()).count();
        Self { version: VERSION, at, verdict: Verdict::of_all(&verdicts, needed), well, needed, asked }
    }

    /// Where there are several, what they come to.
    fn conclusion(&self) -> Option<String> {
        let Self { well, needed, asked, verdict, .. } = self;
        let all = asked.len();
        (all > 1).then(|| format!("{well} of {all} well, {needed} needed: {}", verdict.word()))
    }
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["ASKED", "VERDICT", "STATUS", "TIME", "WHY"]);
        for asked in &self.asked {
            table.row([
                shown(asked),
                asked.verdict.word().to_owned(),
                status(asked),
                time(asked),
                why(asked),
            ]);
            parts(asked)
                .for_each(|[name, word, class]| table.row([name, word, String::new(), String::new(), class]));
        }
        write!(f, "{table}")?;
        if let Some(conclusion) = self.conclusion() {
            write!(f, "\n\n{conclusion}")?;
        }
        for (url, hint) in self.asked.iter().filter_map(|asked| Some((&asked.url, asked.hint?))) {
            write!(f, "\nnext: {}: {hint}", one_line(url))?;
        }
        Ok(())
    }
}

/// The address, and whose it is.
pub(super) fn shown(asked: &Asked) -> String {
    let whose = asked.name.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
    format!("{}{whose}", asked.url)
}

pub(super) fn status(asked: &Asked) -> String {
    asked.status.map_or_else(|| "-".into(), |status| status.to_string())
}

pub(super) fn time(asked: &Asked) -> String {
    seconds(asked.elapsed_ms / 1e3)
}

pub(super) fn why(asked: &Asked) -> String {
    asked.why.clone().unwrap_or_default()
}

/// A row for each part that the answer names: its name, how it is, why not well.
pub(super) fn parts(asked: &Asked) -> impl Iterator<Item = [String; 3]> {
    let row = |Part { name, verdict, class }: &Part| {
        [format!("  {name}"), word(*verdict).to_owned(), class.clone().unwrap_or_default()]
    };
    let more = (asked.left_out > 0)
        .then(|| [format!("  and {} more", asked.left_out), String::new(), String::new()]);
    asked.checks.iter().map(row).chain(more)
}

fn word(said: Said) -> &'static str {
    match said {
        Said::Well => "ok",
        Said::Unwell => "error",
        other => other.as_str(),
    }
}
