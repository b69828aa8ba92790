use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use apollo_compiler::Schema;
use apollo_compiler::ast::OperationType;
use apollo_compiler::validation::Valid;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{State, WebSocketUpgrade};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::execute::{GraphError, Operation, operation};
use super::fault::{Fault, Script};
use super::mutations::mutate;
use super::nodes::View;
use super::queries::{Caller, query};
use super::state::World;
use super::{ACCOUNT_TOKEN, DEAF_TOKEN, PROJECT_TOKEN, SERVICE, socket};

/// What the server serves from.
pub(super) struct Platform {
    inner: Mutex<Inner>,
    pub(super) schema: Option<Valid<Schema>>,
    quota: Option<u64>,
    pub(super) silenced: Notify,
}

pub(super) struct Inner {
    pub(super) world: World,
    pub(super) script: Script,
    pub(super) requests: u64,
    pub(super) writes: u64,
    pub(super) openings: u64,
    pub(super) sockets: bool,
    /// What reads see for some more times.
    pub(super) stale: Option<(World, u32)>,
    /// How many reads after each write see what was before it.
    pub(super) staleness: u32,
    used: u64,
    window: Instant,
}

const HOUR: Duration = Duration::from_hours(1);

impl Platform {
    pub(super) fn new(world: World, schema: Option<Valid<Schema>>, quota: Option<u64>) -> Self {
        let inner = Inner {
            world,
            script: Script::default(),
            requests: 0,
            writes: 0,
            openings: 0,
            sockets: true,
            stale: None,
            staleness: 0,
            used: 0,
            window: Instant::now(),
        };
        Self { inner: Mutex::new(inner), schema, quota, silenced: Notify::new() }
    }

    /// The state as it is now.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.world.advance(Instant::now());
        inner
    }

    /// Counts a request; none is left once the quota is used up.
    pub(super) fn admit(&self) -> bool {
        let mut inner = self.lock();
        inner.requests += 1;
        if inner.window.elapsed() >= HOUR {
            (inner.used, inner.window) = (0, Instant::now());
        }
        inner.used += 1;
        self.quota.is_none_or(|quota| inner.used <= quota)
    }

    fn limits(&self) -> HeaderMap {
        let inner = self.lock();
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        };
        put("date", httpdate::fmt_http_date(inner.world.clock.wall(Instant::now())));
        if let Some(quota) = self.quota {
            put("x-ratelimit-limit", quota.to_string());
            put("x-ratelimit-remaining", quota.saturating_sub(inner.used).to_string());
            put("x-ratelimit-reset", inner.left().as_secs().to_string());
        }
        headers
    }
}

impl Inner {
    fn left(&self) -> Duration {
        HOUR.saturating_sub(self.window.elapsed())
    }

    /// What a reader sees: for a while after a write, maybe what was before it.
    fn seen(&mut self) -> World {
        match &mut self.stale {
            Some((world, left)) if *left > 0 => {
                *left -= 1;
                let mut world = world.clone();
                world.advance(Instant::now());
                world
            }
            _ => self.world.clone(),
        }
    }
}

pub(super) fn router(platform: Arc<Platform>) -> Router {
    Router::new().route("/graphql/v2", get(subscribe).post(ask)).fallback(get(public)).with_state(platform)
}

/// The public side of the service with the domain: the deployment in force answers, and says its release.
async fn public(State(platform): State<Arc<Platform>>) -> Response {
    let inner = platform.lock();
    let Some(serving) = inner.world.serving(SERVICE) else {
        return (StatusCode::NOT_FOUND, "no deployment is active\n").into_response();
    };
    let release = serving.named().rsplit(':').next().unwrap_or_default().to_owned();
    ([("handover-release", release)], format!("{}\n", serving.id)).into_response()
}

