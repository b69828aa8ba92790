//! The report for people.

mod excerpt;
mod finding;
mod fold;

use std::collections::HashSet;
use std::fmt;
use std::io::{self, Write};

use super::page::Page;
use super::{Summary, safe};
use crate::claim::Class;
use crate::linter::{FileReport, Report};
use finding::Writer;

/// What a piece of the text is, for who wants to colour it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ink {
    /// The word `error`, and what it points at.
    Error,
    /// The word `warning`, and what it points at.
    Warning,
    /// The word `note`, and what it points at.
    Note,
    /// What a finding says.
    Message,
    /// The bars, arrows and numbers around the SQL.
    Frame,
    /// The words before an explanation: `instead`.
    Label,
    /// That nothing was found.
    Good,
}

/// How the text is written.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct TextOptions<'a> {
    /// Colours a piece. The text is plain without.
    pub paint: &'a dyn Fn(Ink, &str) -> String,
    /// How many columns of a line of SQL are shown.
    pub width: usize,
}

impl TextOptions<'_> {
    fn paint(&self, ink: Ink, text: &str) -> String {
        if text.is_empty() { String::new() } else { (self.paint)(ink, text) }
    }
}

impl Default for TextOptions<'_> {
    /// No colours, 100 columns.
    fn default() -> Self {
        Self { paint: &|_, text| text.to_owned(), width: 100 }
    }
}

impl fmt::Debug for TextOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextOptions").field("width", &self.width).finish_non_exhaustive()
    }
}

/// Writes the report: each finding with the SQL it is about, a line for what only takes a moment, and how much there is
/// of everything.
///
/// # Errors
///
/// What `to` says.
pub fn text(report: &Report, options: &TextOptions<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer { options, explained: HashSet::new() };
    for (path, found) in &report.problems {
        writer.problem(path, found, to)?;
    }
    for file in &report.files {
        one_file(file, &mut writer, to)?;
    }
    writeln!(to, "{}", last_line(&Summary::of(report), waits(report), options))
}

fn one_file(file: &FileReport, writer: &mut Writer<'_>, to: &mut dyn Write) -> io::Result<()> {
    let page = Page::of(&file.text);
    for found in &file.findings {
        writer.finding(&file.path, found, &page, to)?;
    }
    if let Some(line) = fold::brief(file) {
        let path = safe::escaped(&file.path);
        writeln!(to, "{}: {path}: {line}\n", writer.options.paint(Ink::Note, "brief"))?;
    }
    Ok(())
}

/// How many statements others wait long for, and for how many a moment.
fn waits(report: &Report) -> (usize, usize) {
    let statements = || report.files.iter().flat_map(|file| &file.statements);
    let waited_for = statements().filter(|statement| statement.class != Class::None).count();
    let brief = statements().filter(|statement| fold::takes_a_moment(statement)).count();
    (waited_for - brief, brief)
}

fn last_line(summary: &Summary, (long, brief): (usize, usize), options: &TextOptions<'_>) -> String {
    let judged = format!("{}, {}", counted(summary.files, "file"), counted(summary.statements, "statement"));
    let found: Vec<String> = [
        (Ink::Error, summary.errors, "error"),
        (Ink::Warning, summary.warnings, "warning"),
        (Ink::Note, summary.notes, "note"),
    ]
    .into_iter()
    .filter(|(_, count, _)| *count > 0)
    .map(|(ink, count, what)| options.paint(ink, &counted(count, what)))
    .collect();
    let found = if found.is_empty() { options.paint(Ink::Good, "nothing found") } else { found.join(", ") };
    let allowed = if summary.allowed > 0 { format!(", {} allowed", summary.allowed) } else { String::new() };
    format!("{judged}: {found}{allowed}; {long} long, {brief} brief")
}

/// `1 file`, `2 files`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
