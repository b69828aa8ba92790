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
        findings(project, compared);
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

fn findings(project: &Project, compared: &Compared) {
    for (said, (file, migration)) in
        compared.said.iter().zip(project.truth.iter().zip(&project.set.migrations))
    {
        for finding in &said.findings {
            let start = finding.places.first().copied().unwrap_or_default();
            let line = migration.text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
            println!("{}:{line}: {} {:?}: {}", file.path, finding.rule, finding.level, finding.message);
        }
    }
}
