//! The switcher in this process keeps every promise, seen from outside by a client.

use std::sync::Arc;

use async_trait::async_trait;
use handover_core::Slot;
use handover_edge::local::{Forgetful, LocalSwitcher, RouteRecord};
use handover_edge::proxy::ProxyOptions;
use handover_traffic::TrafficSwitcher;
use handover_traffic::testkit::{OpenRequest, Opened, Subject};

use super::rig::{Client, Release, Rig, request};

struct Loopback {
    switcher: LocalSwitcher,
    rig: Rig,
    releases: [Release; 2],
}

impl Loopback {
    async fn start() -> Self {
        let (rig, blue, green) = Rig::pair(ProxyOptions::default()).await;
        let switcher = LocalSwitcher::new(rig.proxy.clone(), Arc::new(Forgetful), RouteRecord::default());
        Self { switcher, rig, releases: [blue, green] }
    }
}

#[async_trait]
impl Subject for Loopback {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.switcher
    }

    /// The head of the answer comes at once and says which release it is; its body does not end.
    async fn open_request(&self) -> Opened {
        let mut client = Client::new(self.rig.addr).await;
        match client.begin(request("/stream")).await {
            Err(error) => Opened::Nowhere(format!("{error:?}")),
            Ok(response) if response.status() != 200 => Opened::Nowhere(response.status().to_string()),
            Ok(response) => {
                let mut body = response.into_body();
                let first = http_body_util::BodyExt::frame(&mut body).await;
                let name = first.and_then(Result::ok).and_then(|frame| frame.into_data().ok());
                let at = if name.is_some_and(|name| name == self.releases[0].name) {
                    Slot::Blue
                } else {
                    Slot::Green
                };
                Opened::At(OpenRequest::new(at, (client, body)))
            }
        }
    }
}

handover_traffic::conformance_tests!(Loopback::start().await);
