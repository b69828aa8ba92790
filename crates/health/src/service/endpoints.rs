use std::convert::Infallible;
use std::task::{Context, Poll};

use http::{Method, Request, StatusCode};
use tower_service::Service;

use super::answer::{Answer, not_allowed, page, refused, unauthorised};
use super::answering::Answering;
use super::ask::{Place, Wanted};
use super::token::{Shown, Token};
use crate::page::{Endpoint, Format};
use crate::{Health, InvalidHealth, SmokeFlow};

/// Answers `/health`, `/health/ready`, `/health/live`, `/health/startup` and `/smoke-test`, from the root; 404 elsewhere.
///
/// Every page is made beforehand, so a request costs next to nothing, whatever the dependencies do. `GET` and `HEAD`.
///
/// | asked for | answered |
/// |---|---|
/// | nothing in particular | `{"status":"ready","checks":{"database":"ok"},"timestamp":…}` |
/// | `Accept: application/health+json`, or `?format=health+json` | draft-inadarei-api-health-check-06 |
/// | `?format=microprofile` | `MicroProfile` Health 4.0 |
/// | `?verbose` | text, a line per check |
/// | `?details`, with the token as a bearer | times, history, and what the dependencies said |
///
/// 200 or 503, never cached; a 503 says in `Retry-After` when to come again, and every answer in `x-health-state` what
/// state the process is in. A state that is neither ready nor not, such as `draining`, is told there.
#[derive(Debug, Clone)]
pub struct HealthService {
    health: Health,
    token: Option<Token>,
    smoke: Option<(SmokeFlow, SmokeAccess)>,
}

/// Who may have the smoke test run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SmokeAccess {
    /// Whoever sends a `POST`, and whoever shows the token. `GET` is for crawlers and prefetching browsers as well, and a
    /// smoke test writes.
    #[default]
    Post,
    /// Whoever shows the token.
    Token,
    /// `GET` as well, without a token: for checkers that can do nothing else.
    Get,
}

impl HealthService {
    /// The endpoints of this process. Without a smoke test `/smoke-test` is 404, and without a token nobody sees details.
    pub fn new(health: &Health) -> Self {
        Self { health: health.clone(), token: None, smoke: None }
    }

    /// Opens the details, and the smoke test, to who shows this token: `Authorization: Bearer …`.
    ///
    /// # Errors
    ///
    /// It has fewer than 32 characters.
    pub fn with_token(mut self, token: &str) -> Result<Self, InvalidHealth> {
        self.token = Some(Token::new(token)?);
        Ok(self)
    }

    /// Has this run by `/smoke-test`.
    #[must_use]
    pub fn with_smoke(mut self, flow: SmokeFlow, access: SmokeAccess) -> Self {
        self.smoke = Some((flow, access));
        self
    }

    fn page<B>(&self, request: &Request<B>, endpoint: Endpoint) -> Answer {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return not_allowed("GET, HEAD");
        }
        match Wanted::of(request.uri().query(), request.headers()) {
            Wanted::Format(format) => self.in_format(request, endpoint, format),
            Wanted::Details => match self.shown(request) {
                Shown::Right => self.in_format(request, endpoint, Format::Details),
                Shown::Nothing | Shown::Wrong => unauthorised(),
            },
            Wanted::Unknown => refused(StatusCode::BAD_REQUEST, "unknown_format"),
        }
    }

    fn in_format<B>(&self, request: &Request<B>, endpoint: Endpoint, format: Format) -> Answer {
        let snapshot = self.health.snapshot();
        page(snapshot.page(endpoint, format), snapshot.report().state, request.method())
    }

    /// Without a token nobody can show it.
    fn shown<B>(&self, request: &Request<B>) -> Shown {
        self.token.as_ref().map_or(Shown::Nothing, |token| token.shown_in(request.headers()))
    }

    fn smoke<B>(&self, request: &Request<B>) -> Answering {
        let Some((flow, access)) = &self.smoke else {
            return Answering::now(refused(StatusCode::NOT_FOUND, "not_found"));
        };
        // A HEAD must change nothing, so it cannot run anything.
        if !matches!(*request.method(), Method::GET | Method::POST) {
            return Answering::now(not_allowed("GET, POST"));
        }
        match self.shown(request) {
            Shown::Right => Answering::of(flow.clone()),
            Shown::Nothing if access.is_open_to(request.method()) => Answering::of(flow.clone()),
            Shown::Nothing if *access == SmokeAccess::Post => Answering::now(not_allowed("POST")),
            Shown::Nothing | Shown::Wrong => Answering::now(unauthorised()),
        }
    }
}

impl SmokeAccess {
    /// Whether this method needs no token; of GET and POST.
    fn is_open_to(self, method: &Method) -> bool {
        match self {
            Self::Post => method == Method::POST,
            Self::Token => false,
            Self::Get => true,
        }
    }
}

impl<B> Service<Request<B>> for HealthService {
    type Response = Answer;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answering {
        match Place::of(request.uri().path()) {
            Some(Place::Page(endpoint)) => Answering::now(self.page(&request, endpoint)),
            Some(Place::Smoke) => self.smoke(&request),
            None => Answering::now(refused(StatusCode::NOT_FOUND, "not_found")),
        }
    }
}
