//! Which endpoint a method and a path name.

use http::Method;

use super::Office;
use crate::denied::Denied;

/// Why there is none.
#[derive(Debug)]
pub(super) enum NoEndpoint {
    /// The path is unknown.
    Path(Denied),
    /// The path is known, the method is not.
    Method(Denied),
}

/// The endpoint of a request.
pub(super) fn find<O: Office>(method: &Method, path: &str) -> Result<O::Endpoint, NoEndpoint> {
    let unknown = || NoEndpoint::Path(Denied::not_found(format!("there is no {path:?} in this API")));
    let rest = path.strip_prefix("/v1/").ok_or_else(|| match path.strip_prefix("/v") {
        Some(other) if other.starts_with(|c: char| c.is_ascii_digit()) => {
            let version = other.split('/').next().unwrap_or_default();
            NoEndpoint::Path(Denied::not_found(format!(
                "this {} speaks version 1 of its API, not {version}",
                O::NAME
            )))
        }
        _ => unknown(),
    })?;
    let segments: Vec<&str> = rest.split('/').collect();
    let methods = O::offered(&segments).ok_or_else(unknown)?;
    methods.iter().find(|(offered, _)| offered == method).map(|(_, endpoint)| *endpoint).ok_or_else(|| {
        let names: Vec<&str> = methods.iter().map(|(offered, _)| offered.as_str()).collect();
        NoEndpoint::Method(Denied::refused(format!("{path:?} takes {}, not {method}", names.join(" or "))))
    })
}
