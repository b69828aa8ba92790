//! Edits that are safe.

use super::Place;
use super::place::{INDEX, ORDERS, without_hashes};

/// What one edit makes safe, on a branch of its own.
fn repository() -> Place {
    let place = Place::with(&[ORDERS, INDEX]);
    place.commit_as_main();
    place.migration("3_id", "-- no-transaction\nCREATE INDEX orders_id ON orders (id);\n");
    place
}

#[test]
fn a_dry_run_shows_the_edit_and_makes_none() {
    let place = repository();
    let before = place.read("migrations/3_id.sql");
    let ran = place.run(&["lint", "--since", "main", "--fix", "--dry-run"]).exits(3);
    insta::assert_snapshot!(ran.out, @"
    --- migrations/3_id.sql
    +++ migrations/3_id.sql
    @@ -1,2 +1,2 @@
     -- no-transaction
    -CREATE INDEX orders_id ON orders (id);
    +CREATE INDEX CONCURRENTLY orders_id ON orders (id);
    ");
    insta::assert_snapshot!(without_hashes(&ran.err), @"1 edit in 1 file; nothing was changed");
    assert_eq!(place.read("migrations/3_id.sql"), before);
}

#[test]
fn what_is_new_is_edited_and_what_is_applied_is_not() {
    let place = repository();
    let applied = place.read("migrations/2_index.sql");
    let ran = place.run(&["lint", "--since", "main", "--fix"]).exits(0);
    insta::assert_snapshot!(without_hashes(&ran.err), @"
    edited migrations/3_id.sql: L01: build it concurrently
    migrations: sqlx (1 file named `<version>_<name>.sql`); 2 migrations applied (what was there at COMMIT, where this branch left main), 1 pending; for PostgreSQL 15 in UTC
    ");
    insta::assert_snapshot!(place.read("migrations/3_id.sql"), @"
    -- no-transaction
    CREATE INDEX CONCURRENTLY orders_id ON orders (id);
    ");
    assert_eq!(place.read("migrations/2_index.sql"), applied);
    let again = place.run(&["lint", "--since", "main", "--fix"]).exits(0);
    assert!(again.err.contains("nothing to edit"), "{}", again.err);
}

#[test]
fn a_text_that_its_runner_fills_in_is_not_edited() {
    let place = Place::new();
    let name = "{{ index .Options \"Namespace\" }}";
    place.write(
        "migrations/00_a.up.sql",
        format!("CREATE TABLE {name}.users (id uuid PRIMARY KEY, n text);\n"),
    );
    place.commit_as_main();
    let text = format!("ALTER TABLE {name}.users ADD COLUMN z int;\n");
    place.write("migrations/01_b.up.sql", &text);
    let args = [
        "lint",
        "--layout",
        "pop",
        "--var",
        "Namespace=auth",
        "--since",
        "main",
        "--level",
        "warning",
        "--fix",
    ];
    let ran = place.run(&args).exits(3);
    assert!(ran.err.contains("not edited: migrations/01_b.up.sql"), "{}", ran.err);
    assert_eq!(place.read("migrations/01_b.up.sql"), text);
}

#[test]
fn an_edit_never_makes_a_transaction_of_what_must_run_outside_one() {
    let place = Place::with(&[ORDERS]);
    place.commit_as_main();
    place.migration("2_index", "CREATE INDEX ON orders (id);\n");
    place.run(&["lint", "--layout", "plain", "--since", "main", "--level", "warning", "--fix"]).exits(0);
    assert_eq!(place.read("migrations/2_index.sql"), "CREATE INDEX CONCURRENTLY ON orders (id);\n");
}
