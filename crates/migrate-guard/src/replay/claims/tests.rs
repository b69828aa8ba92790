//! What a claim says besides lock and work, which `tests/cases` hold against PostgreSQL: its cause, its condition, how
//! it is known, and since when its relation is there.

use super::claims;
use crate::claim::{Cause, Claim};
use crate::replay::World;
use crate::{Baseline, LintContext, TimeZone, statements};

/// What is said of a statement after a history, one claim a line.
fn claims_of(history: &str, statement: &str) -> String {
    claims_in(&LintContext::default(), &[history], statement)
}

/// The same, in a context, after several files.
fn claims_in(context: &LintContext, files: &[&str], sql: &str) -> String {
    let mut world = World::new(context);
    for (place, file) in files.iter().enumerate() {
        world.begin_file(place);
        for statement in statements(file) {
            world.run(&statement);
        }
    }
    world.begin_file(files.len());
    let statement = statements(sql).remove(0);
    let said = claims(&world, &statement);
    said.iter().map(|claim| line(claim, sql)).collect::<Vec<_>>().join("\n")
}

fn line(claim: &Claim, sql: &str) -> String {
    let work: Vec<_> = claim.work.iter().map(|work| format!("{work:?}").to_lowercase()).collect();
    let when = claim.when.as_ref().map(|when| format!(" {when}")).unwrap_or_default();
    let at = sql.get(claim.span.start..claim.span.end).unwrap_or_default();
    format!(
        "{} {} {} {} {:?} {:?}{when} | {at}",
        claim.relation,
        claim.lock.pg_name(),
        if work.is_empty() { "-".to_owned() } else { work.join("+") },
        cause(&claim.cause),
        claim.age,
        claim.evidence,
    )
}

/// A cause, types as they are written.
fn cause(cause: &Cause) -> String {
    let (word, from, to) = match cause {
        Cause::RewriteType { from, to } => ("RewriteType", from, to),
        Cause::ReindexType { from, to } => ("ReindexType", from, to),
        other => return format!("{other:?}"),
    };
    let from = from.as_ref().map_or("?".to_owned(), ToString::to_string);
    format!("{word}({from} to {to})")
}

