//! Annotations of GitHub Actions, as workflow commands.

use std::io::{self, Write};

use super::page::Page;
use super::safe;
use crate::Span;
use crate::linter::{Finding, Level, Report};

/// Writes an annotation for each finding.
///
/// # Errors
///
/// What `to` says.
pub fn github(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    for (path, finding) in &report.problems {
        annotation(finding, &format!("file={}", property(path)), to)?;
    }
    for file in &report.files {
        let page = Page::of(&file.text);
        for finding in &file.findings {
            let place = format!("file={},{}", property(&file.path), place(finding.span, &page));
            annotation(finding, &place, to)?;
        }
    }
    Ok(())
}

fn annotation(finding: &Finding, place: &str, to: &mut dyn Write) -> io::Result<()> {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Off => "notice",
    };
    let title = property(&format!("{} {}", finding.rule, finding.name));
    writeln!(to, "::{command} {place},title={title}::{}", data(&words(finding)))
}

/// Columns are only understood within one line.
fn place(span: Span, page: &Page<'_>) -> String {
    let (first, after) = page.places(span);
    let place = format!("line={},endLine={},col={}", first.line, after.line, first.column);
    if first.line == after.line { format!("{place},endColumn={}", after.column) } else { place }
}

fn words(finding: &Finding) -> String {
    let more = match finding.also.len() {
        0 => String::new(),
        count => format!(" (and {count} more in this file)"),
    };
    let lines = [format!("{}{more}", finding.message), finding.effect.clone(), finding.workaround.clone()];
    lines.map(|line| safe::escaped(&line)).join("\n")
}

/// What follows the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands between `=` and `,`.
fn property(text: &str) -> String {
    data(&safe::escaped(text)).replace(':', "%3A").replace(',', "%2C")
}
