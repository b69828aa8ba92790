use handover_migrate_guard::{Folder, Layout, MigrationSource};

use super::{Tree, outcome, read};

#[test]
fn migrations_are_found_below_a_project() {
    let tree = Tree::of([
        ("package.json", "{}"),
        ("prisma/schema.prisma", ""),
        ("prisma/migrations/20240101_a/migration.sql", "select 1;"),
        ("node_modules/x/migrations/1_a.sql", "select 1;"),
    ]);
    insta::assert_snapshot!(read(&tree, ""), @"
    prisma: 1 folder with `migration.sql`
    20240101_a prisma/migrations/20240101_a/migration.sql SimpleQuery
    ");
    insta::assert_snapshot!(read(&tree, "prisma"), @"
    prisma: 1 folder with `migration.sql`
    20240101_a prisma/migrations/20240101_a/migration.sql SimpleQuery
    ");
    insta::assert_snapshot!(read(&tree, "prisma/migrations"), @"
    prisma: 1 folder with `migration.sql`
    20240101_a prisma/migrations/20240101_a/migration.sql SimpleQuery
    ");
}

#[test]
fn two_folders_of_migrations_are_named() {
    let tree = Tree::of([("migrations/1_a.sql", "select 1;"), ("db/migrations/1_a.sql", "select 1;")]);
    insta::assert_snapshot!(read(&tree, ""), @"
    <tree> has migrations in several folders: migrations, db/migrations
    hint: name one of them, as in `migrations`
    ");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let tree = Tree::of([("README.md", "")]);
    insta::assert_snapshot!(read(&tree, "migrations"), @"
    migrations is not there
    hint: name the folder that holds the migrations
    ");
    insta::assert_snapshot!(read(&tree, ""), @"
    no migrations are in <tree>
    hint: name the folder that holds them; looked for were `prisma/migrations`, `migrations`, `db/migrations`, `db/migrate`, `database/migrations`, `sql/migrations`, `internal/db/migrations`, `src/main/resources/db/migration`, `supabase/migrations`, `drizzle`, `flyway/sql`
    ");
}

#[test]
fn the_project_decides_between_runners_that_share_names() {
    let pairs = [("1_a.up.sql", "select 1;"), ("1_a.down.sql", "select 1;")];
    let tree = Tree::of([
        ("a/go.mod", "module a"),
        ("b/Cargo.toml", "[dependencies]\nsqlx = \"0.8\""),
        ("b/migrations/1_a.sql", "select 1;"),
    ]);
    for (name, text) in pairs {
        tree.write(&format!("a/migrations/{name}"), text);
    }
    insta::assert_snapshot!(read(&tree, "a"), @"
    golang-migrate: 2 files of `.up.sql` and `.down.sql`, and a go.mod
    1 a/migrations/1_a.up.sql SimpleQuery
    ");
    insta::assert_snapshot!(read(&tree, "b/migrations"), @"
    sqlx: 1 file named `<version>_<name>.sql`, and sqlx in the project
    1 b/migrations/1_a.sql Transaction
    ");
}

#[test]
fn a_file_may_be_named_by_itself() {
    let tree = Tree::of([
        ("m/2024_a/migration.sql", "select 1;"),
        ("d/1_a/up.sql", "select 1;"),
        ("d/1_a/metadata.toml", "run_in_transaction = false"),
        ("f/V1__a.sql", "select 1;"),
        ("f/V1__a.sql.conf", "executeInTransaction=false"),
    ]);
    insta::assert_snapshot!(read(&tree, "m/2024_a/migration.sql"), @"
    prisma: 1 folder with `migration.sql`
    2024_a m/2024_a/migration.sql SimpleQuery
    ");
    insta::assert_snapshot!(read(&tree, "d/1_a/up.sql"), @"
    diesel: 1 folder with `up.sql`
    1 d/1_a/up.sql SimpleQuery
    ");
    insta::assert_snapshot!(read(&tree, "f/V1__a.sql"), @"
    flyway: 1 file named `V<version>__<name>.sql`
    1 f/V1__a.sql None
    ");
}

#[test]
fn files_that_are_named_are_put_in_order() {
    let tree = Tree::of([
        ("2_b.sql", "-- +goose Up\nselect 1;"),
        ("10_c.sql", "-- +goose Up\nselect 1;"),
        ("1_a.sql", ""),
    ]);
    let paths = ["10_c.sql", "2_b.sql"].map(|name| tree.path().join(name));
    insta::assert_snapshot!(outcome(&tree, &Folder::files(paths).shown_below(tree.path())), @"
    goose: 2 files with `-- +goose Up`
    2 2_b.sql Transaction
    10 10_c.sql Transaction
    ");
}

#[test]
fn a_file_may_be_read_with_what_stands_before_it() {
    let goose = "-- +goose Up\nselect 1;";
    let tree = Tree::of([("1_a.sql", goose), ("2_b.sql", goose), ("3_c.sql", goose)]);
    let folder = Folder::new(tree.path().join("2_b.sql")).shown_below(tree.path()).in_context();
    let (set, from) = folder.chosen(folder.read().unwrap());
    assert_eq!(from, 1);
    insta::assert_snapshot!(super::shown(&set), @"
    goose: 3 files with `-- +goose Up`
    1 1_a.sql Transaction
    2 2_b.sql Transaction
    ");
}

#[test]
fn paths_are_shown_as_they_were_given() {
    let tree = Tree::of([("m/1_a.sql", "select 1;")]);
    let folder = Folder::new(tree.path().join("m")).with_layout(Layout::Sqlx);
    insta::assert_snapshot!(super::shown(&folder.read().unwrap()).replace(&*tree.path().to_string_lossy(), "<tree>"), @"
    sqlx: given
    1 <tree>/m/1_a.sql Transaction
    ");
}
