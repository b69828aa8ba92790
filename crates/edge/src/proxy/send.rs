//! One try: over a kept connection where there is one, over a new one otherwise.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use tokio::time::Instant;

use super::edge::Edge;
use super::failure::Failure;
use super::instance::Instance;
use super::stats::one;
use super::upload::{Progress, Stage, Upload};
use super::upstream::{Silence, Upstream};

/// The head of an answer, and the connection that the rest comes over.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) response: Response<Incoming>,
    pub(super) upstream: Box<Upstream>,
    pub(super) upload: Option<Arc<Progress>>,
}

/// A try that failed.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) failure: Failure,
    /// The request, where it is safe to send it elsewhere.
    pub(super) request: Option<Box<Request<Upload>>>,
}

/// A connection kept for less than this is hardly ever closed by the other side at just this moment.
const WARM: Duration = Duration::from_millis(500);

/// Sends a request to an instance.
pub(super) async fn send(edge: &Edge, instance: &Instance, request: Request<Upload>) -> Result<Sent, Lost> {
    let elsewhere = edge.table.load().has_choice();
    let kept = instance.pool.take(Instant::now(), edge.settings.timeouts.pool_idle);
    let Some((upstream, idle_for)) = kept else { return send_anew(edge, instance, request, elsewhere).await };
    let spare = if elsewhere || idle_for > WARM { spare(&request) } else { None };
    match ask(edge, upstream, request, spare).await {
        // An instance may close a connection that nobody uses; that is no failure of its own.
        Err(Lost { failure: Failure::Broken, request: Some(request) }) => {
            one(&edge.stats.reconnects);
            send_anew(edge, instance, *request, elsewhere).await
        }
        other => other,
    }
}

async fn send_anew(
    edge: &Edge,
    instance: &Instance,
    request: Request<Upload>,
    elsewhere: bool,
) -> Result<Sent, Lost> {
    let upstream = match Upstream::connect(&instance.addr, edge.settings.timeouts.connect).await {
        Ok(upstream) => upstream,
        Err(error) => {
            instance.shun(edge.now_ms());
            tracing::debug!(addr = %instance.addr, %error, "no connection");
            let late = error.kind() == io::ErrorKind::TimedOut;
            let failure = if late { Failure::ConnectTimeout } else { Failure::Connect };
            return Err(Lost { failure, request: Some(Box::new(request)) });
        }
    };
    let spare = if elsewhere { spare(&request) } else { None };
    ask(edge, upstream, request, spare).await
}

async fn ask(
    edge: &Edge,
    mut upstream: Box<Upstream>,
    request: Request<Upload>,
    spare: Option<Box<Request<Upload>>>,
) -> Result<Sent, Lost> {
    let upload = request.body().progress();
    match upstream.ask(request, &edge.settings.timeouts).await {
        Ok(response) => Ok(Sent { response, upstream, upload }),
        Err(silence) => Err(lost(silence, upload.as_deref(), spare)),
    }
}

/// What a silence means: whose fault it is, and whether the request may be sent again.
fn lost(silence: Silence, upload: Option<&Progress>, spare: Option<Box<Request<Upload>>>) -> Lost {
    let fatal = |failure| Lost { failure, request: None };
    match (silence, upload.map(Progress::stage)) {
        (Silence::ClientLate, _) => fatal(Failure::BodyTimeout),
        (Silence::Late, _) => fatal(Failure::ResponseTimeout),
        (Silence::Broken { .. }, Some(Stage::TooLarge)) => fatal(Failure::BodyTooLarge),
        (Silence::Broken { .. }, Some(Stage::Broken)) => fatal(Failure::BodyBroken),
        (Silence::Broken { unsent: Some(unsent), .. }, _) => {
            Lost { failure: Failure::Broken, request: Some(unsent) }
        }
        (Silence::Broken { heard, error, .. }, _) => {
            tracing::debug!(%error, heard, "no answer");
            Lost { failure: Failure::Broken, request: spare.filter(|_| !heard) }
        }
    }
}

/// A copy to send again, of a request that changes nothing and has no body.
fn spare(request: &Request<Upload>) -> Option<Box<Request<Upload>>> {
    if !request.method().is_safe() || !matches!(request.body(), Upload::Empty) {
        return None;
    }
    let mut copy = Request::new(Upload::Empty);
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    copy.headers_mut().clone_from(request.headers());
    Some(Box::new(copy))
}
