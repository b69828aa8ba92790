//! What a database does not list as applied.

use handover_testing::{Postgres, PostgresSettings};

use super::Place;
use super::place::{INDEX, ORDERS, Ran, sql};

/// What sqlx records of its migrations.
const TABLE: &str = "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL,
    installed_on timestamptz NOT NULL DEFAULT now(), success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL)";

/// A server on which these are applied as they are.
fn server(applied: &[(&str, &str)]) -> Option<Postgres> {
    let settings = PostgresSettings { password: Some("s3cret".into()), ..PostgresSettings::default() };
    let postgres = Postgres::start_with(settings)?;
    sql(&postgres, TABLE);
    for (name, text) in applied {
        let version = name.split('_').next().unwrap();
        sql(
            &postgres,
            &format!(
                "INSERT INTO _sqlx_migrations VALUES ({version}, '{name}', now(), true, sha384('{text}'), 1)"
            ),
        );
    }
    Some(postgres)
}

fn lint(place: &Place, postgres: &Postgres, args: &[&str]) -> Ran {
    let mut command = place.command(&[&["lint", "--applied-from", "env:DATABASE_URL"], args].concat());
    command.env("DATABASE_URL", postgres.url());
    let ran = place.ran(command);
    assert!(!ran.out.contains("s3cret") && !ran.err.contains("s3cret"), "{} {}", ran.out, ran.err);
    ran
}

#[test]
fn what_is_not_listed_is_judged_and_the_server_says_what_it_is() {
    let Some(postgres) = server(&[ORDERS, INDEX]) else { return };
    let place = Place::with(&[ORDERS, INDEX, ("3_id", "CREATE INDEX orders_id ON orders (id);\n")]);
    let ran = lint(&place, &postgres, &[]).exits(3);
    assert!(ran.out.contains("migrations/3_id.sql") && !ran.out.contains("2_index"), "{}", ran.out);
    insta::assert_snapshot!(of_any_version(&ran.err), @"migrations: sqlx (3 files named `<version>_<name>.sql`, and sqlx in the project); 2 migrations applied (what _sqlx_migrations in the database of DATABASE_URL lists), 1 pending; for PostgreSQL X in UTC");
    let typed = postgres.url();
    let ran = place.run(&["lint", "--applied-from", &typed]).exits(3);
    assert!(!ran.err.contains("s3cret"), "{}", ran.err);
}

#[test]
fn what_was_edited_after_it_was_applied_is_named() {
    let Some(postgres) = server(&[ORDERS, INDEX]) else { return };
    let place = Place::with(&[ORDERS, (INDEX.0, "CREATE INDEX orders_total ON orders (total, id);\n")]);
    insta::assert_snapshot!(lint(&place, &postgres, &[]).exits(3).out, @"
    error[P01 edited-applied-migration]: `migrations/2_index.sql` was changed after it was applied
     --> migrations/2_index.sql
      = effect: Databases that have it keep what it was; new ones get what it is now; sqlx refuses to run: its checksum differs from the one recorded.
      = instead: Put it back as it was, and write the change as a migration of its own.

    0 files, 0 statements: 1 error; 0 long, 0 brief
    ");
}

#[test]
fn without_a_table_nothing_is_applied_and_that_is_said() {
    let Some(postgres) = Postgres::start() else { return };
    let place = Place::with(&[ORDERS, INDEX]);
    let ran = lint(&place, &postgres, &[]).exits(0);
    assert!(ran.err.contains("there is no table _sqlx_migrations"), "{}", ran.err);
}

#[test]
fn a_password_that_is_wrong_is_refused_and_never_shown() {
    let Some(postgres) = server(&[]) else { return };
    let place = Place::with(&[ORDERS]);
    let url = postgres.url().replace("s3cret", "wr0ng");
    let mut command = place.command(&["lint", "--applied-from", "env:DATABASE_URL"]);
    command.env("DATABASE_URL", &url);
    let ran = place.ran(command).exits(2);
    insta::assert_snapshot!(ran.err, @r#"
    error: could not reach the database of DATABASE_URL
      because: password authentication failed for user "handover"

    hint: check that this machine may reach it, and the user, the password and `sslmode` in its address
    "#);
    let ran = place.run(&["lint", "--applied-from", &url]).exits(2);
    assert!(!ran.err.contains("wr0ng"), "{}", ran.err);
}

/// The same whatever version is installed.
fn of_any_version(said: &str) -> String {
    let (before, after) = said.split_once("for PostgreSQL ").unwrap();
    format!("{before}for PostgreSQL X{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
}

#[test]
fn a_table_that_is_named_and_not_there_is_an_error() {
    let Some(postgres) = server(&[ORDERS]) else { return };
    let place = Place::with(&[ORDERS, INDEX]);
    let ran = lint(&place, &postgres, &["--history-table", "nope"]).exits(2);
    insta::assert_snapshot!(ran.err, @"
    error: could not tell which migrations are new
      because: there is no table nope in the database of DATABASE_URL

    hint: leave `--history-table` out, or `history_table` in handover.toml, where the runner has its own
    ");
}
