use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::documents::Document;
use super::graphql::understand;
use super::quota::Quota;
use super::{NAME, RailwayLimits, RailwayOptions, RailwayToken};
use crate::control::{Control, Kind};
use crate::{BoxError, SwitchError};

/// A project's environment at Railway, seen through its public interface. Clones share one connection and one quota.
#[derive(Debug, Clone)]
pub struct Railway {
    pub(super) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(super) struct Shared {
    control: Control,
    url: Url,
    pub(super) options: RailwayOptions,
    pub(super) quota: Quota,
    requests: AtomicU64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    query: &'static str,
    operation_name: &'static str,
    variables: &'a Value,
}

impl Railway {
    /// Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// An option cannot be used; it is named.
    pub fn new(mut options: RailwayOptions) -> Result<Self, BoxError> {
        options.validate()?;
        let whole = options.base.trim_end_matches('/');
        let parsed = Url::parse(whole).map_err(|_| no_interface(whole))?;
        if parsed.path().len() < 2 {
            return Err(no_interface(whole));
        }
        let (server, path) = whole.rsplit_once('/').ok_or_else(|| no_interface(whole))?;
        let control = Control::new(NAME, server, options.limits.request)?;
        let url = control.url(path);
        let (quota, requests) = (Quota::default(), AtomicU64::new(0));
        Ok(Self { shared: Arc::new(Shared { control, url, options, quota, requests }) })
    }

    /// What it was made with.
    pub fn options(&self) -> &RailwayOptions {
        &self.shared.options
    }

    /// How many requests this client has made, an opening of a subscription being one.
    pub fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// How far apart looks are that only see whether all is still as it was set: a twentieth of the hourly quota, as far as
    /// Railway has said what that is, and never more often than the pace of polling.
    pub fn watching(&self) -> Duration {
        self.shared.quota.watching().max(self.limits().poll)
    }

    /// What is left of this hour's quota, as far as Railway has said.
    pub(super) fn quota_left(&self) -> Option<u64> {
        self.shared.quota.remaining()
    }

    pub(super) fn limits(&self) -> &RailwayLimits {
        &self.shared.options.limits
    }

    pub(super) fn count(&self) {
        self.shared.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// The address of subscriptions, and the header that lets them in.
    pub(super) fn socket(&self) -> Result<(Url, (HeaderName, HeaderValue)), BoxError> {
        let mut url = self.shared.url.clone();
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        url.set_scheme(scheme).map_err(|()| "the address has no form for subscriptions")?;
        Ok((url, self.credential()?))
    }

    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        document: Document,
        variables: Value,
    ) -> Result<T, SwitchError> {
        self.send(Kind::Read, document, &variables).await
    }

    /// Orders something, whose answer has the one field `field`.
    pub(super) async fn order<T: DeserializeOwned>(
        &self,
        document: Document,
        variables: Value,
        field: &'static str,
    ) -> Result<T, SwitchError> {
        let mut answer: Value = self.send(Kind::Write, document, &variables).await?;
        serde_json::from_value(answer[field].take()).map_err(|e| SwitchError::Unconfirmed {
            backend: NAME,
            after: Duration::ZERO,
            source: Some(format!("the answer to {} is not as published: {e}", document.name).into()),
        })
    }

    /// Orders something that Railway answers with yes or no.
    pub(super) async fn accepted(
        &self,
        document: Document,
        variables: Value,
        field: &'static str,
    ) -> Result<(), SwitchError> {
        if self.order(document, variables, field).await? {
            return Ok(());
        }
        let source = format!("{} was answered with no", document.name).into();
        Err(SwitchError::Refused { backend: NAME, source })
    }

    async fn send<T: DeserializeOwned>(
        &self,
        kind: Kind,
        document: Document,
        variables: &Value,
    ) -> Result<T, SwitchError> {
        if let Some(after) = self.shared.quota.closed() {
            return Err(SwitchError::Throttled { backend: NAME, after });
        }
        let (name, value) =
            self.credential().map_err(|source| SwitchError::Refused { backend: NAME, source })?;
        let question = Question { query: document.text, operation_name: document.name, variables };
        let request = self.shared.control.http().post(self.shared.url.clone());
        self.count();
        let answer = self.shared.control.send(kind, request.header(name, value).json(&question)).await?;
        self.shared.quota.note(&answer.headers);
        understand(document, kind, &answer)
    }

    fn credential(&self) -> Result<(HeaderName, HeaderValue), BoxError> {
        let (name, text) = match &self.shared.options.token {
            RailwayToken::Project(token) => {
                (HeaderName::from_static("project-access-token"), token.reveal().to_owned())
            }
            RailwayToken::Account(token) => (AUTHORIZATION, format!("Bearer {}", token.reveal())),
        };
        let mut value =
            HeaderValue::try_from(text).map_err(|_| "the token has characters that no header can carry")?;
        value.set_sensitive(true);
        Ok((name, value))
    }

    /// Which deployments a list is to have: those of this service.
    pub(super) fn here(&self) -> Value {
        let options = self.options();
        json!({
            "projectId": options.project,
            "environmentId": options.environment,
            "serviceId": options.service,
        })
    }

    /// The three names that most documents want.
    pub(super) fn names(&self) -> Value {
        let options = self.options();
        json!({
            "project": options.project,
            "environment": options.environment,
            "service": options.service,
        })
    }
}

fn no_interface(base: &str) -> BoxError {
    format!("{base} is not where an interface is, such as https://backboard.railway.com/graphql/v2").into()
}

/// `base` with `more` in it.
pub(super) fn with(mut base: Value, more: Value) -> Value {
    if let (Value::Object(base), Value::Object(more)) = (&mut base, more) {
        base.extend(more);
    }
    base
}
