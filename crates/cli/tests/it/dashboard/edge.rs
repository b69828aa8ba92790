//! A real edge with a release in each slot, one that fails and one that does not.

use std::net::SocketAddr;

use handover_core::Slot;
use handover_edge::proxy::{Proxy, ProxyOptions, Targets};
use handover_traffic::{Route, Split};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::servers::{Exporter, get};

pub(super) struct Edge {
    pub(super) proxy: Proxy,
    addr: SocketAddr,
    _releases: [Exporter; 2],
    _runtime: Runtime,
}

impl Edge {
    pub(super) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let releases = [200, 500].map(|status| Exporter::start(move |_| (status, String::new())));
        let proxy = Proxy::new(ProxyOptions::default()).unwrap();
        for (slot, (release, server)) in
            [Slot::Blue, Slot::Green].into_iter().zip(["v1", "v2"].iter().zip(&releases))
        {
            let release = release.parse().unwrap();
            proxy.set_targets(
                slot,
                Some(Targets { release, instances: vec![server.addr.into()], pin: String::new() }),
            );
        }
        proxy.set_route(Route::serve(Split::from_bps(Slot::Green, 5_000).unwrap()));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let addr = listener.local_addr().unwrap();
        let serving = proxy.clone();
        runtime.spawn(async move { serving.serve(listener, std::future::pending::<()>()).await });
        Self { proxy, addr, _releases: releases, _runtime: runtime }
    }

    /// Some requests, to both releases.
    pub(super) fn ask(&self) {
        for _ in 0..20 {
            get(self.addr, "/").unwrap();
        }
    }
}
