use std::sync::Arc;

use async_trait::async_trait;

use super::{OpenRequest, Opened, Subject};
use crate::layers::{Call, Fault, Mishap};
use crate::{Capabilities, InMemory, TrafficSwitcher};

/// The reference model as a subject with all the sight the kit can use: an example of a harness, and the arm every
/// real backend is compared with.
#[derive(Debug)]
pub struct Model {
    backend: InMemory,
    /// Another service's traffic, which is nobody's business here.
    neighbour: InMemory,
}

impl Model {
    /// A model of everything.
    pub fn new() -> Self {
        Self::with(InMemory::everything())
    }

    /// A model of exactly these capabilities.
    pub fn with(capabilities: Capabilities) -> Self {
        Self { backend: InMemory::with(capabilities), neighbour: InMemory::new() }
    }

    /// The backend itself, for mutants to spoil.
    pub(super) const fn backend(&self) -> &InMemory {
        &self.backend
    }

    /// The other service, for mutants to trespass on.
    pub(super) const fn neighbour(&self) -> &InMemory {
        &self.neighbour
    }
}

impl Default for Model {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Subject for Model {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.backend
    }

    async fn open_request(&self) -> Opened {
        let request = self.backend.arrive().await;
        Opened::At(OpenRequest::new(request.slot(), request))
    }

    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        Some(Arc::new(Fault::new(self.backend.clone()).with(Call::Apply, [Mishap::LostAck])))
    }

    async fn sent(&self) -> Option<u64> {
        Some(self.backend.received())
    }

    async fn foreign(&self) -> Option<String> {
        let seen = self.neighbour.observe().await.ok()?;
        Some(format!("the neighbour: {} at revision {}", seen.route.split, seen.revision))
    }
}