/// Without the place.
fn short(claims: &str) -> String {
    claims.lines().map(|line| line.split(" | ").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_action_of_an_alter_is_said_at_its_own_bytes_under_the_strongest_lock_of_all() {
    let history = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int)";
    let alter = "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p, ALTER b SET NOT NULL";
    insta::assert_snapshot!(claims_of(history, alter), @"
    public.t AccessExclusiveLock scan ProveForeignKey Old Decided | ADD FOREIGN KEY (a) REFERENCES p
    public.p ShareRowExclusiveLock - ProveForeignKey Old Decided | ADD FOREIGN KEY (a) REFERENCES p
    public.t AccessExclusiveLock scan ProveNotNull Old Decided | ALTER b SET NOT NULL
    ");
}

#[test]
fn a_proof_is_part_of_the_rewrite_of_the_same_statement() {
    let alter = "ALTER TABLE t ADD c float8 DEFAULT random(), ADD CHECK (a > 0)";
    insta::assert_snapshot!(claims_of("CREATE TABLE t (a int PRIMARY KEY)", alter), @r#"
    public.t AccessExclusiveLock scan+rewrite+index VolatileDefault("random") Old Decided | ADD c float8 DEFAULT random()
    public.t AccessExclusiveLock - ProveCheck Old Decided | ADD CHECK (a > 0)
    "#);
}

#[test]
fn a_time_zone_that_is_not_known_is_a_condition() {
    let history = "CREATE TABLE t (at timestamp); CREATE INDEX i ON t (at)";
    let alter = "ALTER TABLE t ALTER at TYPE timestamptz";
    let mut said = Vec::new();
    for zone in [TimeZone::Unknown, TimeZone::Utc, TimeZone::Other] {
        let context = LintContext { time_zone: zone, ..LintContext::default() };
        said.push(format!("{zone:?}:\n{}", short(&claims_in(&context, &[history], alter))));
    }
    insta::assert_snapshot!(said.join("\n"), @"
    Unknown:
    public.t AccessExclusiveLock scan+rewrite+index RewriteType(timestamp to timestamptz) Old Assumed unless TimeZone is UTC
    public.t AccessExclusiveLock scan+index ReindexType(timestamp to timestamptz) Old Decided
    Utc:
    public.t AccessExclusiveLock scan+index ReindexType(timestamp to timestamptz) Old Decided
    Other:
    public.t AccessExclusiveLock scan+rewrite+index RewriteType(timestamp to timestamptz) Old Decided
    ");
}

#[test]
fn a_function_that_nobody_made_is_taken_to_be_volatile() {
    let said = ["now()", "gen_random_uuid()", "made_elsewhere()", "made_elsewhere() || random()::text"].map(
        |call| {
            let alter = format!("ALTER TABLE t ADD c text DEFAULT {call}");
            format!("{call}:\n{}", short(&claims_of("CREATE TABLE t (a int)", &alter)))
        },
    );
    insta::assert_snapshot!(said.join("\n"), @r#"
    now():
    public.t AccessExclusiveLock - AddColumn Old Decided
    gen_random_uuid():
    public.t AccessExclusiveLock scan+rewrite VolatileDefault("gen_random_uuid") Old Decided
    made_elsewhere():
    public.t AccessExclusiveLock scan+rewrite VolatileDefault("made_elsewhere") Old Assumed
    made_elsewhere() || random()::text:
    public.t AccessExclusiveLock scan+rewrite VolatileDefault("random") Old Decided
    "#);
}

#[test]
fn a_function_in_sql_is_as_volatile_as_what_it_calls() {
    let said = ["SELECT now()", "SELECT random()", "SELECT max(a) FROM t"].map(|body| {
        let history =
            format!("CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS text LANGUAGE sql AS '{body}'");
        format!("{body}:\n{}", short(&claims_of(&history, "ALTER TABLE t ADD c text DEFAULT f()")))
    });
    insta::assert_snapshot!(said.join("\n"), @r#"
    SELECT now():
    public.t AccessExclusiveLock - AddColumn Old Decided
    SELECT random():
    public.t AccessExclusiveLock scan+rewrite VolatileDefault("random") Old Decided
    SELECT max(a) FROM t:
    public.t AccessExclusiveLock scan+rewrite VolatileDefault("f") Old Decided
    "#);
}

#[test]
fn a_table_that_no_migration_made_is_old_and_its_columns_are_assumed() {
    let said = [
        "ALTER TABLE t ADD c int",
        "ALTER TABLE t ALTER a SET NOT NULL",
        "ALTER TABLE t ALTER a TYPE text",
        "ALTER TABLE t VALIDATE CONSTRAINT c",
        "DROP TABLE t",
        "DROP TABLE IF EXISTS t",
        "CREATE INDEX ON t (a)",
    ];
    let said = said.map(|sql| format!("{sql}:\n{}", short(&claims_of("", sql))));
    insta::assert_snapshot!(said.join("\n"), @"
    ALTER TABLE t ADD c int:
    public.t AccessExclusiveLock - AddColumn Old Decided
    ALTER TABLE t ALTER a SET NOT NULL:
    public.t AccessExclusiveLock scan ProveNotNull Old Assumed
    ALTER TABLE t ALTER a TYPE text:
    public.t AccessExclusiveLock scan+rewrite RewriteType(? to text) Old Assumed
    ALTER TABLE t VALIDATE CONSTRAINT c:
    public.t ShareUpdateExclusiveLock scan Validate Old Assumed
    DROP TABLE t:
    public.t AccessExclusiveLock - DropTable Old Assumed
    DROP TABLE IF EXISTS t:

    CREATE INDEX ON t (a):
    public.t ShareLock scan+index BuildIndex Old Decided
    ");
}

#[test]
fn a_table_that_is_gone_is_not_claimed() {
    let history = "CREATE TABLE t (a int); DROP TABLE t";
    for sql in ["ALTER TABLE t ADD c int", "DROP TABLE IF EXISTS t", "CREATE INDEX ON t (a)", "TRUNCATE t"] {
        assert_eq!(claims_of(history, sql), "", "{sql}");
    }
}

#[test]
fn a_temporary_table_is_nobody_elses() {
    assert_eq!(claims_of("CREATE TEMP TABLE t (a int)", "ALTER TABLE t ADD c int"), "");
}

#[test]
fn what_an_earlier_file_of_the_release_made_is_not_old() {
    let files = ["CREATE TABLE old (a int)", "CREATE TABLE young (a int)"];
    let context = LintContext { baseline: Baseline::From(1), ..LintContext::default() };
    let said = claims_in(&context, &files, "TRUNCATE old, young");
    insta::assert_snapshot!(short(&said), @"
    public.old AccessExclusiveLock rewrite Truncate Old Decided
    public.young AccessExclusiveLock rewrite Truncate Release Decided
    ");
}

#[test]
fn a_check_that_is_not_valid_or_dropped_in_the_same_statement_proves_nothing() {
    let history = "CREATE TABLE t (a int, b int, c int);
        ALTER TABLE t ADD CONSTRAINT a CHECK (a IS NOT NULL);
        ALTER TABLE t ADD CONSTRAINT b CHECK (b IS NOT NULL) NOT VALID;
        ALTER TABLE t ADD CONSTRAINT c CHECK (c IS NOT NULL)";
    let alter =
        "ALTER TABLE t ALTER a SET NOT NULL, ALTER b SET NOT NULL, ALTER c SET NOT NULL, DROP CONSTRAINT c";
    insta::assert_snapshot!(short(&claims_of(history, alter)), @r#"
    public.t AccessExclusiveLock - NotNullProven("a") Old Decided
    public.t AccessExclusiveLock scan ProveNotNull Old Decided
    public.t AccessExclusiveLock scan ProveNotNull Old Decided
    public.t AccessExclusiveLock - DropConstraint Old Decided
    "#);
}

#[test]
fn a_type_that_keeps_its_bytes_says_so() {
    let history = "CREATE TABLE t (a varchar(10), b varchar(10), c varchar(10) CHECK (c <> ''), d int);
        CREATE INDEX i ON t (lower(b))";
    let said = ["a TYPE text", "b TYPE text", "c TYPE text", "d TYPE bigint"]
        .map(|action| short(&claims_of(history, &format!("ALTER TABLE t ALTER {action}"))));
    insta::assert_snapshot!(said.join("\n"), @"
    public.t AccessExclusiveLock - WidenType Old Decided
    public.t AccessExclusiveLock scan+index ReindexType(varchar(10) to text) Old Decided
    public.t AccessExclusiveLock scan ReindexType(varchar(10) to text) Old Decided
    public.t AccessExclusiveLock scan+rewrite+index RewriteType(int4 to int8) Old Decided
    ");
}

#[test]
fn rows_of_an_attached_partition_are_read_unless_a_check_proves_them() {
    let history = "CREATE TABLE p (d date) PARTITION BY RANGE (d);
        CREATE TABLE proven (d date NOT NULL, CHECK (d >= '2024-01-01' AND d < '2024-02-01'));
        CREATE TABLE wide (d date NOT NULL, CHECK (d >= '2023-01-01' AND d < '2024-02-01'));
        CREATE TABLE odd (d date NOT NULL, CHECK (extract(month from d) = 1));
        CREATE TABLE bare (d date)";
    let said = ["proven", "wide", "odd", "bare"].map(|child| {
        let bound = "FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')";
        let said = claims_of(history, &format!("ALTER TABLE p ATTACH PARTITION {child} {bound}"));
        short(&said).lines().last().unwrap_or_default().to_owned()
    });
    insta::assert_snapshot!(said.join("\n"), @"
    public.proven AccessExclusiveLock - Attach Old Decided
    public.wide AccessExclusiveLock scan Attach Old Decided
    public.odd AccessExclusiveLock scan Attach Old Assumed
    public.bare AccessExclusiveLock scan Attach Old Decided
    ");
}

#[test]
fn what_goes_with_a_dropped_table_says_why() {
    let history = "CREATE TABLE a (id int PRIMARY KEY);
        CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
        CREATE TABLE c (b int REFERENCES b);
        CREATE VIEW v AS SELECT * FROM b";
    insta::assert_snapshot!(short(&claims_of(history, "DROP TABLE b CASCADE")), @r#"
    public.b AccessExclusiveLock - DropTable Old Decided
    public.a AccessExclusiveLock - DropForeignKey Old Decided
    public.c AccessExclusiveLock - DropForeignKey Old Decided
    public.b AccessExclusiveLock - DropForeignKey Old Decided
    public.v AccessExclusiveLock - Other("DROP VIEW") Old Decided
    "#);
}
