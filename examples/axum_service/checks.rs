use std::error::Error;

use handover_flags::Flags;
use handover_health::{Check, Health, HttpProbe, Lifecycle, PostgresProbe, RedisProbe, probe_fn};

use crate::flags;
use crate::settings::Settings;

/// The database is critical. Without the cache the service is slow, and without somebody else's API it does less: neither is
/// a reason to turn users away from every replica at once.
pub(crate) fn watched(
    settings: &Settings,
    lifecycle: &Lifecycle,
    flags: &Flags,
) -> Result<Health, Box<dyn Error>> {
    let period = settings.period;
    let health = Health::builder("axum_service", &settings.release)
        .lifecycle(lifecycle.clone())
        .check(Check::new("api", probe_fn(|| async { Ok(()) })).every(period))
        .check(Check::new("database", PostgresProbe::connect(&settings.database)?).every(period).fall(2))
        .check(Check::new("redis", RedisProbe::connect(&settings.redis)?).degrades().every(period).fall(2));
    // Their last values are served while Redis is down: nobody is turned away.
    let health = health.check(Check::new("flags", flags::probe(flags)).informs().every(period));
    let health = match openai(settings)? {
        // Paid for by the call, so a minute apart, whoever asks how often.
        Some(probe) => health.check(Check::new("openai", probe).degrades().every(period * 12)),
        None => health,
    };
    Ok(health.start()?)
}

/// The list of models is the cheapest call there is.
fn openai(settings: &Settings) -> Result<Option<HttpProbe>, Box<dyn Error>> {
    let Some(url) = &settings.api else { return Ok(None) };
    let probe = HttpProbe::new(url)?;
    Ok(Some(match &settings.api_token {
        Some(token) => probe.with_bearer(token)?,
        None => probe,
    }))
}
