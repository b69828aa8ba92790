//! From a request to its answer.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use handover_traffic::TrafficSwitcher as _;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

use super::answer::{self, Answer};
use super::route::{self, Endpoint, NoEndpoint};
use crate::agent::Core;
use crate::api::{DrainRequest, Secrets};
use crate::denied::Denied;
use crate::tasks::Tasks;

/// The largest request is a few hundred bytes.
const LARGEST: usize = 64 * 1024;

/// A poll that waits longer is answered empty, and asked again.
const LONGEST_POLL: Duration = Duration::from_mins(1);

/// Answers one request.
pub(super) async fn handle(
    request: Request<Incoming>,
    core: Arc<Core>,
    tasks: Tasks,
) -> Result<Answer, Infallible> {
    let endpoint = match route::find(request.method(), request.uri().path()) {
        Ok(endpoint) => endpoint,
        Err(NoEndpoint::Path(denied)) => return Ok(answer::denied(denied)),
        Err(NoEndpoint::Method(denied)) => {
            return Ok(answer::bad_request(StatusCode::METHOD_NOT_ALLOWED, denied));
        }
    };
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = match Limited::new(request.into_body(), LARGEST).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return Ok(unreadable(&*error)),
    };
    Ok(to_the_end(endpoint, body, query, core, &tasks).await)
}

/// Carries a request out in a task of its own: what a client asked for is done, whether or not it waits for it.
async fn to_the_end(
    endpoint: Endpoint,
    body: Bytes,
    query: String,
    core: Arc<Core>,
    tasks: &Tasks,
) -> Answer {
    let (send, receive) = oneshot::channel();
    tasks.spawn(async move {
        let answer = carry_out(endpoint, &body, &query, &core).await.unwrap_or_else(|not| *not.0);
        // Nobody waits for it any more.
        let _ = send.send(answer);
    });
    receive.await.unwrap_or_else(|_| answer::denied(Denied::refused("the agent is stopping")))
}

/// An answer that is not the one wished for; boxed, because it is rare and large.
struct Not(Box<Answer>);

impl From<Denied> for Not {
    fn from(denied: Denied) -> Self {
        Self(Box::new(answer::denied(denied)))
    }
}

async fn carry_out(endpoint: Endpoint, body: &[u8], query: &str, core: &Core) -> Result<Answer, Not> {
    match endpoint {
        Endpoint::Status => said(core.status().await),
        Endpoint::Observe => said(core.switcher.observe().await.map_err(Denied::from)),
        Endpoint::Apply => said(core.switcher.apply(&read(body)?).await.map_err(Denied::from)),
        Endpoint::Panic => said(core.guard.panic(read(body)?).await),
        Endpoint::Drain => drain(read(body)?, core).await,
        Endpoint::Slot(slot) => Ok(answer::json(&core.supervisor.view(slot))),
        Endpoint::Launch(slot) => said(core.supervisor.launch(slot, read(body)?).await),
        Endpoint::Stop(slot) => said(core.supervisor.stop(slot, &read(body)?).await),
        Endpoint::Restart(slot) => said(core.supervisor.restart(slot, &read(body)?).await),
        Endpoint::Watch => said(core.watcher.watch(read(body)?).await),
        Endpoint::Windows => windows(query, core).await,
        Endpoint::Secrets => Ok(answer::json(&Secrets { probe: core.probe.clone() })),
        Endpoint::StartRun => said(core.start_run(read(body)?).await),
        Endpoint::EndRun => said(core.end_run(read(body)?).await),
        Endpoint::Settle => said(core.settle(read(body)?).await),
        Endpoint::Lease => Ok(answer::json(&core.lease.current())),
        Endpoint::Acquire => said(core.acquire(read(body)?).await),
        Endpoint::Renew => said(core.lease.renew(&read(body)?)),
        Endpoint::Release => said(core.lease.release(read(body)?).await),
        Endpoint::Metrics => Ok(answer::text(core.proxy.metrics_text())),
        Endpoint::StopAgent => {
            core.ask_to_stop(read(body)?);
            Ok(answer::json(&()))
        }
    }
}

async fn drain(request: DrainRequest, core: &Core) -> Result<Answer, Not> {
    let limit = Duration::from_millis(request.limit_ms);
    said(core.switcher.drain(request.slot, limit).await.map_err(Denied::from))
}

async fn windows(query: &str, core: &Core) -> Result<Answer, Not> {
    let after = number(query, "after")?.unwrap_or(0);
    let wait = Duration::from_millis(number(query, "wait_ms")?.unwrap_or(0)).min(LONGEST_POLL);
    said(core.watcher.after(after, wait).await)
}

/// A number in the query; `None` where it is not there.
fn number(query: &str, name: &str) -> Result<Option<u64>, Denied> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let Some((_, text)) = pairs.find(|(found, _)| *found == name) else { return Ok(None) };
    text.parse().map(Some).map_err(|e| Denied::refused_because(format!("{name} is not a number"), &e))
}

fn said<T: Serialize>(result: Result<T, Denied>) -> Result<Answer, Not> {
    Ok(answer::json(&result?))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Not> {
    serde_json::from_slice(body).map_err(|error| {
        let denied = Denied::refused_because("the request's body cannot be understood", &error);
        Not(Box::new(answer::bad_request(StatusCode::BAD_REQUEST, denied)))
    })
}

fn unreadable(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Answer {
    if error.is::<LengthLimitError>() {
        let denied = Denied::refused(format!("the request's body is larger than {LARGEST} bytes"));
        return answer::bad_request(StatusCode::PAYLOAD_TOO_LARGE, denied);
    }
    answer::bad_request(StatusCode::BAD_REQUEST, Denied::refused("the request's body ended early"))
}
