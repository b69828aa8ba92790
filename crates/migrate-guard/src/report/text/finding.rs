use std::collections::HashSet;
use std::io::{self, Write};

use super::excerpt::Excerpt;
use super::{Ink, TextOptions};
use crate::linter::{Finding, Level};
use crate::report::page::Page;
use crate::report::safe;
use crate::{Evidence, Span};

/// How many further places are named.
const NAMED: usize = 3;

/// Writes findings one after another; what was explained once is not explained again.
pub(super) struct Writer<'a> {
    pub(super) options: &'a TextOptions<'a>,
    pub(super) explained: HashSet<String>,
}

impl Writer<'_> {
    /// Writes a finding about the set.
    pub(super) fn problem(&mut self, path: &str, finding: &Finding, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "{}", head(finding, self.options))?;
        writeln!(to, " {} {}", self.options.paint(Ink::Frame, "-->"), safe::escaped(path))?;
        self.rest(finding, Vec::new(), 1, to)
    }

    /// Writes a finding with the SQL it is about.
    pub(super) fn finding(
        &mut self,
        path: &str,
        finding: &Finding,
        page: &Page<'_>,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let excerpt = Excerpt::of(finding.span, page, self.options.width);
        let (place, margin) = (page.place(finding.span.start), excerpt.margin());
        writeln!(to, "{}", head(finding, self.options))?;
        let arrow = self.options.paint(Ink::Frame, &format!("{:margin$}-->", ""));
        writeln!(to, "{arrow} {}:{}:{}", safe::escaped(path), place.line, place.column)?;
        excerpt.write(ink(finding.level), self.options, to)?;
        self.rest(finding, also(&finding.also, page).into_iter().collect(), margin, to)
    }

    /// What follows the SQL, and an empty line.
    fn rest(
        &mut self,
        finding: &Finding,
        mut lines: Vec<Labelled>,
        margin: usize,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        if self.explained.insert(format!("{} {} {}", finding.rule, finding.effect, finding.workaround)) {
            lines.push(("effect", finding.effect.clone()));
            lines.push(("instead", finding.workaround.clone()));
        }
        if finding.evidence == Evidence::Assumed {
            lines.push(("assumed", "what would decide it is not known here".to_owned()));
        }
        lines.extend(finding.fix.as_ref().map(|fix| ("fix", fix.title.clone())));
        let bar = self.options.paint(Ink::Frame, &format!("{:margin$} =", ""));
        for (label, words) in lines.into_iter().filter(|(_, words)| !words.is_empty()) {
            let label = self.options.paint(Ink::Label, &format!("{label}:"));
            writeln!(to, "{bar} {label} {}", safe::escaped(&words))?;
        }
        for line in finding.rewrite.iter().flat_map(|sql| sql.lines()) {
            let line = safe::cut(&line.replace('\t', "    "), self.options.width);
            writeln!(to, "{:margin$}     {line}", "")?;
        }
        writeln!(to)
    }
}

/// A word and what it introduces.
type Labelled = (&'static str, String);

const fn ink(level: Level) -> Ink {
    match level {
        Level::Error => Ink::Error,
        Level::Warning => Ink::Warning,
        Level::Note | Level::Off => Ink::Note,
    }
}

/// `error[L01]: …`.
fn head(finding: &Finding, options: &TextOptions<'_>) -> String {
    let level = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Off => "note",
    };
    let level = options.paint(ink(finding.level), &format!("{level}[{} {}]", finding.rule, finding.name));
    format!("{level}: {}", options.paint(Ink::Message, &safe::escaped(&finding.message)))
}

/// `lines 4, 9 and 12, and 3 more`.
fn also(places: &[Span], page: &Page<'_>) -> Option<Labelled> {
    let mut lines: Vec<String> = places.iter().map(|span| page.place(span.start).line.to_string()).collect();
    lines.dedup();
    let more = lines.len().saturating_sub(NAMED);
    lines.truncate(NAMED);
    let word = if lines.len() == 1 { "line" } else { "lines" };
    let last = lines.pop()?;
    let named = if lines.is_empty() { last } else { format!("{} and {last}", lines.join(", ")) };
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    Some(("also", format!("{word} {named}{more}")))
}