async fn subscribe(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !platform.admit() || !platform.lock().sockets {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    platform.lock().openings += 1;
    let caller = caller(&headers);
    upgrade
        .protocols(["graphql-transport-ws"])
        .on_upgrade(move |socket| socket::serve(socket, platform, caller))
}

async fn ask(State(platform): State<Arc<Platform>>, headers: HeaderMap, body: Bytes) -> Response {
    if !platform.admit() {
        let after = platform.lock().left();
        return throttled(&platform, after);
    }
    let question: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let operation = match operation(&question, platform.schema.as_ref()) {
        Ok(operation) => operation,
        Err(errors) => return answer(&platform, StatusCode::BAD_REQUEST, &failed(&errors)),
    };
    let deaf = token(&headers) == Some(DEAF_TOKEN) && operation.kind == OperationType::Mutation;
    let scripted = platform.lock().script.take(&names(&operation));
    let scripted = scripted.filter(|fault| *fault != Fault::Pass);
    let fault = scripted.or(deaf.then_some(Fault::LostAnswer));
    if let Some(fault) = fault.as_ref().filter(|fault| !fault.is_after()) {
        return broken(&platform, fault, &Value::Null).await;
    }
    let reply = execute(&platform, &operation, caller(&headers));
    match fault {
        Some(fault) => broken(&platform, &fault, &reply).await,
        None => answer(&platform, StatusCode::OK, &reply),
    }
}

fn names(operation: &Operation) -> Vec<String> {
    operation.roots().into_iter().map(|root| root.name).collect()
}

fn token(headers: &HeaderMap) -> Option<&str> {
    headers.get("project-access-token")?.to_str().ok()
}

/// Who shows which token; nobody where it is not one.
fn caller(headers: &HeaderMap) -> Option<Caller> {
    if let Some(token) = token(headers) {
        return [PROJECT_TOKEN, DEAF_TOKEN].contains(&token).then_some(Caller::Project);
    }
    let bearer = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    (bearer == ACCOUNT_TOKEN).then_some(Caller::Account)
}

/// Carries an operation out: fields one after the other; the first that fails ends it, as all are non-null.
fn execute(platform: &Platform, operation: &Operation, caller: Option<Caller>) -> Value {
    let Some(caller) = caller else { return failed(&[GraphError::new("Not Authorized")]) };
    let mut data = Map::new();
    let mut inner = platform.lock();
    let before = (operation.kind == OperationType::Mutation).then(|| inner.world.clone());
    let seen = inner.seen();
    let now = Instant::now();
    for root in operation.roots() {
        let found = match operation.kind {
            OperationType::Mutation => mutate(&mut inner.world, now, &root.name, &root.args),
            _ => query(&View { world: &seen, now }, caller, &root.name, &root.args),
        };
        match found {
            Ok(found) => data.insert(root.alias.clone(), operation.select(&root, found)),
            Err(error) => return failed(&[error]),
        };
    }
    if let Some(before) = before {
        inner.writes += 1;
        inner.stale = Some((before, inner.staleness));
    }
    json!({ "data": data })
}

fn failed(errors: &[GraphError]) -> Value {
    json!({ "data": null, "errors": errors.iter().map(GraphError::json).collect::<Vec<_>>() })
}

fn answer(platform: &Platform, status: StatusCode, reply: &Value) -> Response {
    (status, platform.limits(), [(header::CONTENT_TYPE, "application/json")], reply.to_string())
        .into_response()
}

fn throttled(platform: &Platform, after: Duration) -> Response {
    let headers = [(header::RETRY_AFTER, after.as_secs().to_string())];
    (StatusCode::TOO_MANY_REQUESTS, platform.limits(), headers, "Too many requests\n").into_response()
}

async fn broken(platform: &Platform, fault: &Fault, reply: &Value) -> Response {
    let text = |body: String| {
        (platform.limits(), [(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    match fault {
        Fault::LostAnswer | Fault::Reset | Fault::Pass => cut(),
        Fault::Throttled(after) => throttled(platform, *after),
        Fault::Silent => {
            platform.silenced.notify_one();
            std::future::pending().await
        }
        Fault::Html => {
            (StatusCode::OK, [(header::CONTENT_TYPE, "text/html")], "<html>a proxy</html>").into_response()
        }
        Fault::Empty => text(String::new()),
        Fault::Truncated => {
            let whole = reply.to_string();
            text(whole.chars().take(whole.len() / 2).collect())
        }
        Fault::BadGateway => (StatusCode::BAD_GATEWAY, "bad gateway\n").into_response(),
        Fault::Vague => text(failed(&[GraphError::new("Problem processing request")]).to_string()),
    }
}

/// A body that breaks: the connection is closed in the middle of the answer.
fn cut() -> Response {
    let broken = futures_util::stream::once(async { Err::<Bytes, _>(io::Error::other("cut")) });
    Body::from_stream(broken).into_response()
}
