//! The report as JSON, `docs/lint.schema.json`.

use std::io::{self, Write};

use serde::Serialize;

use super::Summary;
use super::merged::{MergedClaim, claims, contract};
use super::page::Page;
use crate::claim::Class;
use crate::linter::{FileReport, Finding, Level, Report, StatementReport};
use crate::{Evidence, Layout, QualifiedName, Span, Wrapping};

/// The shape, and its version: a reader of one version understands all that is said in it.
const VERSION: &str = "handover.lint/1";

/// Writes the report as one object.
///
/// # Errors
///
/// What `to` says.
pub fn json(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let whole = Whole {
        version: VERSION,
        layout: report.layout,
        files: report.files.iter().map(File::of).collect(),
        problems: report.problems.iter().map(|(path, finding)| problem(path, finding)).collect(),
        summary: Summary::of(report),
    };
    serde_json::to_writer(&mut *to, &whole)?;
    to.write_all(b"\n")
}

#[derive(Serialize)]
struct Whole<'a> {
    version: &'static str,
    layout: Option<Layout>,
    files: Vec<File<'a>>,
    problems: Vec<Problem<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    wrapping: Wrapping,
    filled_in: bool,
    statements: Vec<Statement<'a>>,
    findings: Vec<Found<'a>>,
    allowed: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Statement<'a> {
    start: usize,
    end: usize,
    line: usize,
    class: Class,
    in_transaction: bool,
    claims: Vec<MergedClaim<'a>>,
    contract: Vec<(&'static str, &'a str)>,
}

#[derive(Serialize)]
struct Problem<'a> {
    path: &'a str,
    #[serde(flatten)]
    says: Says<'a>,
}

/// A finding at its place.
#[derive(Serialize)]
struct Found<'a> {
    #[serde(flatten)]
    at: At,
    also: Vec<At>,
    #[serde(flatten)]
    says: Says<'a>,
    fix: Option<Fix<'a>>,
}

#[derive(Serialize)]
struct At {
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Says<'a> {
    rule: &'a str,
    name: &'a str,
    level: Level,
    relation: Option<&'a QualifiedName>,
    message: &'a str,
    effect: &'a str,
    workaround: &'a str,
    rewrite: Option<&'a str>,
    evidence: Evidence,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

impl<'a> File<'a> {
    fn of(file: &'a FileReport) -> Self {
        let page = Page::of(&file.text);
        let found = |finding: &'a Finding| Found::of(finding, &page);
        Self {
            path: &file.path,
            wrapping: file.wrapping,
            filled_in: file.filled_in,
            statements: file.statements.iter().map(statement).collect(),
            findings: file.findings.iter().map(found).collect(),
            allowed: file.suppressed.iter().map(found).collect(),
        }
    }
}

fn statement(report: &StatementReport) -> Statement<'_> {
    Statement {
        start: report.span.start,
        end: report.span.end,
        line: report.line,
        class: report.class,
        in_transaction: report.in_transaction,
        claims: claims(report),
        contract: contract(report),
    }
}

fn problem<'a>(path: &'a str, finding: &'a Finding) -> Problem<'a> {
    Problem { path, says: Says::of(finding) }
}

impl<'a> Found<'a> {
    fn of(finding: &'a Finding, page: &Page<'_>) -> Self {
        Self {
            at: At::of(finding.span, page),
            also: finding.also.iter().map(|span| At::of(*span, page)).collect(),
            says: Says::of(finding),
            fix: finding.fix.as_ref().map(|fix| Fix {
                title: &fix.title,
                edits: fix
                    .edits
                    .iter()
                    .map(|(span, text)| Edit { start: span.start, end: span.end, text })
                    .collect(),
            }),
        }
    }
}

impl At {
    fn of(span: Span, page: &Page<'_>) -> Self {
        let (first, after) = page.places(span);
        Self {
            start: span.start,
            end: span.end,
            line: first.line,
            column: first.column,
            end_line: after.line,
            end_column: after.column,
        }
    }
}

impl<'a> Says<'a> {
    fn of(finding: &'a Finding) -> Self {
        Self {
            rule: finding.rule,
            name: finding.name,
            level: finding.level,
            relation: finding.relation.as_ref(),
            message: &finding.message,
            effect: &finding.effect,
            workaround: &finding.workaround,
            rewrite: finding.rewrite.as_deref(),
            evidence: finding.evidence,
        }
    }
}
