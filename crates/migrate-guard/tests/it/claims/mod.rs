//! Claims held against what PostgreSQL did: `tests/cases/*.sql` run on servers of the versions 12 to 18.
//!
//! A case is a history, `-- ====`, and the statements that are judged; `-- ####` stands between cases. What each
//! statement did is in the `.truth` beside, by `tests/cases/README.md`.

mod case;
mod found;
mod live;
mod said;
mod truth;

use case::cases;
use handover_migrate_guard::PgVersion;
use said::said;
use truth::{Judged, truths};

/// The names of the case files.
const FAMILIES: [&str; 12] = [
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
    "other",
    "partition",
];

#[test]
fn claims_are_what_every_version_of_postgresql_did() {
    let differences: Vec<String> = FAMILIES.iter().flat_map(|family| differences(family)).collect();
    let count = differences.len();
    insta::assert_snapshot!(format!("{count} differ\n{}", differences.join("")), @"
    19 differ
    alter_table [16] ALTER TABLE t DROP COLUMN id CASCADE @12,13,14,15,16,17,18
       seen public.r(r) AX, public.t(r) AX
       said public.r(r) AX, public.t(r) AX, public.v(v) AX
    alter_table [39] ALTER TABLE t SET TABLESPACE pg_default @12,13,14,15,16,17,18
       seen public.t(r) AX
       said public.t(r) AX index+rewrite
    alter_table [95] ALTER MATERIALIZED VIEW m SET TABLESPACE pg_default @12,13,14,15,16,17,18
       seen public.m(m) AX
       said public.m(m) AX index+rewrite
    alter_table [106] ALTER TRIGGER x ON t DEPENDS ON EXTENSION plpgsql @12,13,14,15,16,17,18
       seen public.t(r) AS
       said 
    constraint [63] ALTER TABLE t ALTER CONSTRAINT fk NOT ENFORCED @18
       seen public.p(r) AX, public.t(r) AX
       said public.t(r) AX
    create_table [18] CREATE TABLE x AS SELECT * FROM v @12,13,14,15,16,17,18
       seen public.p(r) AS scan, public.v(v) AS
       said public.p(r) AS, public.v(v) AS
    create_table [21] CREATE TEMP TABLE x AS SELECT * FROM p JOIN q USING (id) @12,13,14,15,16,17,18
       seen public.p(r) AS, public.q(r) AS scan
       said public.p(r) AS, public.q(r) AS
    create_table [68] ALTER TABLE p ATTACH PARTITION n2 FOR VALUES FROM (10) TO (20) @12,13,14,15,16,17,18
       seen public.n2(r) AX, public.p(p) SUX, public.pd(r) AX
       said public.n2(r) AX, public.p(p) SUX, public.pd(r) AX scan
    create_table [69] CREATE TABLE x PARTITION OF p FOR VALUES FROM (10) TO (20) @12,13,14,15,16,17,18
       seen public.p(p) AX, public.pd(r) AX
       said public.p(p) AX, public.pd(r) AX scan
    domain [0] ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) @12,13,14,15,16,17,18
       seen public.base(r) S scan, public.heir(r) S scan, public.m(m) S scan, public.pt1(r) S scan, public.t(r) S scan, public.u(r) S scan
       said public.base(r) S scan, public.heir(r) S scan, public.pt1(r) S scan, public.t(r) S scan, public.u(r) S scan
    domain [2] ALTER DOMAIN d SET NOT NULL @12,13,14,15,16,17,18
       seen public.base(r) S scan, public.heir(r) S scan, public.m(m) S scan, public.pt1(r) S scan, public.t(r) S scan, public.u(r) S scan
       said public.base(r) S scan, public.heir(r) S scan, public.pt1(r) S scan, public.t(r) S scan, public.u(r) S scan
    drop [24] DROP FUNCTION fn CASCADE @12,13,14,15,16,17,18
       seen public.fv(v) AX, public.g(r) AX
       said public.g(r) AX
    drop [38] DROP STATISTICS st @12,13,14,15,16,17,18
       seen public.b(r) SUX
       said 
    other [12] CREATE MATERIALIZED VIEW x AS SELECT * FROM v @12,13,14,15,16,17,18
       seen public.t(r) AS scan, public.v(v) AS
       said public.t(r) AS, public.v(v) AS
    other [69] DROP STATISTICS st @12,13,14,15,16,17,18
       seen public.t(r) SUX
       said 
    other [75] ALTER PUBLICATION pub SET TABLE t @12,13,14,15,16,17,18
       seen public.t(r) SUX, public.u(r) SUX
       said public.t(r) SUX
    partition [81] ALTER TABLE p ATTACH PARTITION n1 DEFAULT @12,13,14,15,16,17,18
       seen public.n1(r) AX, public.p(p) SUX
       said public.n1(r) AX scan, public.p(p) SUX
    partition [114] ALTER TABLE p ADD FOREIGN KEY (q) REFERENCES q @12,13,14,15,16,17,18
       seen public.p(p) SRX, public.p1(r) SRX, public.q(r) AX
       said public.p(p) SRX, public.p1(r) SRX scan, public.q(r) SRX
    partition [130] ALTER TABLE r ALTER p TYPE bigint @12,13,14
       seen public.p(p) SRX, public.p1(r) AX, public.r(r) AX index+rewrite
       said public.p(p) AX, public.p1(r) AX, public.r(r) AX index+rewrite
    ");
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
