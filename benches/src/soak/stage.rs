use std::net::SocketAddr;
use std::sync::Arc;

use handover_core::{BySlot, Slot};
use handover_edge::local::LocalSwitcher;
use handover_edge::proxy::{Proxy, ProxyOptions, Targets};
use handover_traffic::TrafficSwitcher;
use tokio::net::TcpListener;

use crate::book::Book;
use crate::haproxy::Haproxy;
use crate::upstream::Upstream;

/// Which proxy stands between users and releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Backend {
    /// The edge, in this process.
    Edge,
    /// A HAProxy of its own.
    Haproxy,
}

/// A proxy with a release in each slot, all on sockets of this machine; everything goes to blue at first.
#[derive(Debug)]
pub(crate) struct Stage {
    /// Where users connect.
    pub(crate) address: SocketAddr,
    pub(crate) switcher: Arc<dyn TrafficSwitcher>,
    pub(crate) upstreams: BySlot<Arc<Upstream>>,
    /// Ends with the stage.
    _haproxy: Option<Haproxy>,
}

impl Stage {
    pub(crate) async fn set(backend: Backend, book: &Arc<Book>) -> Result<Self, String> {
        let (blue, at_blue) = upstream(Slot::Blue, book).await?;
        let (green, at_green) = upstream(Slot::Green, book).await?;
        let (upstreams, at) = (BySlot { blue, green }, BySlot { blue: at_blue, green: at_green });
        match backend {
            Backend::Edge => {
                let (address, switcher) = edge(at).await?;
                Ok(Self { address, switcher: Arc::new(switcher), upstreams, _haproxy: None })
            }
            Backend::Haproxy => {
                let haproxy = Haproxy::start(at).await?;
                let (address, switcher) = (haproxy.address, haproxy.switcher());
                Ok(Self { address, switcher, upstreams, _haproxy: Some(haproxy) })
            }
        }
    }

    /// Requests being answered right now, on both slots.
    pub(crate) async fn in_flight(&self) -> u64 {
        let seen = self.switcher.observe().await.ok().and_then(|seen| seen.in_flight);
        seen.map_or(0, |load| load.iter().map(|(_, load)| load.total()).sum())
    }
}

async fn edge(at: BySlot<SocketAddr>) -> Result<(SocketAddr, LocalSwitcher), String> {
    let proxy = Proxy::new(ProxyOptions::default()).map_err(|why| why.to_string())?;
    for (slot, address) in at.iter() {
        proxy.set_targets(slot, Some(targets(slot, *address)?));
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|why| why.to_string())?;
    let address = listener.local_addr().map_err(|why| why.to_string())?;
    let serving = proxy.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending::<()>()).await });
    Ok((address, LocalSwitcher::forgetful(proxy)))
}

async fn upstream(slot: Slot, book: &Arc<Book>) -> Result<(Arc<Upstream>, SocketAddr), String> {
    let started = Upstream::start(slot, Arc::clone(book)).await;
    started.map_err(|why| format!("the {slot} release did not start: {why}"))
}

fn targets(slot: Slot, address: SocketAddr) -> Result<Targets, String> {
    let release = slot.as_str().parse().map_err(|why: handover_core::NameError| why.to_string())?;
    Ok(Targets { release, instances: vec![address.into()], pin: String::new() })
}
