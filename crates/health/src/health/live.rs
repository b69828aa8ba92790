use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::report::LocalReport;
use crate::{LocalProbe, ProbeClass, ProbeError};

/// A local probe with its name.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub(super) name: Arc<str>,
    pub(super) probe: Arc<dyn LocalProbe>,
}

impl Live {
    pub(super) fn report(&self) -> LocalReport {
        let looked = catch_unwind(AssertUnwindSafe(|| self.probe.look()));
        let looked = looked.unwrap_or_else(|_| Err(ProbeError::new(ProbeClass::Panicked, "")));
        LocalReport { name: self.name.clone(), error: looked.err() }
    }
}
