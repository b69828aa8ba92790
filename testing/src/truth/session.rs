use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, raw_sql};

use super::contract::changes;
use super::locks::Locks;
use super::schema::Schema;
use super::work::{Counts, work};
use super::{Observed, Touched};

/// Of a statement that does not run in a transaction.
const NOT_IN_TRANSACTION: &str = "25001";

/// A connection, and what there is where it leads.
#[derive(Debug)]
pub(super) struct Session {
    connection: PgConnection,
    /// What was there before the file.
    known: BTreeSet<i64>,
    /// What is there now.
    schema: Schema,
}

/// Whether what a statement did is to stay.
#[derive(Debug, Clone, Copy)]
pub(super) enum After {
    Commit,
    Rollback,
}

impl Session {
    pub(super) async fn open(url: &str) -> sqlx::Result<Self> {
        let connection = PgConnection::connect(url).await?;
        Ok(Self { connection, known: BTreeSet::new(), schema: Schema::default() })
    }

    pub(super) async fn begin_file(&mut self) -> sqlx::Result<()> {
        self.plainly("DISCARD ALL").await?;
        self.plainly("SET TIME ZONE 'UTC'").await?;
        self.schema = Schema::read(&mut self.connection).await?;
        self.known = self.schema.relations.keys().copied().collect();
        Ok(())
    }

    /// Runs a statement without a look at what it does.
    pub(super) async fn plainly(&mut self, sql: &str) -> sqlx::Result<()> {
        raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await?;
        Ok(())
    }

    /// The server's version: 15 for 15.4.
    pub(super) async fn major(&mut self) -> sqlx::Result<u16> {
        let row = raw_sql("SHOW server_version_num").fetch_one(&mut self.connection).await?;
        let number: &str = row.try_get(0)?;
        Ok(number.parse().unwrap_or(0_u32).div_euclid(10_000).try_into().unwrap_or_default())
    }

    pub(super) async fn run(&mut self, sql: &str, after: After) -> sqlx::Result<Observed> {
        match self.run_inside(sql, after).await {
            Err(error) => self.failed(sql, after, error).await,
            observed => observed,
        }
    }

    async fn run_inside(&mut self, sql: &str, after: After) -> sqlx::Result<Observed> {
        self.plainly("BEGIN").await?;
        let before = Counts::read(&mut self.connection).await?;
        self.plainly(sql).await?;
        let locks = Locks::read(&mut self.connection).await?;
        let counts = Counts::read(&mut self.connection).await?;
        let schema = Schema::read(&mut self.connection).await?;
        let observed = self.compare(&locks, [&before, &counts], &schema);
        match after {
            After::Rollback => self.plainly("ROLLBACK").await?,
            After::Commit => {
                self.plainly("COMMIT").await?;
                self.schema = schema;
            }
        }
        Ok(observed)
    }

    fn compare(&self, locks: &Locks, counts: [&Counts; 2], schema: &Schema) -> Observed {
        let mut observed = Observed::default();
        for (id, relation) in self.schema.relations.iter().filter(|(id, _)| self.known.contains(*id)) {
            let (lock, work) = (locks.on(*id), work(*id, [&self.schema, schema], counts));
            if lock.is_some() || !work.is_empty() {
                let touched = Touched { lock, work, kind: relation.kind };
                observed.touched.insert(relation.name.clone(), touched);
            }
            observed.contract.extend(changes(relation, schema.relations.get(id)));
        }
        observed
    }

    async fn failed(&mut self, sql: &str, after: After, error: sqlx::Error) -> sqlx::Result<Observed> {
        let sqlx::Error::Database(error) = error else { return Err(error) };
        self.plainly("ROLLBACK").await?;
        match after {
            After::Commit if error.code().as_deref() == Some(NOT_IN_TRANSACTION) => {
                self.run_outside(sql).await
            }
            _ => Ok(Observed { error: Some(error.message().to_owned()), ..Observed::default() }),
        }
    }

    /// Runs what refuses to run in a transaction: its locks and scans are not seen.
    async fn run_outside(&mut self, sql: &str) -> sqlx::Result<Observed> {
        let error = match self.plainly(sql).await {
            Err(sqlx::Error::Database(error)) => Some(error.message().to_owned()),
            other => other.map(|()| None)?,
        };
        let schema = Schema::read(&mut self.connection).await?;
        let (locks, counts) = (Locks::default(), Counts::default());
        let observed = self.compare(&locks, [&counts, &counts], &schema);
        self.schema = schema;
        Ok(Observed { outside: true, error, ..observed })
    }
}
