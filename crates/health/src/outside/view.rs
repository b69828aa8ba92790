use std::sync::Arc;

use crate::HealthProbe;

/// One place from which a service is asked, and by what.
#[derive(Debug, Clone)]
pub struct View {
    pub(super) name: Arc<str>,
    pub(super) probe: Arc<dyn HealthProbe>,
}

impl View {
    /// A view called `name` in reports and events; it is shown, so it holds no secret.
    pub fn new(name: &str, probe: impl HealthProbe) -> Self {
        Self { name: name.into(), probe: Arc::new(probe) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}
