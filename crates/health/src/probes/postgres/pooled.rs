use std::time::Duration;

use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::time::{Instant, timeout};

use super::class::failed;
use super::lent::Lent;
use super::probe::Query;
use crate::probes::deadline::late;
use crate::{Healthy, ProbeClass, ProbeError};

/// How much of the deadline is left for asking why the pool gives nothing.
const FOR_THE_REASON: f64 = 0.25;

/// Asks on a connection of the pool, which gets it back after a good answer only.
pub(super) async fn check(pool: &PgPool, query: Query, deadline: Duration) -> Result<Healthy, ProbeError> {
    let began = Instant::now();
    let mut lent = borrow(pool, deadline).await?;
    let rest = deadline.saturating_sub(began.elapsed());
    if let Some(connection) = lent.connection() {
        timeout(rest, query.on(connection)).await.unwrap_or_else(|_| Err(late(deadline)))?;
    }
    lent.give_back();
    Ok(Healthy::after(began.elapsed()))
}

/// A pool that has none to lend waits, and one that cannot open one goes on trying without a word; so a part of the time
/// is kept for finding out why.
async fn borrow(pool: &PgPool, deadline: Duration) -> Result<Lent, ProbeError> {
    let all_out = pool.num_idle() == 0 && pool.size() >= pool.options().get_max_connections();
    let reserve = deadline.mul_f64(FOR_THE_REASON);
    match timeout(deadline.saturating_sub(reserve), pool.acquire()).await {
        Ok(lent) => lent.map(Lent::new).map_err(|error| failed(&error)),
        Err(_) if all_out => {
            Err(ProbeError::new(ProbeClass::Exhausted, "every connection of the pool is in use"))
        }
        Err(_) => Err(timeout(reserve, reason(pool)).await.ok().flatten().unwrap_or_else(|| late(deadline))),
    }
}

/// Why the pool cannot open a connection, from opening one beside it.
async fn reason(pool: &PgPool) -> Option<ProbeError> {
    let options = pool.connect_options();
    Box::pin(PgConnection::connect_with(&options)).await.err().map(|error| failed(&error))
}
