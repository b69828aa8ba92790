//! On a real server.

use handover_migrate_guard::{Applied, Layout, PgVersion, TimeZone};
use handover_testing::{Postgres, PostgresSettings};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, raw_sql};

use super::*;
use crate::report::Failure;

async fn run(postgres: &Postgres, sql: &str) {
    let mut connection = PgConnection::connect(&postgres.url()).await.unwrap();
    for statement in sql.split(";;") {
        connection.execute(raw_sql(AssertSqlSafe(statement.to_owned()))).await.unwrap();
    }
}

async fn session(url: &str) -> Session {
    opened(url).await.unwrap()
}

async fn opened(url: &str) -> Result<Session, Failure> {
    let Ok(at) = url.parse::<DatabaseAt>();
    Session::open(&at).await
}

async fn server(url: &str) -> Server {
    Server::ask(&mut session(url).await).await.unwrap()
}

#[tokio::test]
async fn a_server_says_its_version_and_what_its_users_sessions_begin_with() {
    let Some(postgres) = Postgres::start() else { return };
    let first = server(&postgres.url()).await;
    assert!(first.pg.is_some_and(|pg| pg >= PgVersion::OLDEST), "{first:?}");
    assert_eq!(first.lock_timeout, None);
    assert_eq!(first.zone.unwrap().kind(), TimeZone::Utc, "what no file sets is GMT");
    run(
        &postgres,
        "ALTER DATABASE postgres SET timezone = 'Europe/Berlin';;ALTER ROLE handover SET lock_timeout = '3s'",
    )
    .await;
    let second = server(&postgres.url()).await;
    assert_eq!(second.zone.unwrap().to_string(), "Europe/Berlin");
    assert_eq!(second.lock_timeout.as_deref(), Some("3s, as the server sets it for handover"));
    run(&postgres, "ALTER ROLE handover SET timezone = 'UTC'").await;
    assert_eq!(
        server(&postgres.url()).await.zone.unwrap().to_string(),
        "UTC",
        "a role's own setting goes before"
    );
}

#[tokio::test]
async fn a_user_who_may_not_see_the_files_leaves_the_zone_open() {
    let Some(postgres) = Postgres::start() else { return };
    run(&postgres, "CREATE ROLE reader LOGIN").await;
    let reader = server(&postgres.url().replace("handover@", "reader@")).await;
    assert_eq!(reader.zone, None);
}

#[tokio::test]
async fn nothing_can_be_changed_in_a_session() {
    let Some(postgres) = Postgres::start() else { return };
    let failure = session(&postgres.url()).await.rows("CREATE TABLE t (id int)").await.unwrap_err();
    insta::assert_snapshot!(failure.causes().join("; "), @"cannot execute CREATE TABLE in a read-only transaction");
}

#[tokio::test]
async fn what_a_runner_recorded_is_read_in_its_table_or_in_another() {
    let Some(postgres) = Postgres::start() else { return };
    let mut asked = session(&postgres.url()).await;
    let none = history(&mut asked, Layout::Sqlx, None).await.unwrap();
    assert!(!none.is_there && none.rows.is_empty());
    run(
        &postgres,
        "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text, installed_on timestamptz DEFAULT now(),
             success boolean, checksum bytea, execution_time bigint);;
         INSERT INTO _sqlx_migrations VALUES (1, 'a', now(), true, '\\x0aff', 1), (2, 'b', now(), false, '\\x00', 1);;
         CREATE SCHEMA auth;;CREATE TABLE auth.schema_migrations (version text);;
         INSERT INTO auth.schema_migrations VALUES ('00')",
    )
    .await;
    let mut asked = session(&postgres.url()).await;
    let found = history(&mut asked, Layout::Sqlx, None).await.unwrap();
    let expected = |version: &str, checksum: &str, finished| {
        Applied::row(version.into(), Some(checksum.into()), finished, false, false)
    };
    assert_eq!(found.rows, [expected("1", "0aff", true), expected("2", "00", false)]);
    let other = history(&mut asked, Layout::Pop, Some("auth.schema_migrations")).await.unwrap();
    assert_eq!((other.is_there, other.rows), (true, vec![Applied::finished("00")]));
}

#[tokio::test]
async fn prisma_s_schema_is_where_its_table_is_looked_for() {
    let Some(postgres) = Postgres::start() else { return };
    run(
        &postgres,
        "CREATE SCHEMA app;;CREATE TABLE app._prisma_migrations (id text, checksum text, finished_at timestamptz,
             migration_name text, logs text, rolled_back_at timestamptz, started_at timestamptz, applied_steps_count int);;
         INSERT INTO app._prisma_migrations VALUES ('1', 'c', now(), '1_a', NULL, NULL, now(), 1)",
    )
    .await;
    let url = format!("{}?schema=app&connection_limit=1", postgres.url());
    let found = history(&mut session(&url).await, Layout::Prisma, None).await.unwrap();
    assert_eq!(found.rows.len(), 1);
    assert!(!history(&mut session(&postgres.url()).await, Layout::Prisma, None).await.unwrap().is_there);
}

#[tokio::test]
async fn a_layout_without_a_runner_has_no_list() {
    let Some(postgres) = Postgres::start() else { return };
    let failure = history(&mut session(&postgres.url()).await, Layout::Plain, None).await.unwrap_err();
    insta::assert_snapshot!(failure, @"
    error: could not read the database
      because: nobody knows where a runner of the layout `plain` lists what it applied

    hint: `--since GIT-REF` asks git instead; `--layout` says which runner it is
    ");
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_not_repeated() {
    let settings = PostgresSettings { password: Some("s3cret".into()), ..PostgresSettings::default() };
    let Some(postgres) = Postgres::start_with(settings) else { return };
    let wrong = postgres.url().replace("s3cret", "wr0ng");
    let failure = opened(&wrong).await.err().unwrap().to_string();
    insta::assert_snapshot!(failure, @r#"
    error: could not reach the database
      because: password authentication failed for user "handover"

    hint: check that this machine may reach it, and the user, the password and `sslmode` in its address
    "#);
    assert!(!failure.contains("wr0ng"));
}

#[tokio::test]
async fn what_is_no_address_is_not_repeated() {
    for given in ["mysql://u:s3cret@h/d", "postgres://u:s3cret@h:port/d", "s3cret"] {
        let failure = opened(given).await.err().unwrap().to_string();
        assert!(!failure.contains("s3cret"), "{failure}");
    }
    insta::assert_snapshot!(opened("s3cret").await.err().unwrap(), @"
    error: could not tell which database to ask
      because: what was given is not an address of PostgreSQL

    hint: postgres://USER:PASSWORD@HOST:5432/DATABASE is one; `env:DATABASE_URL` reads it from a variable
    ");
    insta::assert_snapshot!(opened("env:NOBODY_SET_THIS").await.err().unwrap(), @"
    error: could not tell which database to ask
      because: NOBODY_SET_THIS is not set in the environment, and is to hold its address

    hint: `export NOBODY_SET_THIS=postgres://…`
    ");
    assert_eq!(format!("{:?}", "postgres://u:s3cret@h/d".parse::<DatabaseAt>().unwrap()), "Address(…)");
}

#[tokio::test]
async fn nobody_at_the_address_is_said() {
    let port = handover_testing::free_port();
    let failure = opened(&format!("postgres://u:s3cret@127.0.0.1:{port}/d")).await.err().unwrap().to_string();
    insta::assert_snapshot!(failure, @"
    error: could not reach the database
      because: Connection refused (os error 111)

    hint: check that this machine may reach it, and the user, the password and `sslmode` in its address
    ");
}
