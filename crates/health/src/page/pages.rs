use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;

use super::{details, health_json, microprofile, status, strategy, text};
use crate::Report;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/health`: that the process answers, and which version it is.
    Health,
    /// `/health/ready`: whether it wants traffic.
    Ready,
    /// `/health/live`: whether it is worth keeping.
    Live,
    /// `/health/startup`: whether start-up is over.
    Startup,
}

/// How it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain JSON: `{"status":"ready","checks":{"database":"ok"},"timestamp":…}`. What is answered unless asked
    /// otherwise.
    Strategy,
    /// `application/health+json`, draft-inadarei-api-health-check-06.
    HealthJson,
    /// `MicroProfile` Health 4.0.
    MicroProfile,
    /// A line per check, for people.
    Text,
    /// [`Strategy`](Self::Strategy), with times, history and what the dependencies said: not for the public.
    Details,
}

/// One answer.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// 200 or 503.
    pub status: u16,
    /// Its media type.
    pub content_type: &'static str,
    /// With a 503: in how many seconds it may be another.
    pub retry_after: Option<u64>,
    /// The body.
    pub body: Bytes,
}

pub(super) const JSON: &str = "application/json";

/// The answers made of one report; each is made once.
#[derive(Debug)]
pub(crate) struct Pages([[OnceLock<Page>; Format::ALL]; Endpoint::ALL]);

impl Endpoint {
    const ALL: usize = 4;
}

impl Format {
    const ALL: usize = 5;
}

impl Pages {
    /// With what is usually asked for.
    pub(crate) fn new(report: &Report) -> Self {
        let pages = Self(Default::default());
        for endpoint in [Endpoint::Health, Endpoint::Ready, Endpoint::Live, Endpoint::Startup] {
            pages.of(report, endpoint, Format::Strategy);
        }
        pages
    }

    pub(crate) fn of(&self, report: &Report, endpoint: Endpoint, format: Format) -> &Page {
        self.0[endpoint as usize][format as usize].get_or_init(|| page(report, endpoint, format))
    }
}

/// Without the body: that of the details is not for everybody.
impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Page");
        shown.field("status", &self.status).field("content_type", &self.content_type);
        shown.field("retry_after", &self.retry_after).field("bytes", &self.body.len()).finish()
    }
}

fn page(report: &Report, endpoint: Endpoint, format: Format) -> Page {
    let well = match format {
        Format::MicroProfile => microprofile::is_up(report, endpoint),
        Format::Strategy | Format::HealthJson | Format::Text | Format::Details => {
            status::is_well(report, endpoint)
        }
    };
    let (content_type, body) = match format {
        Format::Strategy => (JSON, strategy::body(report, endpoint)),
        Format::HealthJson => ("application/health+json", health_json::body(report, endpoint)),
        Format::MicroProfile => (JSON, microprofile::body(report, endpoint)),
        Format::Text => ("text/plain; charset=utf-8", text::body(report, endpoint)),
        Format::Details => (JSON, details::body(report, endpoint)),
    };
    let retry_after = (!well).then(|| status::retry_after(report));
    Page { status: if well { 200 } else { 503 }, content_type, retry_after, body: body.into() }
}
