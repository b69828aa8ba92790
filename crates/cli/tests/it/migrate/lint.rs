//! What is judged, how it ends, and how what is judged is chosen.

use super::Place;
use super::place::{INDEX, ORDERS};

#[test]
fn a_finding_is_shown_with_its_sql_and_what_was_understood_is_said_beside_it() {
    let place = Place::with(&[ORDERS, INDEX]);
    let ran = place.run(&["lint"]).exits(3);
    insta::assert_snapshot!(ran.out, @"
    error[L01 index-not-concurrent]: an index is built on public.orders while every write to it waits
     --> migrations/2_index.sql:1:1
      |
    1 | CREATE INDEX orders_total ON orders (total);
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = effect: Every write to the table waits until the index is built, which grows with the table.
      = instead: Build it with `CREATE INDEX CONCURRENTLY`, outside a transaction, in a file of its own. A build that was cut off leaves an invalid index: drop it before trying again. On a partitioned table: build it on `ONLY` the parent, concurrently on each partition, and attach those.
          -- in a file of its own; its first line must be `-- no-transaction`
          CREATE INDEX CONCURRENTLY orders_total ON orders (total);

    2 files, 2 statements: 1 error; 1 long, 0 brief
    ");
    insta::assert_snapshot!(ran.err, @"migrations: sqlx (2 files named `<version>_<name>.sql`, and sqlx in the project); 2 migrations, each file judged by itself, after all before it; for PostgreSQL 15 in UTC");
}

#[test]
fn nothing_to_say_ends_with_nothing() {
    let place = Place::with(&[ORDERS]);
    let ran = place.run(&["lint"]).exits(0);
    insta::assert_snapshot!(ran.out, @"1 file, 1 statement: nothing found; 0 long, 0 brief");
}

#[test]
fn a_level_says_what_is_found_and_what_is_a_reason_to_fail() {
    let brief = ("2_brief", "ALTER TABLE orders ADD COLUMN note text;\n");
    let place = Place::with(&[ORDERS, brief]);
    place.run(&["lint"]).exits(0);
    place.run(&["lint", "--level", "warning"]).exits(3);
    place
        .run(&["lint", "--level", "warning", "--lock-timeout", "5s, set for the role", "--rule", "B09=off"])
        .exits(0);
}

#[test]
fn a_rule_has_the_level_that_was_typed_and_a_suppression_takes_a_finding_away() {
    let place = Place::with(&[ORDERS, INDEX]);
    assert_eq!(place.found(&[]), ["migrations/2_index.sql L01"]);
    assert!(place.found(&["--rule", "L01=off"]).is_empty());
    assert!(place.found(&["--rule", "index-not-concurrent=warning"]).is_empty());
    assert_eq!(
        place
            .found(&["--rule", "L01=note", "--level", "note"])
            .iter()
            .filter(|found| found.ends_with("L01"))
            .count(),
        1
    );
    let allowed = format!("-- handover:allow L01 reason=\"orders has 200 rows\"\n{}", INDEX.1);
    place.migration(INDEX.0, &allowed);
    assert!(place.found(&[]).is_empty());
}

#[test]
fn a_file_that_is_named_is_judged_after_what_comes_before_it() {
    let place = Place::with(&[ORDERS, INDEX, ("3_more", "CREATE INDEX orders_id ON orders (id);\n")]);
    assert_eq!(place.found(&["migrations/3_more.sql"]), ["migrations/3_more.sql L01"]);
    assert_eq!(place.found(&["./migrations/3_more.sql", "migrations/2_index.sql"]).len(), 2);
    place.write("other/1_x.up.sql", "CREATE TABLE x (id int);\n");
    place.write("other/1_x.down.sql", "DROP TABLE x;\n");
    place.write("other/2_y.up.sql", "CREATE INDEX ON x (id);\n");
    let both = place.found(&["other/2_y.up.sql", "migrations/3_more.sql"]);
    assert_eq!(both, ["migrations/3_more.sql L01", "other/2_y.up.sql L01"], "each in its folder");
    insta::assert_snapshot!(place.run(&["lint", "other/1_x.down.sql"]).exits(2).err, @"
    error: could not read the migrations
      because: other/1_x.down.sql is none: its runner, sqlx, does not apply it

    hint: `--layout` says which runner it is; `handover migrate lint other` judges all of its folder
    ");
    let (_, report) = place.json(&["migrations/3_more.sql"]);
    assert_eq!(report["files"].as_array().unwrap().len(), 1);
    let claim = &report["files"][0]["statements"][0]["claims"][0];
    assert_eq!((&claim["relation"], &claim["lock"]), (&"public.orders".into(), &"ShareLock".into()));
}

#[test]
fn a_file_outside_of_what_is_known_is_judged_by_itself() {
    let place = Place::with(&[ORDERS]);
    place.write("elsewhere/7_x.sql", "CREATE INDEX ON orders (total);\n");
    assert_eq!(place.found(&["elsewhere/7_x.sql", "--layout", "plain"]), ["elsewhere/7_x.sql L01"]);
}

#[test]
fn several_folders_are_judged_in_the_order_they_are_named_and_each_once() {
    let place = Place::with(&[ORDERS, INDEX]);
    place.write("b/1_a.sql", "CREATE TABLE a (id int);\n");
    place.write("b/2_b.sql", "CREATE INDEX ON a (id);\n");
    let found = place.found(&["b", "migrations", "./b/../b", "--layout", "sqlx"]);
    assert_eq!(found, ["b/2_b.sql L01", "migrations/2_index.sql L01"]);
}

#[test]
fn the_versions_rules_differ() {
    let typed = ("2_type", "ALTER TABLE t ALTER COLUMN at TYPE timestamptz;\n");
    let place = Place::with(&[("1_t", "CREATE TABLE t (id int, at timestamp);\n"), typed]);
    place.write("Cargo.toml", "");
    let long = |args: &[&str]| {
        place.found(&[args, &["--layout", "plain"]].concat()).iter().any(|found| found.ends_with("L08"))
    };
    assert!(long(&["--time-zone", "Europe/Berlin"]));
    assert!(!long(&["--time-zone", "UTC"]));
}

#[test]
fn a_suppression_expires_on_the_day_that_is_given() {
    let allowed = "-- handover:allow L01 until=2027-01-31 reason=\"small\"\nCREATE INDEX ON t (id);\n";
    let place = Place::with(&[("1_t", "CREATE TABLE t (id int);\n"), ("2_index", allowed)]);
    let found = |day| place.found(&["--layout", "plain", "--today", day]);
    assert_eq!(found("2027-01-31"), [""; 0]);
    assert_eq!(found("2027-02-01"), ["migrations/2_index.sql A02", "migrations/2_index.sql L01"]);
}

#[test]
fn values_of_a_template_are_filled_in() {
    let place = Place::new();
    place.write(
        "migrations/00_a.up.sql",
        "CREATE TABLE {{ index .Options \"Namespace\" }}.users (id uuid PRIMARY KEY, n text);\n",
    );
    place.write(
        "migrations/01_b.up.sql",
        "CREATE INDEX users_n ON {{ index .Options \"Namespace\" }}.users (n);\n",
    );
    let (_, report) = place.json(&["--layout", "pop", "--var", "Namespace=auth"]);
    assert_eq!(report["files"][1]["statements"][0]["claims"][0]["relation"], "auth.users");
}

#[test]
fn what_the_runner_passes_over_is_said_beside_the_report() {
    let place = Place::with(&[ORDERS]);
    place.write("migrations/later.sql", "DROP TABLE orders;\n");
    let ran = place.run(&["lint"]).exits(0);
    insta::assert_snapshot!(ran.err, @"
    migrations: sqlx (1 file named `<version>_<name>.sql`, and sqlx in the project); 1 migration, each file judged by itself, after all before it; for PostgreSQL 15 in UTC
    migrations: 1 place that the runner passes over or that no SQL is in: `--level note` says more
    ");
}
