use std::env;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use handover_health::DrainTimes;

/// What the environment says.
pub(crate) struct Settings {
    pub(crate) database: String,
    pub(crate) redis: String,
    /// Where the flags' last values are kept, for a restart while Redis is down.
    pub(crate) last_flags: Option<String>,
    /// Somebody else's API; without it there is no such check.
    pub(crate) api: Option<String>,
    pub(crate) api_token: Option<String>,
    /// Opens the details.
    pub(crate) token: Option<String>,
    pub(crate) release: String,
    pub(crate) listen: SocketAddr,
    pub(crate) drain: DrainTimes,
    /// From one check to the next.
    pub(crate) period: Duration,
}

/// A variable that is missing or makes no sense; what it holds is not said, since it may be a secret.
#[derive(Debug)]
pub(crate) struct Wrong {
    name: &'static str,
    why: &'static str,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the environment variable {} {}", self.name, self.why)
    }
}

impl std::error::Error for Wrong {}

impl Settings {
    pub(crate) fn from_environment() -> Result<Self, Wrong> {
        let host = parsed("HOST", IpAddr::V4(Ipv4Addr::LOCALHOST))?;
        let delay = Duration::from_millis(parsed("DRAIN_DELAY_MS", 5_000)?);
        Ok(Self {
            database: needed("DATABASE_URL")?,
            redis: needed("REDIS_URL")?,
            last_flags: given("LAST_FLAGS"),
            api: given("API_URL"),
            api_token: given("API_TOKEN"),
            token: given("HEALTH_TOKEN"),
            release: given("RELEASE").unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned()),
            listen: SocketAddr::new(host, parsed("PORT", 8_080)?),
            drain: DrainTimes { delay, ..DrainTimes::default() },
            period: Duration::from_millis(parsed("CHECK_PERIOD_MS", 5_000)?),
        })
    }
}

fn given(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn needed(name: &'static str) -> Result<String, Wrong> {
    given(name).ok_or(Wrong { name, why: "is not set" })
}

fn parsed<T: FromStr>(name: &'static str, otherwise: T) -> Result<T, Wrong> {
    let Some(text) = given(name) else { return Ok(otherwise) };
    text.parse().map_err(|_| Wrong { name, why: "makes no sense" })
}
