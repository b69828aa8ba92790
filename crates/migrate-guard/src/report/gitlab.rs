//! A code quality report for GitLab.

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::Fingerprints;
use super::page::Page;
use super::safe;
use crate::linter::{Finding, Level, Report};

/// Writes the report as an array of findings, each with a fingerprint that stays while lines move.
///
/// # Errors
///
/// What `to` says.
pub fn gitlab(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let mut names = Fingerprints::default();
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for (path, finding) in &report.problems {
        entries.push(Entry::of(finding, path, 1, names.of(finding.rule, path, "")));
    }
    for file in &report.files {
        let page = Page::of(&file.text);
        for finding in &file.findings {
            let name = names.of(finding.rule, &file.path, page.text(finding.span));
            entries.push(Entry::of(finding, &file.path, page.place(finding.span.start).line, name));
        }
    }
    serde_json::to_writer(&mut *to, &entries)?;
    to.write_all(b"\n")
}

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

impl<'a> Entry<'a> {
    fn of(finding: &Finding, path: &'a str, line: usize, fingerprint: String) -> Self {
        let words =
            [&finding.message, &finding.effect, &finding.workaround].map(|words| safe::escaped(words));
        Self {
            description: words.join(" — "),
            check_name: format!("{} {}", finding.rule, finding.name),
            fingerprint,
            severity: severity(finding.level),
            location: Location { path, lines: Lines { begin: line } },
        }
    }
}

const fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Note | Level::Off => "info",
    }
}
