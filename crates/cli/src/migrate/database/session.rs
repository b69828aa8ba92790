use std::time::Duration;

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqlSafeStr, raw_sql};
use tokio::time::timeout;

use super::DatabaseAt;
use crate::exit::Exit;
use crate::report::Failure;

/// How long a connection may take, and then each question.
const LIMIT: Duration = Duration::from_secs(15);

/// Everything is asked in one transaction that cannot write, and that gives up before the server is held up. To compile
/// a question of many joins takes half a minute; to answer it, a moment.
const BEGIN: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '10s'; \
     SET LOCAL jit = off; SET LOCAL lock_timeout = '2s'; SET LOCAL idle_in_transaction_session_timeout = '60s'";

/// A connection on which questions are asked, and nothing is changed.
pub(crate) struct Session {
    connection: PgConnection,
    named: String,
}

impl Session {
    /// Connects.
    ///
    /// # Errors
    ///
    /// [`Exit::Usage`]: it is no address, nobody answers there, or lets us in. The address is never shown.
    pub(crate) async fn open(at: &DatabaseAt) -> Result<Self, Failure> {
        let (options, schema) = at.options()?;
        let named = at.named();
        let connecting = timeout(LIMIT, Box::pin(PgConnection::connect_with(&options))).await;
        let connection = match connecting {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return Err(unreachable(&named).because(said(&error))),
            Err(_) => return Err(unreachable(&named).because(format!("no answer within {LIMIT:?}"))),
        };
        let mut session = Self { connection, named };
        session.begin(schema.as_deref()).await?;
        Ok(session)
    }

    /// What it is called.
    pub(crate) fn named(&self) -> &str {
        &self.named
    }

    async fn begin(&mut self, schema: Option<&str>) -> Result<(), Failure> {
        self.rows(BEGIN).await?;
        if let Some(schema) = schema {
            let path = format!("SET LOCAL search_path = \"{schema}\", \"$user\", public");
            self.rows(AssertSqlSafe(path)).await?;
        }
        Ok(())
    }

    /// Asks.
    ///
    /// # Errors
    ///
    /// The server does not answer, or says no.
    pub(crate) async fn rows(&mut self, sql: impl SqlSafeStr) -> Result<Vec<PgRow>, Failure> {
        let asking = Box::pin(self.connection.fetch_all(raw_sql(sql)));
        match timeout(LIMIT, asking).await {
            Ok(Ok(rows)) => Ok(rows),
            Ok(Err(error)) => Err(self.failed().because(said(&error))),
            Err(_) => Err(self.failed().because(format!("no answer within {LIMIT:?}"))),
        }
    }

    /// A failure to read what it answered.
    pub(crate) fn failed(&self) -> Failure {
        Failure::new(format!("could not read {}", self.named), Exit::Usage)
    }
}

fn unreachable(named: &str) -> Failure {
    Failure::new(format!("could not reach {named}"), Exit::Usage)
        .hint("check that this machine may reach it, and the user, the password and `sslmode` in its address")
}

/// The error once: sqlx says it again in front of its cause.
pub(super) fn said(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::Tls(error) => format!("TLS: {error}"),
        error => error.to_string(),
    }
}
