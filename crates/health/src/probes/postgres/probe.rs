use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, PgPool, Row as _, raw_sql};

use super::class::failed;
use super::own::Own;
use super::pooled;
use crate::{HealthProbe, Healthy, InvalidProbe, ProbeClass, ProbeError};

const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];
/// What an address looks like, for who gave another.
const EXAMPLE: &str = "postgres://user:password@host/database";

/// Asks a PostgreSQL server by `SELECT 1`.
///
/// With a connection of its own it tells whether the server is well; with the application's pool, whether the application
/// gets through to it: a pool that has no connection left is [`ProbeClass::Exhausted`].
///
/// ```
/// # use std::time::Duration;
/// # use handover_health::{HealthProbe as _, PostgresProbe};
/// # async fn ask(database_url: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let database = PostgresProbe::connect(database_url)?.writable();
/// let well = database.check(Duration::from_secs(1)).await?;
/// # let _ = well; Ok(()) }
/// ```
pub struct PostgresProbe {
    source: Source,
    query: Query,
}

enum Source {
    Own(Box<Own>),
    Pool(PgPool),
}

/// What is asked on a connection.
#[derive(Clone, Copy)]
pub(super) struct Query {
    sql: &'static str,
    writable: bool,
}

impl PostgresProbe {
    /// Keeps one connection of its own to the server at this URL; it is opened by the first check.
    ///
    /// # Errors
    ///
    /// It is not a URL of PostgreSQL.
    pub fn connect(url: &str) -> Result<Self, InvalidProbe> {
        let ours = SCHEMES.iter().any(|scheme| url.starts_with(scheme));
        let options = ours.then(|| url.parse().ok()).flatten().ok_or(InvalidProbe::Address(EXAMPLE))?;
        Ok(Self::connect_with(options))
    }

    /// Keeps one connection of its own; it is opened by the first check.
    pub fn connect_with(options: PgConnectOptions) -> Self {
        Self::of(Source::Own(Box::new(Own::new(options))))
    }

    /// Takes a connection out of the application's pool for each check. One that fails is closed.
    pub fn pool(pool: PgPool) -> Self {
        Self::of(Source::Pool(pool))
    }

    /// Well is only a server that takes writes: a standby is [`ProbeClass::Unready`].
    #[must_use]
    pub fn writable(mut self) -> Self {
        self.query.writable = true;
        self
    }

    /// Asks this instead of `SELECT 1`. Its rows are not looked at.
    #[must_use]
    pub fn with_query(mut self, sql: &'static str) -> Self {
        self.query.sql = sql;
        self
    }

    fn of(source: Source) -> Self {
        Self { source, query: Query { sql: "SELECT 1", writable: false } }
    }
}

#[async_trait]
impl HealthProbe for PostgresProbe {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        match &self.source {
            Source::Pool(pool) => pooled::check(pool, self.query, deadline).await,
            Source::Own(own) => own.check(self.query, deadline).await,
        }
    }
}

impl Query {
    /// Asks in one round trip, without preparing: a pooler between may not have it.
    pub(super) async fn on(self, connection: &mut PgConnection) -> Result<(), ProbeError> {
        raw_sql(self.sql).execute(&mut *connection).await.map_err(|error| failed(&error))?;
        if self.writable { takes_writes(connection).await } else { Ok(()) }
    }
}

async fn takes_writes(connection: &mut PgConnection) -> Result<(), ProbeError> {
    let row = raw_sql("SHOW transaction_read_only").fetch_one(connection).await;
    let read_only: Result<String, _> = row.and_then(|row| row.try_get(0));
    match read_only.map_err(|error| failed(&error))?.as_str() {
        "off" => Ok(()),
        _ => Err(ProbeError::new(
            ProbeClass::Unready,
            "the server takes no writes: it is a standby, or read-only",
        )),
    }
}

impl fmt::Debug for PostgresProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.source {
            Source::Own(_) => "a connection of its own",
            Source::Pool(_) => "the application's pool",
        };
        let mut shown = f.debug_struct("PostgresProbe");
        shown.field("source", &source).field("writable", &self.query.writable).finish_non_exhaustive()
    }
}
