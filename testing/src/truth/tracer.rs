use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, raw_sql};

use super::contract::changes;
use super::schema::Schema;
use super::work::{Counts, work};

/// What this session holds on relations of the database it is in.
const LOCKS: &str = "\
    SELECT relation::int8, mode FROM pg_catalog.pg_locks WHERE pid = pg_catalog.pg_backend_pid() \
    AND locktype = 'relation' AND granted AND database = \
    (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

/// As `pg_locks` spells them, weakest first.
const STRENGTH: [&str; 8] = [
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
];

/// Of a statement that does not run in a transaction.
const NOT_IN_TRANSACTION: &str = "25001";

/// Runs migrations statement by statement, and tells what each does.
#[derive(Debug)]
pub struct Tracer {
    connection: PgConnection,
    /// What was there before the file.
    known: BTreeSet<i64>,
    /// What is there now.
    schema: Schema,
}

/// What a statement did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// Why it did not apply; then it did nothing.
    pub error: Option<String>,
    /// Whether it ran outside of a transaction, so that its locks were not seen.
    pub outside: bool,
    /// The relations that it touched of those that were there before the file, by their full name before it.
    pub touched: BTreeMap<String, Touched>,
    /// What it changed for code that knows those relations: the kind, and the name of a column or a relation.
    pub contract: Vec<(&'static str, String)>,
}

/// What a statement did to a relation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// The strongest lock that it held, as `pg_locks` spells it; nothing where that was not seen.
    pub lock: Option<&'static str>,
    /// Of `rewrite`, `scan`, `index` and `dml`.
    pub work: BTreeSet<&'static str>,
    /// As `pg_class.relkind` has it.
    pub kind: char,
}

impl Tracer {
    /// Connects to a database whose migrations it will run.
    ///
    /// # Errors
    ///
    /// Where the server does not answer.
    pub async fn connect(url: &str) -> sqlx::Result<Self> {
        let connection = PgConnection::connect(url).await?;
        Ok(Self { connection, known: BTreeSet::new(), schema: Schema::default() })
    }

    /// Begins a file: what is there now is what its statements are told of.
    ///
    /// # Errors
    ///
    /// Where the server does not answer.
    pub async fn begin_file(&mut self) -> sqlx::Result<()> {
        for session in ["DISCARD ALL", "SET TIME ZONE 'UTC'"] {
            raw_sql(session).execute(&mut self.connection).await?;
        }
        self.schema = Schema::read(&mut self.connection).await?;
        self.known = self.schema.relations.keys().copied().collect();
        Ok(())
    }

    /// Runs a statement and keeps what it did.
    ///
    /// # Errors
    ///
    /// Where the server is lost. An error of the statement itself is among what is observed.
    pub async fn run(&mut self, sql: &str) -> sqlx::Result<Observed> {
        raw_sql("BEGIN").execute(&mut self.connection).await?;
        let before = Counts::read(&mut self.connection).await?;
        let ran = raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await;
        if let Err(error) = ran {
            return self.failed(sql, error).await;
        }
        let observed = self.observe(&before).await;
        match (observed, raw_sql("COMMIT").execute(&mut self.connection).await) {
            (Ok((observed, schema)), Ok(_)) => {
                self.schema = schema;
                Ok(observed)
            }
            (Err(error), _) | (_, Err(error)) => self.failed(sql, error).await,
        }
    }

    /// What the open transaction did, and the schema it left.
    async fn observe(&mut self, before: &Counts) -> sqlx::Result<(Observed, Schema)> {
        let locks = self.locks().await?;
        let counts = Counts::read(&mut self.connection).await?;
        let schema = Schema::read(&mut self.connection).await?;
        let observed = self.compare(&locks, [before, &counts], &schema, false);
        Ok((observed, schema))
    }

    /// The strongest lock on each relation.
    async fn locks(&mut self) -> sqlx::Result<BTreeMap<i64, usize>> {
        let mut locks = BTreeMap::new();
        for row in raw_sql(LOCKS).fetch_all(&mut self.connection).await? {
            let mode: &str = row.try_get(1)?;
            let strength = STRENGTH.iter().position(|name| *name == mode).unwrap_or_default();
            let strongest = locks.entry(row.try_get(0)?).or_insert(strength);
            *strongest = strength.max(*strongest);
        }
        Ok(locks)
    }

    fn compare(
        &self,
        locks: &BTreeMap<i64, usize>,
        counts: [&Counts; 2],
        schema: &Schema,
        outside: bool,
    ) -> Observed {
        let mut observed = Observed { outside, ..Observed::default() };
        for (id, relation) in self.schema.relations.iter().filter(|(id, _)| self.known.contains(*id)) {
            let lock = locks.get(id).and_then(|strength| STRENGTH.get(*strength).copied());
            let work = work(*id, [&self.schema, schema], counts);
            if lock.is_some() || !work.is_empty() {
                let touched = Touched { lock, work, kind: relation.kind };
                observed.touched.insert(relation.name.clone(), touched);
            }
            observed.contract.extend(changes(relation, schema.relations.get(id)));
        }
        observed
    }

    async fn failed(&mut self, sql: &str, error: sqlx::Error) -> sqlx::Result<Observed> {
        raw_sql("ROLLBACK").execute(&mut self.connection).await?;
        let sqlx::Error::Database(error) = error else { return Err(error) };
        if error.code().as_deref() == Some(NOT_IN_TRANSACTION) {
            return self.run_outside(sql).await;
        }
        Ok(Observed { error: Some(error.message().to_owned()), ..Observed::default() })
    }

    /// Runs what refuses to run in a transaction: its locks and scans are not seen.
    async fn run_outside(&mut self, sql: &str) -> sqlx::Result<Observed> {
        match raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await {
            Ok(_) => {}
            Err(sqlx::Error::Database(error)) => {
                let error = Some(error.message().to_owned());
                return Ok(Observed { error, outside: true, ..Observed::default() });
            }
            Err(error) => return Err(error),
        }
        let schema = Schema::read(&mut self.connection).await?;
        let none = Counts::default();
        let observed = self.compare(&BTreeMap::new(), [&none, &none], &schema, true);
        self.schema = schema;
        Ok(observed)
    }
}
