//! From a request on the wire to an answer on the wire: who may ask, what goes wrong, what is remembered of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HOST, RETRY_AFTER};
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::Value;

use super::cut::Cut;
use super::faults::{Faults, VercelMishap};
use super::handlers::route;
use super::public;
use super::record::VercelRecorded;
use super::reply::{Call, Reply, refuse};
use super::world::World;

/// Longer bodies are not read.
const LONGEST: usize = 4 << 20;

/// What all requests share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) world: World,
    pub(super) faults: Faults,
    pub(super) recorded: Vec<VercelRecorded>,
    /// What was before the last change, for reads that are to be behind.
    before: Option<World>,
    /// Requests in the minute that began then.
    minute: (u64, u32),
}

pub(super) type Handle = Arc<Mutex<Shared>>;

impl Shared {
    pub(super) fn new(world: World) -> Self {
        let minute = (world.now, 0);
        Self { world, faults: Faults::default(), recorded: Vec::new(), before: None, minute }
    }
}

pub(super) fn lock(shared: &Handle) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) async fn answer(
    State(shared): State<Handle>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, LONGEST).await else {
        return written(&refuse(400, "bad_request", "The body cannot be read."), None, SystemTime::now());
    };
    let mut shared = lock(&shared);
    shared.world.tick();
    let host = head.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if let Some(seen) = public::answer(&mut shared.world, host) {
        return seen;
    }
    let call = taken_apart(&head.method, &head.uri, &bytes);
    let write = call.method != "GET";
    let mishap = shared.faults.strike(write, head.uri.path());
    if let Some(instead) = turned_away(mishap) {
        if mishap == Some(VercelMishap::Reset) {
            cut.now();
        }
        return instead;
    }
    let (reply, operation) = shared.reply(&call, &head.headers);
    shared.recorded.push(VercelRecorded::new(&call, head.uri.path(), &bytes, operation, &reply));
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(shared.world.now);
    if mishap == Some(VercelMishap::LostAnswer) {
        cut.now();
    }
    written(&reply, mishap, now)
}

impl Shared {
    fn reply(&mut self, call: &Call, headers: &HeaderMap) -> (Reply, Option<&'static str>) {
        if let Err(no) = self.admit(call, headers) {
            return (no, None);
        }
        let Some((operation, handler)) = route(call) else {
            return (refuse(404, "not_found", "There is nothing at this address."), None);
        };
        if call.method == "GET" {
            return (self.read(call, handler), Some(operation));
        }
        let before = (self.faults.stale > 0).then(|| self.world.clone());
        let reply = handler(&mut self.world, call);
        if reply.is_success() && before.is_some() {
            self.before = before;
        }
        (reply, Some(operation))
    }

    /// From before the last change, as long as reads are to be behind.
    fn read(&mut self, call: &Call, handler: super::handlers::Handler) -> Reply {
        match &mut self.before {
            Some(before) if self.faults.stale > 0 => {
                self.faults.stale -= 1;
                handler(before, call)
            }
            _ => handler(&mut self.world, call),
        }
    }

    fn admit(&mut self, call: &Call, headers: &HeaderMap) -> Result<(), Reply> {
        self.count()?;
        let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        match token {
            None => return Err(refuse(401, "unauthorized", "The request has no token.")),
            Some(token) if token != self.world.setup.token => {
                let mut no = refuse(403, "forbidden", "Not authorized");
                if let Some(Value::Object(error)) = no.body.as_mut().and_then(|body| body.get_mut("error")) {
                    error.insert("invalidToken".to_owned(), Value::Bool(true));
                }
                return Err(no);
            }
            Some(_) => {}
        }
        let team = call.asked("teamId").or(call.asked("slug"));
        let slug = self.world.setup.team.as_deref();
        let known = team.is_none_or(|team| Some(team) == slug || (slug.is_some() && team == "team_standin"));
        if !known {
            return Err(refuse(403, "forbidden", "Not authorized"));
        }
        let needs_team = slug.is_some() && call.path.get(1).is_some_and(|part| part == "projects");
        if needs_team && team.is_none() {
            return Err(refuse(404, "not_found", "Project not found."));
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), Reply> {
        let now = self.world.now;
        if now.abs_diff(self.minute.0) >= 60_000 {
            self.minute = (now, 0);
        }
        self.minute.1 += 1;
        match self.world.setup.quota {
            Some(quota) if self.minute.1 > quota => {
                Err(refuse(429, "rate_limited", "Too many requests: wait a minute."))
            }
            _ => Ok(()),
        }
    }
}

fn taken_apart(method: &axum::http::Method, uri: &axum::http::Uri, bytes: &Bytes) -> Call {
    let path = uri.path().split('/').filter(|part| !part.is_empty()).map(decoded).collect();
    let query = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    let query = query.map(|(key, word)| (decoded(key), decoded(&word.replace('+', " ")))).collect();
    let body = serde_json::from_slice(bytes).unwrap_or_default();
    Call { method: method.to_string(), path, query, body }
}

/// `%41` is `A`.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// What is answered before anything is carried out.
fn turned_away(mishap: Option<VercelMishap>) -> Option<Response<Body>> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = match mishap? {
        VercelMishap::Reset => StatusCode::OK,
        VercelMishap::TooMany(after) => {
            response.headers_mut().insert(RETRY_AFTER, after.into());
            StatusCode::TOO_MANY_REQUESTS
        }
        VercelMishap::Status(status) => StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY),
        VercelMishap::LostAnswer | VercelMishap::Html | VercelMishap::Empty | VercelMishap::Truncated => {
            return None;
        }
    };
    Some(response)
}

fn written(reply: &Reply, mishap: Option<VercelMishap>, now: SystemTime) -> Response<Body> {
    let (kind, text) = match (mishap, &reply.body) {
        (Some(VercelMishap::Html), _) => {
            (Some("text/html"), "<html><body>One moment</body></html>".to_owned())
        }
        (Some(VercelMishap::Empty), _) | (_, None) => (None, String::new()),
        (_, Some(body)) => (Some("application/json; charset=utf-8"), body.to_string()),
    };
    let text = if mishap == Some(VercelMishap::Truncated) { text[..text.len() / 2].to_owned() } else { text };
    let length = text.len();
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Some(kind) = kind {
        headers.insert(CONTENT_TYPE, axum::http::HeaderValue::from_static(kind));
    }
    headers.insert(CONTENT_LENGTH, length.into());
    if let Ok(date) = httpdate::fmt_http_date(now).parse() {
        headers.insert(DATE, date);
    }
    if reply.status == 429 {
        headers.insert(RETRY_AFTER, 60.into());
    }
    response
}
