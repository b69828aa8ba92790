use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use super::deadline::within;
use super::lookup::Lookup;
use crate::{HealthProbe, Healthy, ProbeError};

/// Whether the system's resolver has an address for a name.
///
/// It cannot be cancelled, so there is one look-up at a time: who finds one under way waits for it.
pub struct DnsProbe {
    name: String,
    lookup: Lookup,
}

impl DnsProbe {
    /// Asks for the addresses of this name.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), lookup: Lookup::default() }
    }
}

#[async_trait]
impl HealthProbe for DnsProbe {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        within(deadline, async { self.lookup.addresses(&self.name, 0).await.map(drop) }).await
    }
}

impl fmt::Debug for DnsProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DnsProbe").finish_non_exhaustive()
    }
}
