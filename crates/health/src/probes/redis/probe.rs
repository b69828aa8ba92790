use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use super::link::{Link, Server};
use crate::probes::deadline::within;
use crate::probes::kept::Kept;
use crate::{HealthProbe, Healthy, InvalidProbe, ProbeClass, ProbeError};

/// Asks a Redis server by `PING`, on one connection of its own.
///
/// ```
/// # use std::time::Duration;
/// # use handover_health::{HealthProbe as _, RedisProbe};
/// # async fn ask(redis_url: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let cache = RedisProbe::connect(redis_url)?;
/// let well = cache.check(Duration::from_secs(1)).await?;
/// # let _ = well; Ok(()) }
/// ```
pub struct RedisProbe {
    server: Server,
    kept: Kept<Link>,
}

impl RedisProbe {
    /// Asks the server at this URL: `redis://`, `rediss://` for TLS, or `unix://`. The connection is opened by the first
    /// check. TLS takes the system's roots; a certificate is always verified.
    ///
    /// # Errors
    ///
    /// It is not a URL of Redis, or TLS cannot be set up.
    pub fn connect(url: &str) -> Result<Self, InvalidProbe> {
        Ok(Self { server: Server::parse(url)?, kept: Kept::default() })
    }

    /// The connection that gave a good answer: the kept one, or one that is opened where it is gone. That a kept one was
    /// closed says nothing against the server.
    async fn ask(&self) -> Result<Link, ProbeError> {
        if let Some(mut link) = self.kept.take() {
            match link.ping().await {
                Ok(()) => return Ok(link),
                Err(error) if error.class() == ProbeClass::Reset => {}
                Err(error) => return Err(error),
            }
        }
        let mut link = self.server.link().await?;
        link.ping().await?;
        Ok(link)
    }
}

#[async_trait]
impl HealthProbe for RedisProbe {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        within(deadline, async { self.ask().await.map(|link| self.kept.put(link)) }).await
    }
}

impl fmt::Debug for RedisProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisProbe").finish_non_exhaustive()
    }
}
