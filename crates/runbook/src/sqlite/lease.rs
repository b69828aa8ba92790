use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, Timestamp};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::process::{Process, uptime};
use super::{SqliteStore, int, number};
use crate::{Held, JournalError, LEASE_TTL, Lease, LeaseError};

/// The lease in a [`SqliteStore`]'s file, for drivers on one machine.
#[derive(Debug, Clone)]
pub struct SqliteLease {
    store: SqliteStore,
    holder: String,
    this: Process,
    floor: Fence,
}

/// The row as it is stored, in force or not.
struct Row {
    held: Held,
    process: Process,
    /// On the clock of [`uptime`].
    until: Duration,
    taken: bool,
}

impl SqliteLease {
    pub(super) fn new(store: SqliteStore, holder: String) -> Self {
        Self { store, holder, this: Process::this(), floor: Fence::ZERO }
    }

    /// Its next acquisition has a higher fence than `seen` too: where somebody acted without a lease, as by break-glass,
    /// there is a fence in force that the lease knows nothing of.
    #[must_use]
    pub fn above(mut self, seen: Fence) -> Self {
        self.floor = seen;
        self
    }

    async fn row(&self) -> Result<Row, JournalError> {
        let row = sqlx::query("SELECT * FROM lease").fetch_one(&self.store.pool).await;
        row.and_then(|row| Row::read(&row)).map_err(|error| self.fail(error))
    }

    /// Takes the lease unless somebody holds it; who, if so.
    async fn take(&self, take_over: bool) -> Result<Result<Held, Held>, JournalError> {
        loop {
            let row = self.row().await?;
            let last = row.held.fence;
            if let Some(by) = row.in_force()
                && !take_over
            {
                return Ok(Err(by));
            }
            let (holder, pid, since) = (self.holder.clone(), self.this.pid, Timestamp::now());
            let held = Held {
                holder,
                pid,
                fence: last.max(self.floor).next(),
                since,
                ttl: LEASE_TTL,
                left: LEASE_TTL,
            };
            // Where another one was faster there is somebody to be refused for, or to take it from, now.
            if self.follow(last, &held).await.map_err(|error| self.fail(error))? {
                return Ok(Ok(held));
            }
        }
    }

    /// Writes `held` over the lease with the fence `last`, and says whether it was still that one.
    async fn follow(&self, last: Fence, held: &Held) -> Result<bool, sqlx::Error> {
        let sql =
            "UPDATE lease SET fence = ?, held = 1, holder = ?, pid = ?, birth = ?, place = ?, since = ?,
                   until = ? WHERE fence = ?";
        let done = sqlx::query(sql)
            .bind(int(held.fence.get()))
            .bind(&held.holder)
            .bind(i64::from(self.this.pid))
            .bind(&self.this.birth)
            .bind(&self.this.place)
            .bind(int(held.since.unix_millis()))
            .bind(millis(uptime() + LEASE_TTL))
            .bind(int(last.get()))
            .execute(&self.store.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Changes the row if `held` is in force; false if it is not. The statement has the fence in its
    /// condition, so a take-over after the look is not undone.
    async fn change(&self, held: &Held, sql: &'static str) -> Result<bool, JournalError> {
        let current = self.row().await?.in_force();
        if current.is_none_or(|current| current.fence != held.fence) {
            return Ok(false);
        }
        let until = millis(uptime() + LEASE_TTL);
        let query = sqlx::query(sql).bind(until).bind(int(held.fence.get()));
        let done = query.execute(&self.store.pool).await.map_err(|error| self.fail(error))?;
        Ok(done.rows_affected() == 1)
    }

    fn fail(&self, error: sqlx::Error) -> JournalError {
        self.store.error("use", error)
    }
}

#[async_trait]
impl Lease for SqliteLease {
    async fn acquire(&self, take_over: bool) -> Result<Held, LeaseError> {
        self.take(take_over).await.map_err(unreachable("acquire"))?.map_err(LeaseError::Held)
    }

    async fn renew(&self, held: &Held) -> Result<Held, LeaseError> {
        let renewed = self.change(held, "UPDATE lease SET until = ? WHERE fence = ?").await;
        if renewed.map_err(unreachable("renew"))? {
            Ok(Held { left: held.ttl, ..held.clone() })
        } else {
            Err(LeaseError::Lost { fence: held.fence })
        }
    }

    async fn release(&self, held: Held) -> Result<(), LeaseError> {
        let released =
            self.change(&held, "UPDATE lease SET held = 0, until = min(until, ?) WHERE fence = ?").await;
        released.map(|_| ()).map_err(unreachable("release"))
    }

    async fn show(&self) -> Result<Option<Held>, LeaseError> {
        Ok(self.row().await.map_err(unreachable("read"))?.in_force())
    }
}

impl Row {
    fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let pid = u32::try_from(number(row.try_get("pid")?)).unwrap_or(0);
        let held = Held {
            holder: row.try_get("holder")?,
            pid,
            fence: Fence::new(number(row.try_get("fence")?)),
            since: Timestamp::from_unix_millis(number(row.try_get("since")?)),
            ttl: LEASE_TTL,
            left: Duration::ZERO,
        };
        let process = Process { pid, birth: row.try_get("birth")?, place: row.try_get("place")? };
        let until = Duration::from_millis(number(row.try_get("until")?));
        Ok(Self { held, process, until, taken: row.try_get::<i64, _>("held")? != 0 })
    }

    /// The lease, unless it was given back, has run out, or its holder is dead.
    fn in_force(self) -> Option<Held> {
        // After a wrong clock, no lease is longer than it can have been.
        let left = self.until.saturating_sub(uptime()).min(LEASE_TTL);
        let over = !self.taken || left.is_zero() || self.process.is_gone();
        (!over).then_some(Held { left, ..self.held })
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

fn unreachable(attempted: &'static str) -> impl Fn(JournalError) -> LeaseError {
    move |error| LeaseError::Unreachable { attempted, source: Box::new(error) }
}
