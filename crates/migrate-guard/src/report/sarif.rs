//! The report as SARIF 2.1.0, as code scanning reads it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::fingerprint::Fingerprints;
use super::page::Page;
use super::safe;
use crate::linter::{FileReport, Finding, Fix, Level, Report};
use crate::rules::{RULES, Rule};
use crate::{Evidence, Span};

/// Writes the report as a log with one run. Lines and columns are counted from 1, columns in characters.
///
/// # Errors
///
/// What `to` says.
pub fn sarif(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let mut run = Run::default();
    for (path, finding) in &report.problems {
        run.problem(path, finding);
    }
    for file in &report.files {
        run.file(file);
    }
    serde_json::to_writer(&mut *to, &run.log())?;
    to.write_all(b"\n")
}

#[derive(Default)]
struct Run {
    names: Fingerprints,
    /// The rules that have something to say, by id, and their places in the list.
    rules: BTreeMap<&'static str, usize>,
    listed: Vec<Value>,
    results: Vec<Value>,
}

impl Run {
    fn log(self) -> Value {
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "handover",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": self.listed,
                } },
                "columnKind": "unicodeCodePoints",
                "results": self.results,
            }],
        })
    }

    fn problem(&mut self, path: &str, finding: &Finding) {
        let name = self.names.of(finding.rule, path, "");
        let location = json!({ "physicalLocation": { "artifactLocation": { "uri": uri(path) } } });
        let result = self.result(finding, &location, &name);
        self.results.push(result);
    }

    fn file(&mut self, file: &FileReport) {
        let page = Page::of(&file.text);
        for finding in &file.findings {
            let result = self.found(file, finding, &page);
            self.results.push(result);
        }
        for finding in &file.suppressed {
            let mut result = self.found(file, finding, &page);
            put(&mut result, "suppressions", json!([{ "kind": "inSource", "status": "accepted" }]));
            self.results.push(result);
        }
    }

    fn found(&mut self, file: &FileReport, finding: &Finding, page: &Page<'_>) -> Value {
        let name = self.names.of(finding.rule, &file.path, page.text(finding.span));
        let mut result = self.result(finding, &location(file, finding.span, page), &name);
        if !finding.also.is_empty() {
            let also = finding.also.iter().map(|span| location(file, *span, page));
            put(&mut result, "relatedLocations", also.collect());
        }
        if let Some(fix) = finding.fix.as_ref().filter(|_| !file.filled_in) {
            put(&mut result, "fixes", json!([changed(file, fix)]));
        }
        result
    }

    fn result(&mut self, finding: &Finding, location: &Value, name: &str) -> Value {
        json!({
            "ruleId": finding.rule,
            "ruleIndex": self.rule(finding),
            "level": level(finding.level),
            "message": { "text": text(finding), "markdown": markdown(finding) },
            "locations": [location],
            "partialFingerprints": { "handover/v1": name },
            "properties": {
                "relation": finding.relation.as_ref().map(ToString::to_string),
                "evidence": evidence(finding.evidence),
            },
        })
    }

    fn rule(&mut self, finding: &Finding) -> usize {
        let next = self.listed.len();
        let place = *self.rules.entry(finding.rule).or_insert(next);
        if place == next {
            self.listed.push(described(finding));
        }
        place
    }
}

fn put(of: &mut Value, key: &str, value: Value) {
    if let Some(object) = of.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

/// A rule of ours in its own words; one of another linter by its name.
fn described(finding: &Finding) -> Value {
    let known = RULES.iter().find(|rule| rule.id == finding.rule);
    match known {
        None => json!({ "id": finding.rule, "name": pascal(finding.name) }),
        Some(rule) => json!({
            "id": rule.id,
            "name": pascal(rule.name),
            "shortDescription": { "text": rule.condition },
            "fullDescription": { "text": format!("{} {}", rule.condition, rule.effect) },
            "help": { "text": help(rule), "markdown": help_markdown(rule) },
            "defaultConfiguration": { "level": level(rule.level) },
        }),
    }
}

fn help(rule: &Rule) -> String {
    format!("{} {} {}", rule.condition, rule.effect, rule.workaround)
}

fn help_markdown(rule: &Rule) -> String {
    format!(
        "{}\n\n{}\n\n{}\n\n```sql\n{}\n```\n\ninstead:\n\n```sql\n{}\n```\n",
        rule.condition, rule.effect, rule.workaround, rule.bad, rule.good
    )
}

/// `index-not-concurrent` as `IndexNotConcurrent`, as the standard asks.
fn pascal(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    name.split('-').map(capital).collect()
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
        Level::Off => "none",
    }
}

const fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Assumed => "assumed",
        Evidence::Decided => "decided",
    }
}

fn text(finding: &Finding) -> String {
    [&finding.message, &finding.effect, &finding.workaround].map(|words| safe::escaped(words)).join("\n")
}

fn markdown(finding: &Finding) -> String {
    let sql = finding.rewrite.as_ref().map(|sql| format!("\n\n```sql\n{sql}\n```")).unwrap_or_default();
    text(finding).replace('\n', "\n\n") + &sql
}

fn location(file: &FileReport, span: Span, page: &Page<'_>) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&file.path) },
        "region": region(span, page),
    } })
}

fn region(span: Span, page: &Page<'_>) -> Value {
    let (first, after) = page.places(span);
    json!({
        "startLine": first.line,
        "startColumn": first.column,
        "endLine": after.line,
        "endColumn": after.column,
        "byteOffset": span.start,
        "byteLength": span.end.saturating_sub(span.start),
    })
}

fn changed(file: &FileReport, fix: &Fix) -> Value {
    let replacement = |(span, text): &(Span, String)| {
        json!({
            "deletedRegion": { "byteOffset": span.start, "byteLength": span.end.saturating_sub(span.start) },
            "insertedContent": { "text": text },
        })
    };
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(&file.path) },
            "replacements": fix.edits.iter().map(replacement).collect::<Vec<_>>(),
        }],
    })
}

/// A path as a relative reference (RFC 3986): what may not stand in one is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(char::from(byte));
            }
            other => uri.extend(['%', digit(other >> 4), digit(other & 15)]),
        }
    }
    uri
}

fn digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap_or('0').to_ascii_uppercase()
}
