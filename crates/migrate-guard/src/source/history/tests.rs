use std::fmt::Write;

use super::Applied;
use crate::MigrationSet;
use crate::source::{InMemory, Layout, MigrationSource};

/// What is pending and what does not fit, a line each.
fn compared(set: &MigrationSet, history: &[Applied]) -> String {
    let standing = set.compare(history);
    let mut shown = String::new();
    for place in standing.pending {
        writeln!(shown, "pending {}", set.migrations[place].path).unwrap();
    }
    for problem in standing.problems {
        writeln!(shown, "{}: {:?}", problem.path, problem.kind).unwrap();
    }
    shown
}

fn set(layout: Layout, paths: &[&str]) -> MigrationSet {
    let memory = paths.iter().fold(InMemory::new().with_layout(layout), |all, path| {
        all.with_file(*path, format!("-- +goose Up\nselect '{path}';"))
    });
    memory.read().unwrap()
}

/// Rows that say what was applied, as it is in the set.
fn applied(set: &MigrationSet, versions: &[&str]) -> Vec<Applied> {
    let checksum = |version: &str| {
        let same = set.migrations.iter().find(|migration| migration.version == version);
        same.and_then(|migration| migration.checksum.clone())
    };
    versions
        .iter()
        .map(|version| Applied { checksum: checksum(version), ..Applied::finished(*version) })
        .collect()
}

#[test]
fn each_runner_is_asked_in_its_own_table() {
    let mut shown = String::new();
    for layout in Layout::ALL {
        let sql = layout.history().map_or("no history".to_owned(), |query| query.sql(None));
        writeln!(shown, "{layout}: {sql}").unwrap();
    }
    insta::assert_snapshot!(shown, @"
    prisma: SELECT migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, false FROM _prisma_migrations ORDER BY started_at
    sqlx: SELECT version::text, encode(checksum, 'hex'), success, false, false FROM _sqlx_migrations ORDER BY version
    diesel: SELECT version::text, NULL::text, true, false, false FROM __diesel_schema_migrations ORDER BY version
    goose: SELECT DISTINCT ON (version_id) version_id::text, NULL::text, true, NOT is_applied, false FROM goose_db_version WHERE version_id > 0 ORDER BY version_id, id DESC
    golang-migrate: SELECT version::text, NULL::text, NOT dirty, false, true FROM schema_migrations ORDER BY version
    flyway: SELECT DISTINCT ON (coalesce(version, script)) coalesce(version, 'R__' || replace(description, ' ', '_')), checksum::text, success, type = 'DELETE' OR type LIKE 'UNDO%', type LIKE '%BASELINE' FROM flyway_schema_history WHERE type <> 'SCHEMA' ORDER BY coalesce(version, script), installed_rank DESC
    dbmate: SELECT version::text, NULL::text, true, false, false FROM schema_migrations ORDER BY version
    pop: SELECT version::text, NULL::text, true, false, false FROM schema_migration ORDER BY version
    rails: SELECT version::text, NULL::text, true, false, false FROM schema_migrations ORDER BY version
    plain: no history
    ");
    let other = Layout::Pop.history().unwrap().sql(Some("auth.schema_migrations"));
    insta::assert_snapshot!(other, @"SELECT version::text, NULL::text, true, false, false FROM auth.schema_migrations ORDER BY version");
}

#[test]
fn what_prisma_recorded_decides() {
    let set = set(
        Layout::Prisma,
        &[
            "1_a/migration.sql",
            "2_b/migration.sql",
            "3_c/migration.sql",
            "4_d/migration.sql",
            "5_e/migration.sql",
        ],
    );
    let mut history = applied(&set, &["1_a", "2_b", "4_d", "0_gone"]);
    history[1].checksum = Some("0".repeat(64));
    // It failed, was taken back, and failed again.
    history.push(Applied { rolled_back: true, finished: false, ..Applied::finished("5_e") });
    history.push(Applied { finished: false, ..Applied::finished("5_e") });
    insta::assert_snapshot!(compared(&set, &history), @r#"
    pending 3_c/migration.sql
    pending 5_e/migration.sql
    2_b/migration.sql: Edited
    5_e/migration.sql: Unfinished
    0_gone: Missing
    3_c/migration.sql: OutOfOrder("4_d")
    "#);
}

#[test]
fn what_was_taken_back_is_pending() {
    let set = set(Layout::Goose, &["00001_a.sql", "00002_b.sql"]);
    let history = [Applied::finished("1"), Applied { rolled_back: true, ..Applied::finished("2") }];
    insta::assert_snapshot!(compared(&set, &history), @"pending 00002_b.sql");
}

#[test]
fn golang_migrate_s_one_row_stands_for_all_before_it() {
    let set = set(Layout::GolangMigrate, &["1_a.up.sql", "2_b.up.sql", "10_c.up.sql"]);
    let row = |version: &str, finished| Applied { all_before: true, finished, ..Applied::finished(version) };
    insta::assert_snapshot!(compared(&set, &[row("2", true)]), @"pending 10_c.up.sql");
    insta::assert_snapshot!(compared(&set, &[row("2", false)]), @"
    pending 2_b.up.sql
    pending 10_c.up.sql
    2_b.up.sql: Unfinished
    ");
    insta::assert_snapshot!(compared(&set, &[row("11", true)]), @"11: Missing");
}

#[test]
fn flyway_runs_again_what_is_repeatable_and_changed() {
    let set =
        set(Layout::Flyway, &["V1__a.sql", "V2__b.sql", "V3__c.sql", "V1.5__d.sql", "R__v.sql", "R__w.sql"]);
    let mut history = applied(&set, &["3.0", "R__v", "R__w"]);
    history[2].checksum = Some("1".to_owned());
    history.push(Applied { all_before: true, ..Applied::finished("1.0") });
    insta::assert_snapshot!(compared(&set, &history), @r#"
    pending V1.5__d.sql
    pending V2__b.sql
    pending R__w.sql
    V1.5__d.sql: OutOfOrder("3")
    V2__b.sql: OutOfOrder("3")
    "#);
}

#[test]
fn migrations_in_another_language_are_not_missing() {
    let set = set(Layout::Goose, &["00001_a.sql", "00002_b.go"]);
    insta::assert_snapshot!(compared(&set, &[Applied::finished("1"), Applied::finished("2"), Applied::finished("3")]), @"3: Missing");
}

#[test]
fn an_unfinished_migration_that_is_gone_is_said_too() {
    let set = set(Layout::Sqlx, &["1_a.sql"]);
    let history = [Applied { finished: false, ..Applied::finished("7") }];
    insta::assert_snapshot!(compared(&set, &history), @"
    pending 1_a.sql
    7: Unfinished
    ");
}
