//! What came since a commit.

use std::fs;

use super::Place;
use super::place::{INDEX, ORDERS, without_hashes};

fn repository() -> Place {
    let place = Place::with(&[ORDERS, INDEX]);
    place.commit_as_main();
    place
}

#[test]
fn only_what_is_new_is_judged_and_all_of_it_is_one_release() {
    let place = repository();
    place.migration("3_lines", "CREATE TABLE lines (id bigint PRIMARY KEY, n int);\n");
    place
        .migration("4_lines", "CREATE INDEX lines_n ON lines (n);\nCREATE INDEX orders_id ON orders (id);\n");
    place.commit();
    place.migration("5_uncommitted", "CREATE INDEX orders_both ON orders (id, total);\n");
    let found = place.found(&["--since", "main"]);
    assert_eq!(
        found,
        ["migrations/4_lines.sql L01", "migrations/5_uncommitted.sql L01"],
        "a table of this release is nobody's yet"
    );
    let (_, report) = place.json(&["--since", "main"]);
    assert_eq!(report["files"].as_array().unwrap().len(), 3);
    let ran = place.run(&["lint", "--since", "main"]).exits(3);
    let said = without_hashes(&ran.err);
    insta::assert_snapshot!(said, @"migrations: sqlx (5 files named `<version>_<name>.sql`, and sqlx in the project); 2 migrations applied (what was there at COMMIT, where this branch left main), 3 pending; for PostgreSQL 15 in UTC");
}

#[test]
fn nothing_new_is_nothing_to_say() {
    let place = repository();
    assert!(place.found(&["--since", "main"]).is_empty());
    assert_eq!(
        place.found(&["--since", "main", "migrations/2_index.sql"]),
        Vec::<String>::new(),
        "it is applied"
    );
}

#[test]
fn what_was_edited_renamed_or_deleted_since_is_named() {
    let place = Place::with(&[ORDERS, INDEX, ("3_c", "SELECT 3;\n"), ("4_d", "SELECT 4;\n")]);
    place.commit_as_main();
    place.migration(ORDERS.0, "CREATE TABLE orders (id bigint PRIMARY KEY);\n");
    fs::remove_file(place.path("migrations/3_c.sql")).unwrap();
    fs::rename(place.path("migrations/4_d.sql"), place.path("migrations/7_d.sql")).unwrap();
    place.migration("2_early", "SELECT 5;\n");
    fs::rename(place.path("migrations/2_early.sql"), place.path("migrations/0_early.sql")).unwrap();
    let ran = place.run(&["lint", "--since", "main"]).exits(3);
    insta::assert_snapshot!(ran.out, @"
    error[P01 edited-applied-migration]: `migrations/1_orders.sql` was changed after it was applied
     --> migrations/1_orders.sql
      = effect: Databases that have it keep what it was; new ones get what it is now; sqlx refuses to run: its checksum differs from the one recorded.
      = instead: Put it back as it was, and write the change as a migration of its own.

    error[S05 missing]: `migrations/3_c.sql` is applied and is not there
     --> migrations/3_c.sql
      = effect: A new database lacks what it did, and what later ones say of its tables is guessed.
      = instead: Bring its file back, as in `git log --diff-filter=D --stat -- '*migrations/3_c.sql*'`.

    error[S05 missing]: `migrations/4_d.sql` is applied and is not there
     --> migrations/4_d.sql
      = effect: A new database lacks what it did, and what later ones say of its tables is guessed.
      = instead: Bring its file back, as in `git log --diff-filter=D --stat -- '*migrations/4_d.sql*'`.

    error[P02 out-of-order]: `migrations/0_early.sql` is not applied and comes before `2`, which is
     --> migrations/0_early.sql
      = effect: It comes too early: sqlx applies it after those that are applied.
      = instead: Give it a version after `2`.

    2 files, 2 statements: 4 errors; 0 long, 0 brief
    ");
}

#[test]
fn main_may_have_gone_on() {
    let place = repository();
    place.migration("3_ours", "CREATE INDEX orders_id ON orders (id);\n");
    place.commit();
    place.git(&["checkout", "--quiet", "main"]);
    place.migration("3_theirs", "CREATE INDEX orders_both ON orders (id, total);\n");
    place.commit();
    place.git(&["checkout", "--quiet", "work"]);
    assert_eq!(place.found(&["--since", "main"]), ["migrations/3_ours.sql L01"]);
}

#[test]
fn a_commit_that_cannot_be_found_says_how_it_is_brought() {
    let place = repository();
    insta::assert_snapshot!(place.run(&["lint", "--since", "origin/main"]).exits(2).err, @r#"
    error: could not tell which migrations are new
      because: git knows no commit "origin/main" here

    hint: `git fetch origin main` brings it, if it is there
    "#);
    let clone = Place::new();
    place.commit();
    clone.git(&["clone", "--quiet", "--depth=1", &format!("file://{}", place.path("").display()), "c"]);
    let ran = clone.run(&["lint", "c/migrations", "--since", "HEAD~1"]).exits(2);
    insta::assert_snapshot!(ran.err, @r#"
    error: could not tell which migrations are new
      because: git knows no commit "HEAD~1" here

    hint: `git fetch --unshallow`; for actions/checkout `fetch-depth: 0`, for GitLab `GIT_DEPTH: 0`
    "#);
}

#[test]
fn the_folder_may_be_reached_by_a_link_and_from_anywhere() {
    let place = repository();
    place.migration("3_id", "CREATE INDEX orders_id ON orders (id);\n");
    let elsewhere = Place::new();
    std::os::unix::fs::symlink(place.path(""), elsewhere.path("link")).unwrap();
    let found = elsewhere.found(&["link/migrations", "--since", "main"]);
    assert_eq!(found, ["link/migrations/3_id.sql L01"]);
}
