use std::net::SocketAddr;
use std::sync::Arc;

use handover_core::{BySlot, Slot};
use handover_edge::local::LocalSwitcher;
use handover_edge::proxy::{Proxy, ProxyOptions, Targets};
use tokio::net::TcpListener;

use crate::book::Book;
use crate::upstream::Upstream;

/// An edge with a release in each slot, all on sockets of this machine; everything goes to blue at first.
#[derive(Debug)]
pub(crate) struct Stage {
    /// Where users connect.
    pub(crate) address: SocketAddr,
    pub(crate) switcher: LocalSwitcher,
    pub(crate) upstreams: BySlot<Arc<Upstream>>,
    proxy: Proxy,
}

impl Stage {
    pub(crate) async fn set(book: &Arc<Book>) -> Result<Self, String> {
        let proxy = Proxy::new(ProxyOptions::default()).map_err(|why| why.to_string())?;
        let (blue, at_blue) = upstream(Slot::Blue, book).await?;
        let (green, at_green) = upstream(Slot::Green, book).await?;
        proxy.set_targets(Slot::Blue, Some(targets(Slot::Blue, at_blue)?));
        proxy.set_targets(Slot::Green, Some(targets(Slot::Green, at_green)?));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|why| why.to_string())?;
        let address = listener.local_addr().map_err(|why| why.to_string())?;
        let serving = proxy.clone();
        tokio::spawn(async move { serving.serve(listener, std::future::pending::<()>()).await });
        let switcher = LocalSwitcher::forgetful(proxy.clone());
        Ok(Self { address, switcher, upstreams: BySlot { blue, green }, proxy })
    }

    /// Requests being answered right now, on both slots.
    pub(crate) fn in_flight(&self) -> u64 {
        self.proxy.in_flight().iter().map(|(_, load)| load.total()).sum()
    }
}

async fn upstream(slot: Slot, book: &Arc<Book>) -> Result<(Arc<Upstream>, SocketAddr), String> {
    let started = Upstream::start(slot, Arc::clone(book)).await;
    started.map_err(|why| format!("the {slot} release did not start: {why}"))
}

fn targets(slot: Slot, address: SocketAddr) -> Result<Targets, String> {
    let release = slot.as_str().parse().map_err(|why: handover_core::NameError| why.to_string())?;
    Ok(Targets { release, instances: vec![address], pin: String::new() })
}
