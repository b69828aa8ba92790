use handover_flags::{Flags, RedisStore, Safe};
use handover_testing::Redis;

use crate::Failed;
use crate::raw::Raw;
use crate::readers::Readers;
use crate::times::Times;

const FLAG: &str = "bench";

/// Switches the flag to and fro, and waits each time until every client has read it.
pub(crate) async fn measured(redis: &Redis, clients: usize, rounds: u32) -> Result<Times, Failed> {
    let mut raw = Raw::connect(redis.addr())?;
    raw.set("feature:bench", "true")?;
    let flags = clients_of(redis, clients).await?;
    let readers = Readers::of(flags.iter().map(|flags| flags.handle(FLAG)).collect());
    let mut times = Times::default();
    for round in 0..rounds {
        let wanted = round % 2 == 1;
        let writing = tokio::time::Instant::now();
        raw.set("feature:bench", if wanted { "true" } else { "false" })?;
        times.add(readers.until_all_read(wanted, writing));
    }
    Ok(times)
}

/// As many clients as if each were a process: its own store, connection and flags.
async fn clients_of(redis: &Redis, clients: usize) -> Result<Vec<Flags>, Failed> {
    let mut all = Vec::new();
    for _ in 0..clients {
        let store = RedisStore::new(&redis.url())?;
        let flags = Flags::builder(store).flag(FLAG, Safe::On).start().await;
        if !flags.status().is_live() {
            return Err(format!("a client did not start: {:?}", flags.status()).into());
        }
        all.push(flags);
    }
    Ok(all)
}
