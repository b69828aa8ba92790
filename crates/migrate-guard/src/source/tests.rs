use std::fmt::Write;

use handover_core::Hint;

use super::{InMemory, MigrationSource};
use crate::{Layout, MigrationSet, SourceError, Wrapping};

/// The set, a line for each migration and each problem.
fn shown(set: &MigrationSet) -> String {
    let mut shown = format!("{}: {}\n", set.layout, set.reason);
    for migration in &set.migrations {
        writeln!(shown, "{} {} {:?}", migration.version, migration.path, migration.wrapping).unwrap();
    }
    for problem in &set.problems {
        writeln!(shown, "! {} {:?}", problem.path, problem.kind).unwrap();
    }
    shown
}

fn files<const N: usize>(files: [(&str, &str); N]) -> InMemory {
    files.into_iter().fold(InMemory::new(), |all, (path, text)| all.with_file(path, text))
}

#[track_caller]
fn read(source: &InMemory) -> String {
    shown(&source.read().unwrap())
}

/// The error with its hint.
fn refused(source: &InMemory) -> String {
    explained(&source.read().unwrap_err())
}

fn explained(error: &SourceError) -> String {
    format!("{error}\nhint: {}", error.hint().unwrap_or_default())
}

#[test]
fn prisma_sends_a_script_as_one_message() {
    let set = files([
        ("migration_lock.toml", "provider = \"postgresql\""),
        ("20240102_b/migration.sql", "select 2;"),
        ("20240101_a/migration.sql", "select 1;"),
        ("20240103_c/notes.sql", "select 3;"),
    ]);
    insta::assert_snapshot!(read(&set), @r#"
    prisma: 3 folders with `migration.sql`
    20240101_a 20240101_a/migration.sql SimpleQuery
    20240102_b 20240102_b/migration.sql SimpleQuery
    ! 20240103_c NoFile("migration.sql")
    ! 20240103_c/notes.sql Skipped("`<folder>/migration.sql`")
    "#);
}

#[test]
fn diesel_s_metadata_takes_the_transaction_away() {
    let set = files([
        ("2_b/up.sql", "select 1;"),
        ("2_b/metadata.toml", "run_in_transaction = false # concurrently"),
        ("3_c/up.sql", "select 1;"),
        ("3_c/metadata.toml", "run_in_transaction = true"),
        ("4_d/up.sql", "select 1;"),
        ("4_d/metadata.toml", "[other]\nrun_in_transaction = true"),
        ("1_a/up.sql", "select 1;"),
    ]);
    insta::assert_snapshot!(read(&set), @"
    diesel: 4 folders with `up.sql`
    1 1_a/up.sql Transaction
    2 2_b/up.sql SimpleQuery
    3 3_c/up.sql Transaction
    4 4_d/up.sql SimpleQuery
    ");
}

#[test]
fn sqlx_s_first_line_takes_the_transaction_away() {
    let set = files([
        ("10_c.sql", "-- no-transaction\nselect 1;"),
        ("2_b.up.sql", " -- no-transaction\nselect 1;"),
        ("2_b.down.sql", "select 1;"),
        ("1_a.sql", "select 1;"),
    ]);
    insta::assert_snapshot!(read(&set), @"
    sqlx: 1 file named `<version>_<name>.sql`
    1 1_a.sql Transaction
    2 2_b.up.sql Transaction
    10 10_c.sql SimpleQuery
    ");
}

#[test]
fn goose_s_marker_takes_the_transaction_away() {
    let set = files([
        ("00002_b.sql", "-- +goose NO TRANSACTION\n-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;"),
        ("00001_a.sql", "-- +goose Up\nselect 1;"),
        ("00003_c.go", ""),
        ("00004_d.sql", "select 1;"),
        ("00005_e.sql", "-- +goose Up\n-- +goose Down\nselect 1;"),
    ]);
    insta::assert_snapshot!(read(&set), @r#"
    goose: 3 files with `-- +goose Up`
    1 00001_a.sql Transaction
    2 00002_b.sql None
    4 00004_d.sql Transaction
    5 00005_e.sql Transaction
    ! 00003_c.go NotSql { language: "Go", files: 1 }
    ! 00004_d.sql Unmarked("-- +goose Up")
    ! 00005_e.sql Empty
    "#);
}

#[test]
fn golang_migrate_puts_nothing_around_a_file() {
    let set = files([("2_b.up.sql", "select 1;"), ("1_a.up.sql", "select 1;"), ("1_a.down.sql", "")]);
    insta::assert_snapshot!(read(&set.with_layout(Layout::GolangMigrate)), @"
    golang-migrate: given
    1 1_a.up.sql SimpleQuery
    2 2_b.up.sql SimpleQuery
    ");
}

#[test]
fn flyway_knows_what_cannot_run_in_a_transaction() {
    let set = files([
        ("V1.10__c.sql", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);"),
        ("V1.2__b.sql", "create index i on t (a);\nreindex index concurrently i;"),
        ("R__v.sql", "create view v as select 1;"),
        ("V2__d.sql", "select 1;"),
        ("V2__d.sql.conf", "executeInTransaction=false\n"),
        ("V3__e.sql", "vacuum t;"),
        ("V3__e.sql.conf", "executeInTransaction = true"),
        ("V4_f.sql", "select 1;"),
        ("V5__g.java", ""),
        ("beforeMigrate.sql", "set lock_timeout = '1s';"),
    ]);
    insta::assert_snapshot!(read(&set), @r#"
    flyway: 6 files named `V<version>__<name>.sql`
    1.2 V1.2__b.sql Transaction
    1.10 V1.10__c.sql None
    2 V2__d.sql None
    3 V3__e.sql Transaction
    R__v R__v.sql Transaction
    ! V4_f.sql Skipped("`V<version>__<name>.sql`, with two underscores")
    ! V5__g.java NotSql { language: "Java", files: 1 }
    ! beforeMigrate.sql Skipped("migrations; this is a callback, which runs beside them")
    "#);
}

#[test]
fn dbmate_s_option_takes_the_transaction_away() {
    let set = files([
        ("2_b.sql", "-- migrate:up transaction:false\nselect 1;\n-- migrate:down\n"),
        ("1_a.sql", "-- migrate:up\nselect 1;\n-- migrate:down\n"),
        (
            "3_c.sql",
            "-- migrate:up\na;\n-- migrate:down\n-- migrate:up transaction:false\nb;\n-- migrate:down\n",
        ),
    ]);
    insta::assert_snapshot!(read(&set), @"
    dbmate: 3 files with `-- migrate:up`
    1 1_a.sql Transaction
    2 2_b.sql SimpleQuery
    3 3_c.sql None
    ");
}

#[test]
fn pop_prefers_the_file_for_postgresql() {
    let set = files([
        ("2_b.up.sql", "select 1;"),
        ("2_b.postgres.up.sql", "select 2;"),
        ("1_a.up.sql", "select {{ .X }};"),
        ("3_c.up.fizz", ""),
    ]);
    insta::assert_snapshot!(read(&set), @r#"
    pop: 3 files in fizz, with `{{ … }}`, or with a dialect in its name
    1 1_a.up.sql Transaction
    2 2_b.postgres.up.sql Transaction
    ! 3_c.up.fizz NotSql { language: "fizz", files: 1 }
    "#);
}

#[test]
fn rails_s_ruby_takes_the_transaction_away() {
    let set = files([
        ("20230101_a.rb", "class A\n  disable_ddl_transaction!\nend"),
        ("20230101_a.sql", "select 1;"),
        ("20230102_b.rb", "class B; end"),
        ("20230102_b_up.sql", "select 1;"),
        ("20230102_b_down.sql", "select 1;"),
        ("20230103_c.rb", "class C; end"),
        ("structure.sql", "create table t (a int);"),
    ]);
    insta::assert_snapshot!(read(&set), @r#"
    rails: 3 files named `<version>_<name>.rb`
    20230101 20230101_a.sql None
    20230102 20230102_b_up.sql Transaction
    ! 20230103_c.rb NotSql { language: "Ruby", files: 1 }
    "#);
    let dump = files([("structure.sql", "create table t (a int);")]).with_layout(Layout::Rails);
    insta::assert_snapshot!(read(&dump), @"
    rails: given
    structure structure.sql Transaction
    ");
}

#[test]
fn a_plain_folder_goes_statement_by_statement_unless_said_otherwise() {
    let set = files([("b.sql", "select 1;"), ("a/z.sql", "select 1;"), ("a.down.sql", "select 1;")]);
    insta::assert_snapshot!(read(&set), @"
    plain: 3 files of SQL by which no runner is known, in the order of their paths
    a/z a/z.sql None
    b b.sql None
    ");
    insta::assert_snapshot!(read(&set.with_wrapping(Wrapping::Transaction)), @"
    plain: 3 files of SQL by which no runner is known, in the order of their paths
    a/z a/z.sql Transaction
    b b.sql Transaction
    ");
}

#[test]
fn two_files_of_one_version_are_named() {
    let set = files([("01_a.sql", "-- no-transaction\nselect 1;"), ("1_b.sql", "select 1;")]);
    insta::assert_snapshot!(read(&set), @r#"
    sqlx: 1 file named `<version>_<name>.sql`
    1 01_a.sql SimpleQuery
    1 1_b.sql Transaction
    ! 1_b.sql DuplicateVersion("01_a.sql")
    "#);
}

#[test]
fn a_stray_of_another_runner_is_named() {
    let goose = "-- +goose Up\nselect 1;";
    let set = files([("1_a.sql", goose), ("2_b.sql", goose), ("3_c.sql", goose), ("V4__d.sql", "select 1;")]);
    insta::assert_snapshot!(read(&set), @"
    goose: 3 files with `-- +goose Up`
    1 1_a.sql Transaction
    2 2_b.sql Transaction
    3 3_c.sql Transaction
    ! V4__d.sql OtherLayout(Flyway)
    ");
}

#[test]
fn the_migrations_of_two_runners_side_by_side_are_refused() {
    let set = files([("1_a.sql", "-- +goose Up\nselect 1;"), ("2_b.sql", "-- migrate:up\nselect 1;")]);
    insta::assert_snapshot!(refused(&set), @"
    memory holds migrations of goose (1_a.sql) and of dbmate (2_b.sql)
    hint: put one of them elsewhere, or say `--layout goose` to leave the others out
    ");
    insta::assert_snapshot!(read(&set.with_layout(Layout::Goose)), @"
    goose: given
    1 1_a.sql Transaction
    2 2_b.sql Transaction
    ! 2_b.sql OtherLayout(Dbmate)
    ");
}

#[test]
fn names_that_two_runners_share_are_not_guessed_at() {
    insta::assert_snapshot!(refused(&files([("1_a.up.sql", "select 1;"), ("1_a.down.sql", "")])), @"
    the migrations in memory may be sqlx's or golang-migrate's
    hint: say which: `--layout sqlx` or `--layout golang-migrate`
    ");
}

#[test]
fn nothing_is_not_a_set() {
    insta::assert_snapshot!(refused(&files([("README.md", "")])), @"
    no migrations are in memory
    hint: name the folder that holds the migrations
    ");
}

#[test]
fn values_are_filled_in_and_what_is_not_given_is_named() {
    let source = files([("V1__a.sql", "create table ${schema}.t (a ${type});")]).with_value("schema", "auth");
    let set = source.read().unwrap();
    let [migration] = set.migrations.as_slice() else { panic!("one migration") };
    assert_eq!(&*migration.raw, "create table ${schema}.t (a ${type});");
    assert_eq!(&*migration.text, "create table auth.t (a ${type});");
    assert_eq!(&*migration.sql, "create table auth.t (a __type_);");
    assert_eq!(migration.unfilled[0].1, "type");
}

/// What is pending and what does not fit, a line each.
fn standing(set: &MigrationSet, base: &[(&str, Option<&str>)]) -> String {
    let base = base.iter().map(|(path, text)| (*path, text.map(str::as_bytes)));
    let standing = set.since(base);
    let pending = standing.pending.iter().map(|place| format!("pending {}\n", set.migrations[*place].path));
    let problems = standing.problems.iter().map(|problem| format!("{}: {:?}\n", problem.path, problem.kind));
    pending.chain(problems).collect()
}

#[test]
fn what_was_not_there_then_is_pending() {
    let goose = "-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;";
    let set = files([("1_a.sql", goose), ("2_b.sql", goose), ("3_c.sql", goose), ("4_d.sql", goose)])
        .read()
        .unwrap();
    let base = [
        ("1_a.sql", Some("-- +goose Up\n-- a word\nselect  1;\n-- +goose Down\nselect 3;")),
        ("3_c.sql", Some("-- +goose Up\nselect 2;")),
        ("README.md", Some("")),
        ("9_gone.sql", None),
        ("04_old_name.sql", None),
    ];
    insta::assert_snapshot!(standing(&set, &base), @r#"
    pending 2_b.sql
    3_c.sql: Edited
    9_gone.sql: Missing
    2_b.sql: OutOfOrder("4")
    "#);
}

#[test]
fn where_a_checksum_is_recorded_a_comment_counts() {
    let set =
        files([("1_a/migration.sql", "select 1;\n"), ("2_b/migration.sql", "select 1;\n")]).read().unwrap();
    let base =
        [("1_a/migration.sql", Some("-- a\nselect 1;\n")), ("2_b/migration.sql", Some("select 1;\r\n"))];
    insta::assert_snapshot!(standing(&set, &base), @"1_a/migration.sql: Edited");
}

#[test]
fn the_checksum_of_sqlx_is_of_line_ends_too() {
    let set = InMemory::new().with_layout(Layout::Sqlx).with_file("1_a.sql", "select 1;\n").read().unwrap();
    insta::assert_snapshot!(standing(&set, &[("1_a.sql", Some("select 1;\r\n"))]), @"1_a.sql: Edited");
    insta::assert_snapshot!(standing(&set, &[("1_a.sql", Some("select 1;\n"))]), @"");
}

#[test]
fn what_is_pending_comes_last() {
    let set = files([("a.sql", "select 1;"), ("b.sql", "select 1;"), ("c.sql", "select 1;")]).read().unwrap();
    let now = set.since([("b.sql", None), ("c.sql", None)]);
    let (set, from) = set.pending_last(&now);
    assert_eq!(from, 2);
    insta::assert_snapshot!(shown(&set), @r#"
    plain: 3 files of SQL by which no runner is known, in the order of their paths
    b b.sql None
    c c.sql None
    a a.sql None
    ! a.sql OutOfOrder("c")
    "#);
}

#[test]
fn of_two_of_one_version_the_newer_is_blamed() {
    let files = InMemory::new().with_layout(Layout::Sqlx);
    let files = files.with_file("1_a.sql", "select 1;").with_file("1_b.sql", "select 1;");
    let set = || files.read().unwrap();
    let blamed = |known: &str| {
        let now = set().since([(known, None)]);
        let (set, _) = set().pending_last(&now);
        format!("{}: {:?}", set.problems[0].path, set.problems[0].kind)
    };
    insta::assert_snapshot!(blamed("1_a.sql"), @r#"1_b.sql: DuplicateVersion("1_a.sql")"#);
    insta::assert_snapshot!(blamed("1_b.sql"), @r#"1_a.sql: DuplicateVersion("1_b.sql")"#);
}
