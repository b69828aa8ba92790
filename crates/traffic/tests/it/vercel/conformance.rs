//! The kit on both backends, with users, other people's things and a path without answers in sight.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use handover_traffic::logbook::{Logbook, Platform, WithLogbook};
use handover_traffic::testkit::standin::vercel::{VercelMishap, VercelOn, VercelStandin};
use handover_traffic::testkit::{OpenRequest, Opened, Subject};
use handover_traffic::{Capabilities, Change, Drained, Observed, SwitchError, TrafficSwitcher};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Shop;

mod promote {
    handover_traffic::conformance_tests!(super::promoting().await);
}

mod rolling {
    handover_traffic::conformance_tests!(super::rolling().await);
}

pub(crate) async fn promoting() -> impl Subject {
    let shop = Shop::open().await;
    let traffic = shop.promoting(Logbook::in_memory()).await;
    InSight::new(shop, traffic)
}

pub(crate) async fn rolling() -> impl Subject {
    let shop = Shop::in_stages().await;
    let traffic = shop.rolling(Logbook::in_memory()).await;
    InSight::new(shop, traffic)
}

/// A backend whose stand-in can be looked into.
struct InSight<P> {
    standin: Arc<VercelStandin>,
    blue: String,
    green: String,
    traffic: WithLogbook<P>,
}

impl<P: Platform + Clone> InSight<P> {
    fn new(shop: Shop, traffic: WithLogbook<P>) -> Self {
        let Shop { standin, blue, green } = shop;
        Self { standin: Arc::new(standin), blue, green, traffic }
    }
}

#[async_trait]
impl<P: Platform + Clone> Subject for InSight<P> {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.traffic
    }

    async fn open_request(&self) -> Opened {
        match visit(&self.standin, "shop.example").await {
            Some(id) if id == self.blue => Opened::At(OpenRequest::new(Slot::Blue, ())),
            Some(id) if id == self.green => Opened::At(OpenRequest::new(Slot::Green, ())),
            other => Opened::Nowhere(format!("{other:?}")),
        }
    }

    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        Some(Arc::new(Deaf { standin: Arc::clone(&self.standin), traffic: self.traffic.clone() }))
    }

    async fn sent(&self) -> Option<u64> {
        let writes = self.standin.recorded().iter().filter(|it| it.is_write()).count();
        u64::try_from(writes).ok()
    }

    async fn foreign(&self) -> Option<String> {
        Some(self.standin.shown("other"))
    }

    /// One of the next requests to the control plane goes wrong, or its answer does.
    async fn strike(&self, number: u64) -> Option<String> {
        let (before, mishap) = (number % 6, MISHAPS[usize::try_from(number / 6 % 7).unwrap()]);
        self.standin.strike(VercelOn::Nth(u32::try_from(before).unwrap()), mishap);
        Some(format!("{mishap:?} after {before} requests"))
    }

    async fn calm(&self) {
        self.standin.heal();
    }
}

const MISHAPS: [VercelMishap; 7] = [
    VercelMishap::LostAnswer,
    VercelMishap::Reset,
    VercelMishap::TooMany(1),
    VercelMishap::Status(502),
    VercelMishap::Html,
    VercelMishap::Empty,
    VercelMishap::Truncated,
];

/// The deployment that answers a user.
pub(super) async fn visit(standin: &VercelStandin, host: &str) -> Option<String> {
    let mut stream = TcpStream::connect(standin.address()).await.ok()?;
    let request = format!("GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let line = answer.lines().find_map(|line| line.strip_prefix("x-deployment-id: "))?;
    Some(line.to_owned())
}

/// Its requests arrive, and the answer to the first that changes something is lost.
#[derive(Debug)]
struct Deaf<P> {
    standin: Arc<VercelStandin>,
    traffic: WithLogbook<P>,
}

#[async_trait]
impl<P: Platform> TrafficSwitcher for Deaf<P> {
    fn capabilities(&self) -> Capabilities {
        self.traffic.capabilities()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        self.traffic.observe().await
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.standin.strike(VercelOn::EveryWrite, VercelMishap::LostAnswer);
        let answer = self.traffic.apply(change).await;
        self.standin.heal();
        answer
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        self.traffic.drain(slot, limit).await
    }
}
