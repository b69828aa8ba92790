//! The report as `JUnit` XML: a suite for each file, a failure for each finding.

use std::io::{self, Write};

use super::page::Page;
use super::{Summary, safe};
use crate::linter::{FileReport, Finding, Report};

/// Writes the report as XML.
///
/// # Errors
///
/// What `to` says.
pub fn junit(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let failures = Summary::of(report).at_least(crate::Level::Note);
    let clean = report.files.iter().filter(|file| file.findings.is_empty()).count();
    writeln!(to, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        to,
        r#"<testsuites name="handover migrate lint" tests="{}" failures="{failures}">"#,
        failures + clean
    )?;
    if !report.problems.is_empty() {
        let cases = report.problems.iter().map(|(path, finding)| case(path, finding, path));
        suite("migrations", cases.collect(), report.problems.len(), to)?;
    }
    for file in &report.files {
        suite(&file.path, cases(file), file.findings.len(), to)?;
    }
    writeln!(to, "</testsuites>")
}

fn suite(name: &str, cases: Vec<String>, failures: usize, to: &mut dyn Write) -> io::Result<()> {
    let (name, tests) = (escaped(name), cases.len());
    writeln!(to, r#"  <testsuite name="{name}" tests="{tests}" failures="{failures}">"#)?;
    for case in cases {
        writeln!(to, "{case}")?;
    }
    writeln!(to, "  </testsuite>")
}

fn cases(file: &FileReport) -> Vec<String> {
    if file.findings.is_empty() {
        let path = escaped(&file.path);
        return vec![format!(r#"    <testcase name="lint" classname="{path}"/>"#)];
    }
    let page = Page::of(&file.text);
    let found = file.findings.iter().map(|finding| {
        let place = page.place(finding.span.start);
        case(&file.path, finding, &format!("{}:{}:{}", file.path, place.line, place.column))
    });
    found.collect()
}

fn case(path: &str, finding: &Finding, place: &str) -> String {
    let name = escaped(&format!("{} {}", finding.rule, finding.name));
    let level = format!("{:?}", finding.level).to_lowercase();
    let body = [place, &finding.message, &finding.effect, &finding.workaround].map(escaped).join("\n");
    format!(
        "    <testcase name=\"{name}\" classname=\"{}\">\n      <failure message=\"{}\" type=\"{level}\">{body}</failure>\n    </testcase>",
        escaped(path),
        escaped(&finding.message),
    )
}

/// XML takes no control characters at all, not even as references.
fn escaped(text: &str) -> String {
    let safe = safe::escaped(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    let safe = safe.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    safe.replace('"', "&quot;").replace('\'', "&apos;")
}
