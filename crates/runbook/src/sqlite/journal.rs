use async_trait::async_trait;
use handover_core::{Fence, RunId, Timestamp};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{SqliteStore, int, number, open};
use crate::chain::{self, Draft};
use crate::{Body, Checked, Journal, JournalError, Record, RunSummary};

/// A record and its body as it is stored.
type Stored = (Record, String);

#[async_trait]
impl Journal for SqliteStore {
    async fn append(
        &self,
        run: &RunId,
        next_seq: u64,
        fence: Fence,
        body: Body,
    ) -> Result<Record, JournalError> {
        let last = self.last(run).await?;
        let draft = Draft { run, next_seq, fence, at: Timestamp::now(), body };
        let (record, text) = chain::next(last.as_ref(), draft)?;
        match self.insert(&record, &text).await {
            Ok(()) => Ok(record),
            // Somebody wrote after the look at the last record.
            Err(error) if is_taken(&error) => Err(JournalError::Taken { run: run.clone(), seq: next_seq }),
            Err(error) => Err(self.error("write to", error)),
        }
    }

    async fn read(&self, run: &RunId, from_seq: u64) -> Result<Vec<Record>, JournalError> {
        // The record before is the link that the first one asked for is checked against.
        let rows = sqlx::query("SELECT * FROM records WHERE run = ? AND seq >= ? ORDER BY seq")
            .bind(run.as_str())
            .bind(int(from_seq.saturating_sub(1)))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error("read", error))?;
        let mut records: Vec<Record> = Vec::with_capacity(rows.len());
        for row in &rows {
            let (record, text) = self.stored(row)?;
            if records.is_empty() && record.seq < from_seq {
                chain::check_alone(&record, &text)?;
            } else {
                chain::check(records.last(), &record, &text)?;
            }
            records.push(record);
        }
        records.retain(|record| record.seq >= from_seq);
        Ok(records)
    }

    async fn runs(&self) -> Result<Vec<RunSummary>, JournalError> {
        let rows = sqlx::query(
            "SELECT records.* FROM records
             JOIN (SELECT run, min(seq) AS first, max(seq) AS last FROM records GROUP BY run) AS ends
             ON records.run = ends.run AND records.seq IN (ends.first, ends.last)
             ORDER BY records.run, records.seq",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.error("read", error))?;
        let mut ends: Vec<Record> = Vec::with_capacity(rows.len());
        for row in &rows {
            let (record, text) = self.stored(row)?;
            chain::check_alone(&record, &text)?;
            ends.push(record);
        }
        let by_run = ends.chunk_by(|a, b| a.run == b.run);
        let mut all: Vec<_> = by_run
            .filter_map(|run| run.first().zip(run.last()))
            .map(|(first, last)| chain::summary(first, last))
            .collect();
        all.sort_by_key(|summary| std::cmp::Reverse((summary.last, summary.began)));
        Ok(all)
    }

    async fn verify(&self) -> Result<Checked, JournalError> {
        let fail = |error| self.error("read", error);
        let said: String = sqlx::query("PRAGMA integrity_check(1)")
            .fetch_one(&self.pool)
            .await
            .and_then(|row| row.try_get(0))
            .map_err(fail)?;
        if said != "ok" {
            return Err(open::unreadable(&self.path, said));
        }
        let mut checked = Checked::default();
        let rows = sqlx::query("SELECT DISTINCT run FROM records ORDER BY run");
        for row in rows.fetch_all(&self.pool).await.map_err(fail)? {
            let run = self.run_name(&row)?;
            checked.runs += 1;
            checked.records += self.read(&run, 0).await?.len() as u64;
        }
        Ok(checked)
    }
}

impl SqliteStore {
    async fn last(&self, run: &RunId) -> Result<Option<Record>, JournalError> {
        let row = sqlx::query("SELECT * FROM records WHERE run = ? ORDER BY seq DESC LIMIT 1")
            .bind(run.as_str())
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| self.error("read", error))?;
        let Some(row) = row else { return Ok(None) };
        let (record, text) = self.stored(&row)?;
        // A chain that is already broken is not made longer.
        chain::check_alone(&record, &text)?;
        Ok(Some(record))
    }

    /// One statement, so it is done whole or not at all; and a number is unique in its run, so of two
    /// writers that follow the same record one fails.
    async fn insert(&self, record: &Record, text: &str) -> Result<(), sqlx::Error> {
        let sql = "INSERT INTO records (run, seq, format, at, fence, body, prev, hash)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        sqlx::query(sql)
            .bind(record.run.as_str())
            .bind(int(record.seq))
            .bind(i64::from(record.format))
            .bind(int(record.at.unix_millis()))
            .bind(int(record.fence.get()))
            .bind(text)
            .bind(&record.prev)
            .bind(&record.hash)
            .execute(&self.pool)
            .await
            .map(|_| ())
    }

    fn stored(&self, row: &SqliteRow) -> Result<Stored, JournalError> {
        let run = self.run_name(row)?;
        let fail = |error| self.error("read", error);
        let int = |column: &str| row.try_get(column).map(number).map_err(fail);
        let text = |column: &str| row.try_get::<String, _>(column).map_err(fail);
        let (seq, body) = (int("seq")?, text("body")?);
        let format = u32::try_from(int("format")?).unwrap_or(u32::MAX);
        if format > crate::FORMAT {
            return Err(JournalError::Newer { found: format, known: crate::FORMAT });
        }
        let Ok(parsed) = serde_json::from_str(&body) else {
            return Err(JournalError::Corrupt { run, seq });
        };
        let record = Record {
            format,
            run,
            seq,
            at: Timestamp::from_unix_millis(int("at")?),
            fence: Fence::new(int("fence")?),
            body: parsed,
            prev: text("prev")?,
            hash: text("hash")?,
        };
        Ok((record, body))
    }

    fn run_name(&self, row: &SqliteRow) -> Result<RunId, JournalError> {
        let name: String = row.try_get("run").map_err(|error| self.error("read", error))?;
        RunId::try_from(name).map_err(|error| open::unreadable(&self.path, error.to_string()))
    }
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
