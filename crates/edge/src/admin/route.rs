//! Which endpoint a method and a path name.

use handover_core::Slot;
use http::Method;

use crate::denied::Denied;

/// One endpoint of the API, with what its path says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    Status,
    Observe,
    Apply,
    Panic,
    Drain,
    Slot(Slot),
    Launch(Slot),
    Stop(Slot),
    Restart(Slot),
    Watch,
    Windows,
    StartRun,
    EndRun,
    Settle,
    Lease,
    Acquire,
    Renew,
    Release,
    Secrets,
    Metrics,
    StopAgent,
}

/// Why there is none.
#[derive(Debug)]
pub(super) enum NoEndpoint {
    /// The path is unknown.
    Path(Denied),
    /// The path is known, the method is not.
    Method(Denied),
}

/// The endpoint of a request.
pub(super) fn find(method: &Method, path: &str) -> Result<Endpoint, NoEndpoint> {
    let unknown = || NoEndpoint::Path(Denied::not_found(format!("there is no {path:?} in this API")));
    let rest = path.strip_prefix("/v1/").ok_or_else(|| match path.strip_prefix("/v") {
        Some(other) if other.starts_with(|c: char| c.is_ascii_digit()) => {
            let version = other.split('/').next().unwrap_or_default();
            NoEndpoint::Path(Denied::not_found(format!(
                "this agent speaks version 1 of its API, not {version}"
            )))
        }
        _ => unknown(),
    })?;
    let segments: Vec<&str> = rest.split('/').collect();
    let methods = offered(&segments).ok_or_else(unknown)?;
    methods.iter().find(|(offered, _)| offered == method).map(|(_, endpoint)| *endpoint).ok_or_else(|| {
        let names: Vec<&str> = methods.iter().map(|(offered, _)| offered.as_str()).collect();
        NoEndpoint::Method(Denied::refused(format!("{path:?} takes {}, not {method}", names.join(" or "))))
    })
}

fn offered(segments: &[&str]) -> Option<Vec<(Method, Endpoint)>> {
    let get = |endpoint| (Method::GET, endpoint);
    let put = |endpoint| (Method::PUT, endpoint);
    let post = |endpoint| (Method::POST, endpoint);
    Some(match segments {
        ["status"] => vec![get(Endpoint::Status)],
        ["route"] => vec![get(Endpoint::Observe), put(Endpoint::Apply)],
        ["panic"] => vec![post(Endpoint::Panic)],
        ["drain"] => vec![post(Endpoint::Drain)],
        ["slots", slot] => {
            let slot = slot.parse().ok()?;
            vec![
                get(Endpoint::Slot(slot)),
                put(Endpoint::Launch(slot)),
                (Method::DELETE, Endpoint::Stop(slot)),
            ]
        }
        ["slots", slot, "restart"] => vec![post(Endpoint::Restart(slot.parse().ok()?))],
        ["watch"] => vec![post(Endpoint::Watch)],
        ["windows"] => vec![get(Endpoint::Windows)],
        ["run"] => vec![put(Endpoint::StartRun)],
        ["run", "end"] => vec![post(Endpoint::EndRun)],
        ["settle"] => vec![post(Endpoint::Settle)],
        ["lease"] => vec![get(Endpoint::Lease)],
        ["lease", "acquire"] => vec![post(Endpoint::Acquire)],
        ["lease", "renew"] => vec![post(Endpoint::Renew)],
        ["lease", "release"] => vec![post(Endpoint::Release)],
        ["secrets"] => vec![get(Endpoint::Secrets)],
        ["metrics"] => vec![get(Endpoint::Metrics)],
        ["stop"] => vec![post(Endpoint::StopAgent)],
        _ => return None,
    })
}
