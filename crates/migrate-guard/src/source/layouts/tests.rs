use super::{Role, of};
use crate::Layout;

/// What each path is to the layout, a line each.
fn roles(layout: Layout, paths: &[&str]) -> String {
    let role = |path: &&str| match (of(layout).role)(path) {
        Role::Up(version) => format!("{path}: {version}\n"),
        other => format!("{path}: {other:?}\n"),
    };
    paths.iter().map(role).collect()
}

#[test]
fn prisma_takes_the_script_of_each_folder() {
    let paths =
        ["20240101_a/migration.sql", "a/b/migration.sql", "a/down.sql", "x.sql", "migration_lock.toml"];
    insta::assert_snapshot!(roles(Layout::Prisma, &paths), @r#"
    20240101_a/migration.sql: 20240101_a
    a/b/migration.sql: Skipped("`<folder>/migration.sql`")
    a/down.sql: Down
    x.sql: Skipped("`<folder>/migration.sql`")
    migration_lock.toml: Aside
    "#);
}

#[test]
fn diesel_takes_the_way_up_of_each_folder() {
    let paths = [
        "2023-01-01-000000_a_b/up.sql",
        "2023-01-01-000000_a_b/down.sql",
        "0/up.sql",
        "a/x.sql",
        "a/metadata.toml",
    ];
    insta::assert_snapshot!(roles(Layout::Diesel, &paths), @r#"
    2023-01-01-000000_a_b/up.sql: 20230101000000
    2023-01-01-000000_a_b/down.sql: Down
    0/up.sql: 0
    a/x.sql: Skipped("`<folder>/up.sql`")
    a/metadata.toml: Aside
    "#);
}

#[test]
fn sqlx_takes_what_begins_with_a_number() {
    let paths = [
        "0001_a.sql",
        "2_b.up.sql",
        "2_b.down.sql",
        "a.sql",
        "a_b.sql",
        "99999999999999999999_x.sql",
        "d/1_a.sql",
        "README.md",
    ];
    insta::assert_snapshot!(roles(Layout::Sqlx, &paths), @r#"
    0001_a.sql: 1
    2_b.up.sql: 2
    2_b.down.sql: Down
    a.sql: Skipped("`<number>_<name>.sql` in the folder itself")
    a_b.sql: Skipped("`<number>_<name>.sql` in the folder itself")
    99999999999999999999_x.sql: Skipped("`<number>_<name>.sql` in the folder itself")
    d/1_a.sql: Skipped("`<number>_<name>.sql` in the folder itself")
    README.md: Aside
    "#);
}

#[test]
fn goose_takes_sql_and_go() {
    let paths = ["00001_a.sql", "2_b.go", "2_b_test.go", "0_c.sql", "helpers.go", "seed.sql"];
    insta::assert_snapshot!(roles(Layout::Goose, &paths), @r#"
    00001_a.sql: 1
    2_b.go: Code("Go", "2")
    2_b_test.go: Aside
    0_c.sql: Skipped("`<number>_<name>.sql` in the folder itself")
    helpers.go: Aside
    seed.sql: Skipped("`<number>_<name>.sql` in the folder itself")
    "#);
}

#[test]
fn golang_migrate_takes_what_says_up() {
    let paths = ["000001_a.up.sql", "000001_a.down.sql", "2_b.sql", "d/3_c.up.sql", "a.up.sql"];
    insta::assert_snapshot!(roles(Layout::GolangMigrate, &paths), @r#"
    000001_a.up.sql: 1
    000001_a.down.sql: Down
    2_b.sql: Skipped("`<number>_<name>.up.sql` in the folder itself")
    d/3_c.up.sql: Skipped("`<number>_<name>.up.sql` in the folder itself")
    a.up.sql: Skipped("`<number>_<name>.up.sql` in the folder itself")
    "#);
}

#[test]
fn flyway_takes_versions_and_what_is_repeated() {
    let paths = [
        "V1__a.sql",
        "d/V1_2.3__b c.SQL",
        "V002__c.sql",
        "R__view.sql",
        "U1__a.sql",
        "B3__base.sql",
        "V4_d.sql",
        "V__e.sql",
        "beforeMigrate.sql",
        "afterMigrate__grants.sql",
        "V5__Java.java",
        "Helper.java",
        "V1__a.sql.conf",
        "seed.sql",
    ];
    insta::assert_snapshot!(roles(Layout::Flyway, &paths), @r#"
    V1__a.sql: 1
    d/V1_2.3__b c.SQL: 1.2.3
    V002__c.sql: 002
    R__view.sql: R__view
    U1__a.sql: Down
    B3__base.sql: Aside
    V4_d.sql: Skipped("`V<version>__<name>.sql`, with two underscores")
    V__e.sql: Skipped("`V<version>__<name>.sql`, with two underscores")
    beforeMigrate.sql: Skipped("migrations; this is a callback, which runs beside them")
    afterMigrate__grants.sql: Skipped("migrations; this is a callback, which runs beside them")
    V5__Java.java: Code("Java", "5")
    Helper.java: Aside
    V1__a.sql.conf: Aside
    seed.sql: Skipped("`V<version>__<name>.sql`, with two underscores")
    "#);
}

#[test]
fn dbmate_takes_what_begins_with_a_digit() {
    insta::assert_snapshot!(roles(Layout::Dbmate, &["20230101_a.sql", "01a.sql", "a.sql", "d/1_a.sql", "x.txt"]), @r#"
    20230101_a.sql: 20230101
    01a.sql: 01
    a.sql: Skipped("a name that begins with a number, in the folder itself")
    d/1_a.sql: Skipped("a name that begins with a number, in the folder itself")
    x.txt: Aside
    "#);
}

#[test]
fn pop_takes_its_own_dialect_and_knows_fizz() {
    let paths = [
        "1_a.up.sql",
        "1_a.down.sql",
        "2_b.postgres.up.sql",
        "2_b.mysql.up.sql",
        "3_c.up.fizz",
        "3_c.down.fizz",
        "d/4_d.up.sql",
        "5_e.sql",
        "schema.sql",
    ];
    insta::assert_snapshot!(roles(Layout::Pop, &paths), @r#"
    1_a.up.sql: 1
    1_a.down.sql: Down
    2_b.postgres.up.sql: 2
    2_b.mysql.up.sql: Aside
    3_c.up.fizz: Code("fizz", "3")
    3_c.down.fizz: Down
    d/4_d.up.sql: 4
    5_e.sql: Skipped("`<version>_<name>.up.sql`")
    schema.sql: Aside
    "#);
}

#[test]
fn rails_takes_the_sql_beside_its_ruby() {
    let paths = [
        "20230101_a.rb",
        "20230101_a.sql",
        "001_b.up.sql",
        "001_b_down.sql",
        "structure.sql",
        "x.sql",
        "x.rb",
    ];
    insta::assert_snapshot!(roles(Layout::Rails, &paths), @r#"
    20230101_a.rb: Code("Ruby", "20230101")
    20230101_a.sql: 20230101
    001_b.up.sql: 1
    001_b_down.sql: Down
    structure.sql: Alone("structure")
    x.sql: Skipped("`<version>_<name>.sql`")
    x.rb: Aside
    "#);
}

#[test]
fn a_plain_folder_is_all_its_sql() {
    insta::assert_snapshot!(roles(Layout::Plain, &["a.sql", "d/b.SQL", "a_down.sql", "d/up.sql", "a.txt"]), @"
    a.sql: a
    d/b.SQL: d/b
    a_down.sql: Down
    d/up.sql: d/up
    a.txt: Aside
    ");
}
