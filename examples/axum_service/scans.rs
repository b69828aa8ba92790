use sqlx::postgres::PgPoolOptions;
use sqlx::{PgPool, Row as _};
use std::time::Duration;

/// Pages that wait to be looked at.
#[derive(Debug, Clone)]
pub(crate) struct Scans(PgPool);

/// Long enough for a moment's crowd; a user waits no longer for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

impl Scans {
    /// Connects when it is first asked.
    pub(crate) fn at(database: &str) -> sqlx::Result<Self> {
        let pool = PgPoolOptions::new().max_connections(8).acquire_timeout(PATIENCE);
        Ok(Self(pool.connect_lazy(database)?))
    }

    /// Replicas start together, and `CREATE TABLE IF NOT EXISTS` of two at once can fail for one: it tries again.
    pub(crate) async fn prepare(&self) -> sqlx::Result<()> {
        let table = "CREATE TABLE IF NOT EXISTS scans (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            url text NOT NULL,
            status text NOT NULL DEFAULT 'queued',
            tag text,
            created_at timestamptz NOT NULL DEFAULT now()
        )";
        sqlx::query(table).execute(&self.0).await?;
        Ok(())
    }

    /// Its number. A `tag` marks what is not a user's.
    pub(crate) async fn create(&self, url: &str, tag: Option<&str>) -> sqlx::Result<i64> {
        let query = sqlx::query("INSERT INTO scans (url, tag) VALUES ($1, $2) RETURNING id");
        query.bind(url).bind(tag).fetch_one(&self.0).await?.try_get(0)
    }

    pub(crate) async fn status(&self, id: i64) -> sqlx::Result<Option<String>> {
        let query = sqlx::query("SELECT status FROM scans WHERE id = $1").bind(id);
        query.fetch_optional(&self.0).await?.map(|row| row.try_get(0)).transpose()
    }

    /// How many carry this tag.
    pub(crate) async fn tagged(&self, tag: &str) -> sqlx::Result<i64> {
        let query = sqlx::query("SELECT count(*) FROM scans WHERE tag = $1").bind(tag);
        query.fetch_one(&self.0).await?.try_get(0)
    }

    /// How many that were.
    pub(crate) async fn delete_tagged(&self, tag: &str) -> sqlx::Result<u64> {
        let query = sqlx::query("DELETE FROM scans WHERE tag = $1").bind(tag);
        Ok(query.execute(&self.0).await?.rows_affected())
    }

    /// Those whose tag begins so and that are older than `age`.
    pub(crate) async fn delete_forgotten(&self, prefix: &str, age: Duration) -> sqlx::Result<u64> {
        let sql =
            "DELETE FROM scans WHERE starts_with(tag, $1) AND created_at < now() - make_interval(secs => $2)";
        Ok(sqlx::query(sql).bind(prefix).bind(age.as_secs_f64()).execute(&self.0).await?.rows_affected())
    }
}
