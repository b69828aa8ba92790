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
        Err(_) => Err(match timeout(reserve, beside(pool)).await {
            Ok(Err(error)) => error,
            Ok(Ok(())) if all_out => {
                ProbeError::new(ProbeClass::Exhausted, "every connection of the pool is in use")
            }
            Ok(Ok(())) | Err(_) => late(deadline),
        }),
    }
}

/// Whether a connection can be had beside the pool: then it is not the server that keeps the pool from lending one.
async fn beside(pool: &PgPool) -> Result<(), ProbeError> {
    let options = pool.connect_options();
    let connected = Box::pin(PgConnection::connect_with(&options)).await;
    connected.map(drop).map_err(|error| failed(&error))
}
