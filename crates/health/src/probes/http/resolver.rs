use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::probes::lookup::Lookup;

/// The system's resolver for reqwest, whose own starts a thread for each look-up, however many hang.
#[derive(Default)]
pub(super) struct Resolver(Arc<Lookup>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = self.0.clone();
        Box::pin(async move {
            // Port 0 stands for the one in the URL.
            let found = lookup.addresses(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
