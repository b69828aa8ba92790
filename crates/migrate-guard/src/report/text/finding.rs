use std::io::{self, Write};

use super::excerpt::Excerpt;
use super::{Ink, TextOptions};
use crate::linter::{Finding, Level};
use crate::report::page::Page;
use crate::report::safe;
use crate::{Evidence, Span};

/// How many further places are named.
const NAMED: usize = 3;

/// Writes a finding about the set.
pub(super) fn problem(
    path: &str,
    finding: &Finding,
    options: &TextOptions<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    writeln!(to, "{}", head(finding, options))?;
    writeln!(to, " {} {}", options.paint(Ink::Frame, "-->"), safe::escaped(path))?;
    explanation(finding, Vec::new(), 1, options, to)
}

/// Writes a finding with the SQL it is about.
pub(super) fn finding(
    path: &str,
    finding: &Finding,
    page: &Page<'_>,
    options: &TextOptions<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let excerpt = Excerpt::of(finding.span, page, options.width);
    let place = page.place(finding.span.start);
    let margin = excerpt.margin();
    writeln!(to, "{}", head(finding, options))?;
    let arrow = options.paint(Ink::Frame, &format!("{:margin$}-->", ""));
    writeln!(to, "{arrow} {}:{}:{}", safe::escaped(path), place.line, place.column)?;
    excerpt.write(ink(finding.level), options, to)?;
    let also = also(&finding.also, page);
    explanation(finding, also.into_iter().collect(), margin, options, to)
}

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
fn also(places: &[Span], page: &Page<'_>) -> Option<(&'static str, String)> {
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

/// What follows the SQL, and an empty line.
fn explanation(
    finding: &Finding,
    mut lines: Vec<(&'static str, String)>,
    margin: usize,
    options: &TextOptions<'_>,
    to: &mut dyn Write,
) -> io::Result<()> {
    lines.push(("effect", finding.effect.clone()));
    lines.push(("instead", finding.workaround.clone()));
    if finding.evidence == Evidence::Assumed {
        lines.push(("assumed", "what would decide it is not known here".to_owned()));
    }
    if let Some(fix) = &finding.fix {
        lines.push(("fix", fix.title.clone()));
    }
    let bar = options.paint(Ink::Frame, &format!("{:margin$} =", ""));
    for (label, words) in lines.into_iter().filter(|(_, words)| !words.is_empty()) {
        writeln!(to, "{bar} {} {}", options.paint(Ink::Label, &format!("{label}:")), safe::escaped(&words))?;
    }
    for line in finding.rewrite.iter().flat_map(|sql| sql.lines()) {
        writeln!(to, "{:margin$}     {}", "", safe::cut(&line.replace('\t', "    "), options.width))?;
    }
    writeln!(to)
}
