use std::time::SystemTime;

use reqwest::header::DATE;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::VercelOptions;
use super::wire::Failure;
use crate::SwitchError;
use crate::control::{Answer, Control, Kind};

/// How the platform is called in errors.
pub(crate) const NAME: &str = "vercel";

/// The one question that is nobody's business but the token's own: it takes no team.
pub(super) const WHO_AM_I: [&str; 2] = ["v2", "user"];

/// Asks the platform, on behalf of one team, about one project.
#[derive(Debug, Clone)]
pub struct VercelClient {
    control: Control,
    options: VercelOptions,
}

impl VercelClient {
    /// A client; nothing is asked yet.
    ///
    /// # Errors
    ///
    /// [`SwitchError::Refused`]: the address is none, or TLS cannot be set up.
    pub fn new(options: VercelOptions) -> Result<Self, SwitchError> {
        let control = Control::new(NAME, &options.base, options.request_limit);
        let control = control.map_err(|source| SwitchError::Refused { backend: NAME, source })?;
        Ok(Self { control, options })
    }

    /// What it was built with.
    pub const fn options(&self) -> &VercelOptions {
        &self.options
    }

    /// The project, by id or name as it was given.
    pub(super) fn project_name(&self) -> &str {
        &self.options.project
    }

    /// A read; the answer is `T`, with the platform's clock where it says it.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<(T, Option<u64>), SwitchError> {
        let request = self.request(Method::GET, path).query(query);
        let answer = self.ask(Kind::Read, request).await?;
        Ok((answer.json()?, clock(&answer)))
    }

    /// A read whose answer is awaited whatever its status.
    pub(super) async fn look(&self, path: &[&str], query: &[(&str, String)]) -> Result<Answer, SwitchError> {
        self.control.send(Kind::Read, self.request(Method::GET, path).query(query)).await
    }

    /// A write.
    pub(super) async fn write<T: Serialize + Sync>(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&T>,
    ) -> Result<Answer, SwitchError> {
        self.ask(Kind::Write, self.with_body(method, path, body)).await
    }

    /// A write whose answer is awaited whatever its status.
    pub(super) async fn post<T: Serialize + Sync>(
        &self,
        path: &[&str],
        body: Option<&T>,
    ) -> Result<Answer, SwitchError> {
        self.control.send(Kind::Write, self.with_body(Method::POST, path, body)).await
    }

    fn with_body<T: Serialize>(&self, method: Method, path: &[&str], body: Option<&T>) -> RequestBuilder {
        let request = self.request(method, path);
        match body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    async fn ask(&self, kind: Kind, request: RequestBuilder) -> Result<Answer, SwitchError> {
        let answer = self.control.send(kind, request).await?;
        if answer.status.is_success() { Ok(answer) } else { Err(self.refused(&answer)) }
    }

    fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.control.url("");
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        let request = self.control.http().request(method, url).bearer_auth(self.options.token.reveal());
        match self.options.team.as_deref().filter(|_| path != WHO_AM_I) {
            Some(id) if id.starts_with("team_") => request.query(&[("teamId", id)]),
            Some(slug) => request.query(&[("slug", slug)]),
            None => request,
        }
    }

    /// An answer that is a no, in words that say what to do about it.
    pub(super) fn refused(&self, answer: &Answer) -> SwitchError {
        let said = said(answer);
        answer.refusal(match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => format!(
                "the token was not accepted for {} ({said}): it is wrong, has expired, or is not of this team",
                self.whose()
            ),
            StatusCode::NOT_FOUND => {
                format!("not found for {} ({said}): check the names of project and team", self.whose())
            }
            StatusCode::PAYMENT_REQUIRED => format!("the plan does not cover this ({said})"),
            _ => said,
        })
    }

    fn whose(&self) -> String {
        let project = self.project_name();
        match &self.options.team {
            Some(team) => format!("project {project} of team {team}"),
            None => format!("project {project} of the token's own account"),
        }
    }
}

/// `status 409: conflict: the deployment is …`, as far as the platform said so.
pub(super) fn said(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    match serde_json::from_slice::<Failure>(&answer.body) {
        Ok(Failure { error }) => format!("status {status}: {}: {}", error.code, error.message),
        Err(_) if answer.body.is_empty() => format!("status {status}, without a word"),
        Err(_) => format!("status {status}: {}", answer.start()),
    }
}

/// The platform's own clock: milliseconds since 1970, to the second.
fn clock(answer: &Answer) -> Option<u64> {
    let date = httpdate::parse_http_date(answer.headers.get(DATE)?.to_str().ok()?).ok()?;
    let since = date.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}
