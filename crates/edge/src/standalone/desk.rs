//! What is asked of an edge of its own, by whoever has its token.

use std::sync::Arc;

use handover_core::{BySlot, Timestamp};
use handover_traffic::{Observed, TrafficSwitcher as _};
use http::header::{AUTHORIZATION, HeaderValue};
use http::{HeaderMap, Method};

use super::state::EdgeStore;
use crate::admin::{Answer, Not, Office, answers, drain, read, said, windows};
use crate::api::{self, EdgeStatus, PanicRequest, Secrets, UpstreamView};
use crate::denied::Denied;
use crate::local::LocalSwitcher;
use crate::proxy::Proxy;
use crate::token::AdminToken;
use crate::windows::Watcher;

/// The parts of a running edge, for its admin API.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) since: Timestamp,
    pub(super) upstreams: BySlot<Vec<String>>,
    pub(super) proxy: Proxy,
    pub(super) switcher: LocalSwitcher,
    pub(super) watcher: Arc<Watcher>,
    pub(super) state: Arc<EdgeStore>,
    pub(super) token: AdminToken,
    /// Marks the prober's requests.
    pub(super) probe: String,
    pub(super) pins: BySlot<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    Status,
    Observe,
    Apply,
    Panic,
    Drain,
    Watch,
    Windows,
    Secrets,
    Metrics,
}

impl Office for Desk {
    type Endpoint = Endpoint;

    const NAME: &'static str = "edge";

    fn offered(segments: &[&str]) -> Option<Vec<(Method, Endpoint)>> {
        let get = |endpoint| (Method::GET, endpoint);
        let post = |endpoint| (Method::POST, endpoint);
        Some(match segments {
            ["edge"] => vec![get(Endpoint::Status)],
            ["route"] => vec![get(Endpoint::Observe), (Method::PUT, Endpoint::Apply)],
            ["panic"] => vec![post(Endpoint::Panic)],
            ["drain"] => vec![post(Endpoint::Drain)],
            ["watch"] => vec![post(Endpoint::Watch)],
            ["windows"] => vec![get(Endpoint::Windows)],
            ["secrets"] => vec![get(Endpoint::Secrets)],
            ["metrics"] => vec![get(Endpoint::Metrics)],
            _ => return None,
        })
    }

    /// Only with the token, said once.
    fn admits(&self, headers: &HeaderMap) -> bool {
        let mut said = headers.get_all(AUTHORIZATION).iter();
        match (said.next().and_then(bearer), said.next()) {
            (Some(offered), None) => self.token.is(offered),
            _ => false,
        }
    }

    async fn carry_out(&self, endpoint: Endpoint, body: &[u8], query: &str) -> Result<Answer, Not> {
        match endpoint {
            Endpoint::Status => Ok(answers::json(&self.status().await?)),
            Endpoint::Observe => said(self.switcher.observe().await.map_err(Denied::from)),
            Endpoint::Apply => said(self.switcher.apply(&read(body)?).await.map_err(Denied::from)),
            Endpoint::Panic => said(self.panic(read(body)?).await),
            Endpoint::Drain => drain(read(body)?, &self.switcher).await,
            Endpoint::Watch => said(self.watcher.watch(read(body)?).await),
            Endpoint::Windows => windows(query, &self.watcher).await,
            Endpoint::Secrets => Ok(answers::json(&self.secrets())),
            Endpoint::Metrics => Ok(answers::text(self.proxy.metrics_text())),
        }
    }
}

impl Desk {
    async fn status(&self) -> Result<EdgeStatus, Denied> {
        Ok(EdgeStatus {
            version: api::VERSION,
            build: env!("CARGO_PKG_VERSION").to_owned(),
            since: self.since,
            route: self.switcher.observe().await?,
            slots: BySlot::from_fn(|slot| UpstreamView {
                addresses: self.upstreams[slot].clone(),
                recent: self.watcher.recent(slot),
            }),
        })
    }

    fn secrets(&self) -> Secrets {
        Secrets { probe: self.probe.clone(), pins: Some(self.pins.clone()) }
    }

    /// Everything to one slot, whatever the disk says.
    async fn panic(&self, request: PanicRequest) -> Result<Observed, Denied> {
        let Some(to) = request.to else {
            return Err(Denied::refused("an edge of its own knows of no stable release: name a slot"));
        };
        tracing::warn!(%to, why = request.why, "break-glass: everything to one slot");
        let (observed, unsaved) = self.switcher.panic_to(to, request.op).await;
        if let Some(error) = unsaved {
            tracing::error!(%error, "the route is in force, but not on disk");
            // Whatever is written next must not bring the former route back.
            let (state, record) = (Arc::clone(&self.state), self.switcher.record());
            let told = tokio::task::spawn_blocking(move || {
                state.update_regardless(|state| state.route = Some(record));
            });
            let _ = told.await;
        }
        Ok(observed)
    }
}

/// The token in `Bearer TOKEN`; the scheme may be written in any case.
fn bearer(value: &HeaderValue) -> Option<&[u8]> {
    let (scheme, token) = value.as_bytes().split_at_checked(BEARER.len())?;
    scheme.eq_ignore_ascii_case(BEARER).then_some(token)
}

const BEARER: &[u8] = b"bearer ";
