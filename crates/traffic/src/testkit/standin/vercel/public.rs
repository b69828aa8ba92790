//! What users get: whoever asks for a host name that leads to a deployment is answered by that deployment.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode};

use super::world::{Project, World};

/// Names the deployment that answered.
pub(super) const DEPLOYMENT: &str = "x-deployment-id";
/// Names the release that was written on it.
pub(super) const RELEASE: &str = "x-handover-release";
/// On the newcomer's answers, where the configuration asks for it. What the platform calls it is not published.
pub(super) const CANARY: &str = "x-standin-canary";

/// The answer to a user's request; `None` for a host name that is nobody's.
pub(super) fn answer(world: &mut World, host: &str) -> Option<Response<Body>> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let (id, canary) = match world.projects.iter_mut().find(|it| it.aliases.contains_key(name)) {
        Some(project) => shared_out(project, name)?,
        None => (world.deployments.iter().find(|it| it.url == name)?.id.clone(), false),
    };
    let deployment = world.deployment(&id)?;
    let mut response = Response::new(Body::from(format!("{id}\n")));
    *response.status_mut() = deployment.sick.unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(DEPLOYMENT, HeaderValue::from_str(&id).ok()?);
    let release = deployment.meta.get("handoverRelease");
    if let Some(release) = release.and_then(|release| HeaderValue::from_str(release).ok()) {
        headers.insert(RELEASE, release);
    }
    if canary {
        headers.insert(CANARY, HeaderValue::from_static("true"));
    }
    Some(response)
}

/// Of any hundred requests in a row, as many as the stage says go to the newcomer.
#[expect(clippy::cast_precision_loss, reason = "a number below a hundred")]
fn shared_out(project: &mut Project, name: &str) -> Option<(String, bool)> {
    project.visits += 1;
    // A stride without a divisor in common with 100 spreads the newcomer's requests out.
    let place = (project.visits * 37 % 100) as f64;
    let leads = project.aliases.get(name)?;
    let release = project.active().filter(|release| release.current == *leads);
    let canary = release.filter(|release| place < release.stages[release.active].percentage);
    let header = project.config.as_ref().is_some_and(|config| config.header);
    Some(canary.map_or_else(|| (leads.clone(), false), |release| (release.canary.clone(), header)))
}
