//! Claims held against what PostgreSQL did: `tests/cases/*.sql` run on servers of the versions 12 to 18.
//!
//! A case is a history, `-- ====`, and the statements that are judged; `-- ####` stands between cases. What each
//! statement did is in the `.truth` beside, by `tests/cases/README.md`.

mod case;
mod said;
mod truth;

use case::cases;
use handover_migrate_guard::PgVersion;
use said::said;
use truth::{Judged, truths};

/// The names of the case files.
const FAMILIES: [&str; 10] = [
    "add_column",
    "alter_table",
    "alter_type",
    "constraint",
    "create_table",
    "domain",
    "drop",
    "index",
    "index_types",
    "not_null",
];

#[test]
fn claims_are_what_every_version_of_postgresql_did() {
    let differences: Vec<String> = FAMILIES.iter().flat_map(|family| differences(family)).collect();
    let count = differences.len();
    insta::assert_snapshot!(format!("{count} differ\n{}", differences.join("")));
}

/// Where what is said of a family is not what was seen, by version.
fn differences(family: &str) -> Vec<String> {
    let truths = truths(family);
    let versions = (12..=18).map(|major| PgVersion::new(major).unwrap());
    let cases = cases(family);
    let said: Vec<_> =
        versions.map(|pg| (pg, cases.iter().flat_map(|case| said(case, pg)).collect::<Vec<_>>())).collect();
    for (pg, said) in &said {
        assert_eq!(said.len(), truths.len(), "{family}: statements of {pg}");
    }
    truths.iter().enumerate().filter_map(|(at, judged)| difference(family, judged, at, &said)).collect()
}

fn difference(family: &str, judged: &Judged, at: usize, said: &[(PgVersion, Vec<String>)]) -> Option<String> {
    let wrong: Vec<_> = said
        .iter()
        .filter_map(|(pg, said)| {
            let seen = judged.seen(*pg)?;
            (seen != said[at]).then(|| (pg, seen, said[at].clone()))
        })
        .collect();
    let (_, seen, said) = wrong.first()?;
    let versions: Vec<_> = wrong.iter().map(|(pg, ..)| pg.to_string()).collect();
    Some(format!("{family} {} @{}\n   seen {seen}\n   said {said}\n", judged.name, versions.join(",")))
}
