use std::time::Duration;

use async_trait::async_trait;
use handover_health::{HealthProbe, Healthy, HttpProbe, InvalidProbe, ProbeClass, ProbeError};
use tokio::time::timeout;

use super::mark::Mark;

/// In this header the edge and HAProxy's rules look for the secret.
const HEADER: &str = "handover-probe";

/// Asks an address over HTTP or HTTPS, marked as a probe.
#[derive(Debug)]
pub(crate) struct MarkedProbe {
    probe: HttpProbe,
    mark: Mark,
}

impl MarkedProbe {
    /// Asks `address`.
    ///
    /// # Errors
    ///
    /// It is no address of HTTP or HTTPS, or TLS cannot be set up.
    pub(crate) fn new(address: &str, mark: Mark) -> Result<Self, InvalidProbe> {
        Ok(Self { probe: HttpProbe::new(address)?, mark })
    }

    async fn ask(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        let Some(secret) = self.mark.secret().await else { return self.probe.check(deadline).await };
        let marked = self.probe.clone().with_header(HEADER, &secret).map_err(ProbeError::other)?;
        marked.check(deadline).await
    }
}

#[async_trait]
impl HealthProbe for MarkedProbe {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        let late = |_| ProbeError::new(ProbeClass::Timeout, format!("no answer within {deadline:?}"));
        timeout(deadline, self.ask(deadline)).await.map_err(late)?
    }
}
