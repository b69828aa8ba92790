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
use tokio::time::timeout;

use super::Office;
use super::answer::{self, Answer};
use super::route::{self, NoEndpoint};
use crate::api::DrainRequest;
use crate::denied::Denied;
use crate::local::LocalSwitcher;
use crate::tasks::Tasks;
use crate::windows::Watcher;

/// The largest request is a few hundred bytes.
const LARGEST: usize = 64 * 1024;

/// A client has its request ready; whoever sends one this slowly means to keep the connection.
const BODY: Duration = Duration::from_secs(10);

/// A poll that waits longer is answered empty, and asked again.
const LONGEST_POLL: Duration = Duration::from_mins(1);

/// Answers one request.
pub(super) async fn handle<O: Office>(
    request: Request<Incoming>,
    office: Arc<O>,
    tasks: Tasks,
) -> Result<Answer, Infallible> {
    if !office.admits(request.headers()) {
        return Ok(answer::unauthorized());
    }
    let endpoint = match route::find::<O>(request.method(), request.uri().path()) {
        Ok(endpoint) => endpoint,
        Err(NoEndpoint::Path(denied)) => return Ok(answer::denied(denied)),
        Err(NoEndpoint::Method(denied)) => {
            return Ok(answer::bad_request(StatusCode::METHOD_NOT_ALLOWED, denied));
        }
    };
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = match timeout(BODY, Limited::new(request.into_body(), LARGEST).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) => return Ok(unreadable(&*error)),
        Err(_) => return Ok(answer::bad_request(StatusCode::REQUEST_TIMEOUT, late())),
    };
    Ok(to_the_end(endpoint, body, query, office, &tasks).await)
}

/// Carries a request out in a task of its own: what a client asked for is done, whether or not it waits for it.
async fn to_the_end<O: Office>(
    endpoint: O::Endpoint,
    body: Bytes,
    query: String,
    office: Arc<O>,
    tasks: &Tasks,
) -> Answer {
    let (send, receive) = oneshot::channel();
    tasks.spawn(async move {
        let answer = office.carry_out(endpoint, &body, &query).await.unwrap_or_else(|not| *not.0);
        // Nobody waits for it any more.
        let _ = send.send(answer);
    });
    receive.await.unwrap_or_else(|_| answer::denied(Denied::refused(format!("the {} is stopping", O::NAME))))
}

/// An answer that is not the one wished for; boxed, because it is rare and large.
#[derive(Debug)]
pub(crate) struct Not(Box<Answer>);

impl From<Denied> for Not {
    fn from(denied: Denied) -> Self {
        Self(Box::new(answer::denied(denied)))
    }
}

/// Waits until a slot is idle.
pub(crate) async fn drain(request: DrainRequest, switcher: &LocalSwitcher) -> Result<Answer, Not> {
    let limit = Duration::from_millis(request.limit_ms);
    said(switcher.drain(request.slot, limit).await.map_err(Denied::from))
}

/// The windows that the query asks for.
pub(crate) async fn windows(query: &str, watcher: &Watcher) -> Result<Answer, Not> {
    let after = number(query, "after")?.unwrap_or(0);
    let wait = Duration::from_millis(number(query, "wait_ms")?.unwrap_or(0)).min(LONGEST_POLL);
    said(watcher.after(after, wait).await)
}

/// A number in the query; `None` where it is not there.
fn number(query: &str, name: &str) -> Result<Option<u64>, Denied> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let Some((_, text)) = pairs.find(|(found, _)| *found == name) else { return Ok(None) };
    text.parse().map(Some).map_err(|e| Denied::refused_because(format!("{name} is not a number"), &e))
}

/// A result as an answer.
pub(crate) fn said<T: Serialize>(result: Result<T, Denied>) -> Result<Answer, Not> {
    Ok(answer::json(&result?))
}

/// What the body says.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Not> {
    serde_json::from_slice(body).map_err(|error| {
        let denied = Denied::refused_because("the request's body cannot be understood", &error);
        Not(Box::new(answer::bad_request(StatusCode::BAD_REQUEST, denied)))
    })
}

fn late() -> Denied {
    Denied::refused(format!("the request's body did not come within {BODY:?}"))
}

fn unreadable(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Answer {
    if error.is::<LengthLimitError>() {
        let denied = Denied::refused(format!("the request's body is larger than {LARGEST} bytes"));
        return answer::bad_request(StatusCode::PAYLOAD_TOO_LARGE, denied);
    }
    answer::bad_request(StatusCode::BAD_REQUEST, Denied::refused("the request's body ended early"))
}
