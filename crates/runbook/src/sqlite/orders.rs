use async_trait::async_trait;
use handover_core::{RunId, Timestamp};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{SqliteStore, int, number, open};
use crate::{JournalError, Numbered, Order, Orders};

#[async_trait]
impl Orders for SqliteStore {
    async fn after(&self, run: &RunId, number: u64) -> Result<Vec<Numbered>, JournalError> {
        let rows = sqlx::query("SELECT * FROM orders WHERE run = ? AND number > ? ORDER BY number")
            .bind(run.as_str())
            .bind(int(number))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error("read", error))?;
        rows.iter().map(|row| self.order(row)).collect()
    }

    async fn give(&self, run: &RunId, order: Order, by: &str) -> Result<u64, JournalError> {
        let fail = |error| self.error("write to", error);
        let body = serde_json::to_string(&order).map_err(|source| JournalError::Unavailable {
            attempted: "put an order into words".into(),
            source: source.into(),
        })?;
        // One statement, so two people never get the same number; read to its end, not to its first row, since a full
        // disk shows only when the statement commits.
        let rows = sqlx::query(
            "INSERT INTO orders (run, number, at, given_by, body)
             SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4 FROM orders WHERE run = ?1
             RETURNING number",
        )
        .bind(run.as_str())
        .bind(int(Timestamp::now().unix_millis()))
        .bind(by)
        .bind(body)
        .fetch_all(&self.pool)
        .await
        .map_err(fail)?;
        let row = rows.first().ok_or(sqlx::Error::RowNotFound).map_err(fail)?;
        row.try_get(0).map(number).map_err(fail)
    }
}

impl SqliteStore {
    fn order(&self, row: &SqliteRow) -> Result<Numbered, JournalError> {
        let fail = |error| self.error("read", error);
        let body: String = row.try_get("body").map_err(fail)?;
        let order = serde_json::from_str(&body).map_err(|error| {
            open::unreadable(&self.path, format!("an order in it cannot be understood: {error}"))
        })?;
        Ok(Numbered {
            number: number(row.try_get("number").map_err(fail)?),
            order,
            by: row.try_get("given_by").map_err(fail)?,
            at: Timestamp::from_unix_millis(number(row.try_get("at").map_err(fail)?)),
        })
    }
}
