//! The strategy's cache (docs of the strategy, `feature-flags.ts`): a read fills it from Redis, and it forgets after its
//! time. A hundred processes filled it at a hundred moments, evenly spread.

use std::time::Duration;

use handover_testing::Redis;
use redis::Commands as _;
use tokio::time::Instant;

use crate::Failed;
use crate::raw::Raw;
use crate::times::Times;

const PROCESSES: u32 = 100;

/// Between two looks at all caches.
const PAUSE: Duration = Duration::from_millis(1);

struct Cache {
    value: bool,
    forgets: Instant,
}

/// One switch, seen by all of them.
pub(crate) async fn measured(redis: &Redis, ttl: Duration) -> Result<Times, Failed> {
    let mut raw = Raw::connect(redis.addr())?;
    raw.set("feature:bench", "true")?;
    let mut connection = redis::Client::open(redis.url())?.get_connection()?;
    let begin = Instant::now();
    let caches =
        (0..PROCESSES).map(|number| Cache { value: true, forgets: begin + ttl * (number + 1) / PROCESSES });
    let mut caches: Vec<_> = caches.collect();
    raw.set("feature:bench", "false")?;
    let mut seen = Vec::new();
    while !caches.is_empty() {
        for cache in caches.iter_mut().filter(|cache| cache.forgets <= Instant::now()) {
            let value: Option<String> = connection.get("feature:bench")?;
            (cache.value, cache.forgets) = (value.as_deref() == Some("true"), Instant::now() + ttl);
        }
        caches.retain(|cache| {
            seen.extend((!cache.value).then(|| begin.elapsed()));
            cache.value
        });
        tokio::time::sleep(PAUSE).await;
    }
    let mut times = Times::default();
    times.add(seen);
    Ok(times)
}
