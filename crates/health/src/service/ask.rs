use http::HeaderMap;
use http::header::ACCEPT;

use crate::page::{Endpoint, Format};

/// Where a request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Page(Endpoint),
    Smoke,
}

/// What a request asks for, besides the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Format(Format),
    /// Only who shows the token may have it.
    Details,
    /// There is no such format.
    Unknown,
}

impl Place {
    pub(super) fn of(path: &str) -> Option<Self> {
        match path {
            "/health" => Some(Self::Page(Endpoint::Health)),
            "/health/ready" => Some(Self::Page(Endpoint::Ready)),
            "/health/live" => Some(Self::Page(Endpoint::Live)),
            "/health/startup" => Some(Self::Page(Endpoint::Startup)),
            "/smoke-test" => Some(Self::Smoke),
            _ => None,
        }
    }
}

impl Wanted {
    pub(super) fn of(query: Option<&str>, headers: &HeaderMap) -> Self {
        let asked = query.into_iter().flat_map(|query| query.split('&')).find_map(Self::parameter);
        asked.unwrap_or_else(|| Self::Format(accepted(headers)))
    }

    fn parameter(pair: &str) -> Option<Self> {
        match pair.split_once('=').unwrap_or((pair, "")) {
            ("details", _) => Some(Self::Details),
            ("format", "microprofile") => Some(Self::Format(Format::MicroProfile)),
            ("format", "health+json" | "health%2Bjson" | "health json") => {
                Some(Self::Format(Format::HealthJson))
            }
            ("verbose", _) | ("format", "text") => Some(Self::Format(Format::Text)),
            ("format", "json") => Some(Self::Format(Format::Strategy)),
            ("format", _) => Some(Self::Unknown),
            // A load balancer's cache buster, say.
            _ => None,
        }
    }
}

/// `application/health+json` where it is asked for by name and not refused by `q=0`; plain JSON for everybody else.
fn accepted(headers: &HeaderMap) -> Format {
    let mut ranges = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    if ranges.any(|value| value.split(',').any(wants_health_json)) {
        Format::HealthJson
    } else {
        Format::Strategy
    }
}

fn wants_health_json(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/health+json"));
    let refused = |part: &str| {
        part.strip_prefix(['q', 'Q'])
            .and_then(|rest| rest.strip_prefix('='))
            .and_then(|q| q.parse::<f32>().ok())
            .is_some_and(|q| q <= 0.0)
    };
    named && !parts.any(refused)
}
