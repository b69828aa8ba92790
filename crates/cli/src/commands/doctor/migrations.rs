//! The migrations that a deployment looks at: whether it would let them pass.

use handover_edge::api::AgentStatus;

use super::check::Check;
use crate::migrate;
use crate::settings::Settings;

/// Judges them as a deployment would; no check where one would not. Without a status nobody knows what is stable.
pub(super) async fn examine(settings: &Settings, status: Option<&AgentStatus>) -> Option<Check> {
    if status.is_none() && migrate::goes_by_stable(settings) {
        let next = "`handover plan` looks at them, once the service's agent or backend answers";
        return Some(Check::warn("migrations", "not looked at: nobody says which release is stable", next));
    }
    let stable = status.and_then(|status| status.stable.as_ref()).map(|(_, release)| release);
    match migrate::look_ahead(settings, stable).await {
        Ok(None) => None,
        Ok(Some(check)) if check.refused.is_empty() => Some(Check::ok("migrations", check.told())),
        Ok(Some(check)) => Some(Check::fail(
            "migrations",
            check.told(),
            "`handover plan` names them, `handover migrate lint` shows what to write instead",
        )),
        Err(failure) => Some(Check::failed("migrations", &failure, "mend `[migrate]` in handover.toml")),
    }
}
