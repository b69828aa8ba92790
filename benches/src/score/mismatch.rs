//! What is listed beside the figures.

use crate::Show;
use crate::compare::{Compared, Mismatch};
use crate::project::Project;

/// How much of a statement is shown.
const SHOWN: usize = 120;

/// Lists what is asked for.
pub(crate) fn print(project: &Project, compared: &Compared, show: &[Show]) {
    if show.contains(&Show::Mismatches) {
        compared.mismatches.iter().for_each(|mismatch| one(project, mismatch));
    }
    if show.contains(&Show::Findings) {
        findings(compared);
    }
}

fn one(project: &Project, mismatch: &Mismatch) {
    let path = &project.truth[mismatch.file].path;
    let sql = &project.set.migrations[mismatch.file].sql;
    println!(
        "{path}:{}: {}",
        mismatch.line,
        first_words(sql.get(mismatch.bytes.clone()).unwrap_or_default())
    );
    for difference in &mismatch.differences {
        println!("    {difference}");
    }
}

/// On one line.
fn first_words(sql: &str) -> String {
    let words = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(SHOWN).collect()
}

fn findings(compared: &Compared) {
    for said in &compared.said {
        for finding in &said.findings {
            println!(
                "{}:{}: {} {}: {}",
                said.path, finding.line, finding.rule, finding.level, finding.message
            );
        }
    }
}
