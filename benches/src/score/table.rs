//! The figures for people, side by side.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::compare::Compared;
use crate::tally::{Hits, RuleTally, Share, Tally};

const HEAD: &str = "project                  files  stmts | LONG prec recall | any prec recall |  exact literal  assumed |   \
                    work | contract prec recall | findings/file  unseen";

/// A row for each project, one for all of them, one for their DO blocks, and then kinds and rules.
pub(crate) fn of(projects: &[Compared]) -> String {
    let mut out = format!("{HEAD}\n");
    let (mut all, mut blocks, mut rules) = (Tally::default(), Tally::default(), BTreeMap::new());
    let (mut files, mut findings) = (0, 0);
    for project in projects {
        row(&mut out, &project.name, project.files, &project.tally, Some(project.findings));
        all.add(&project.tally);
        blocks.add(&project.blocks);
        (files, findings) = (files + project.files, findings + project.findings);
        for (rule, tally) in &project.rules {
            rules.entry(&rule[..]).or_insert_with(RuleTally::default).add(*tally);
        }
    }
    row(&mut out, "all", files, &all, Some(findings));
    row(&mut out, "  of these, DO blocks", 0, &blocks, None);
    kinds(&mut out, &all);
    per_rule(&mut out, &rules);
    out
}

fn row(out: &mut String, name: &str, files: usize, tally: &Tally, findings: Option<usize>) {
    let per_file = findings.and_then(|findings| Share { part: findings, of: files }.value());
    let _ = writeln!(
        out,
        "{name:<24} {files:>5} {:>6} |     {} {} |    {} {} | {} {} {:>8} | {} |         {} {} | {:>13} {:>7}",
        tally.judged,
        shown(tally.long.precision()),
        shown(tally.long.recall()),
        shown(tally.brief_or_long.precision()),
        shown(tally.brief_or_long.recall()),
        shown(tally.exact.value()),
        shown(tally.literal.value()),
        format!("{}/{}", tally.inexact_assumed.part, tally.inexact_assumed.of),
        shown(tally.work.value()),
        shown(tally.contract.precision()),
        shown(tally.contract.recall()),
        per_file.map_or_else(String::new, |value| format!("{value:.2}")),
        tally.unseen,
    );
}

/// To the fourth digit, as targets are given to the third.
pub(crate) fn shown(value: Option<f64>) -> String {
    value.map_or_else(|| "     -".to_owned(), |value| format!("{value:.4}"))
}

fn kinds(out: &mut String, all: &Tally) {
    let _ = writeln!(out, "\ncontract                    right  wrong missed");
    for (kind, Hits { right, wrong, missed }) in &all.contract_kinds {
        let _ = writeln!(out, "{kind:<24} {right:>8} {wrong:>6} {missed:>6}");
    }
}

fn per_rule(out: &mut String, rules: &BTreeMap<&str, RuleTally>) {
    let _ = writeln!(out, "\nrule   findings | on statements that are LONG  BRIEF  contract");
    for (rule, tally) in rules {
        let RuleTally { findings, long, brief, contract } = tally;
        let _ = writeln!(out, "{rule:<6} {findings:>8} | {long:>27} {brief:>6} {contract:>9}");
    }
}
