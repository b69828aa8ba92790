//! One small function per operation.

mod account;
mod deployments;
mod projects;
mod rolling;

use super::reply::{Call, Reply, refuse};
use super::world::World;

/// What carries an operation out.
pub(super) type Handler = fn(&mut World, &Call) -> Reply;

/// The operation that a request is, by its name in the published description, and what carries it out.
pub(super) fn route(call: &Call) -> Option<(&'static str, Handler)> {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let found: (&'static str, Handler) = match (call.method.as_str(), path.as_slice()) {
        ("GET", ["v2", "user"]) => ("/v2/user", account::user),
        ("GET", ["v1" | "v2", "teams"] | ["teams"]) => ("/v2/teams", account::teams),
        ("GET", ["teams", _] | ["v2", "teams", _]) => ("/v2/teams/{teamId}", account::team),
        ("GET", [_, "projects", _]) => ("/v9/projects/{idOrName}", projects::get),
        ("PATCH", [_, "projects", _]) => ("/v9/projects/{idOrName}", projects::patch),
        ("GET", [_, "projects"]) => ("/v10/projects", projects::list),
        ("GET", [_, "projects", _, "domains"]) => ("/v9/projects/{idOrName}/domains", projects::domains),
        ("GET", [_, "aliases"]) => ("/v4/aliases", projects::aliases),
        ("GET", [_, "deployments", _, "aliases"]) => ("/v2/deployments/{id}/aliases", deployments::aliases),
        ("GET", ["v1", "projects", _, "promote", "aliases"]) => {
            ("/v1/projects/{projectId}/promote/aliases", projects::failed)
        }
        ("GET", ["v9", "projects", _, "promote", "aliases"]) => {
            ("/v9/projects/{projectId}/promote/aliases", projects::failed)
        }
        ("GET", ["v9", "projects", _, "rollback", "aliases"]) => {
            ("/v9/projects/{projectId}/rollback/aliases", projects::failed)
        }
        ("POST", [_, "projects", _, "promote", _]) => {
            ("/v10/projects/{projectId}/promote/{deploymentId}", projects::promote)
        }
        ("POST", ["v9", "projects", _, "rollback", _]) => {
            ("/v9/projects/{projectId}/rollback/{deploymentId}", projects::rollback)
        }
        ("POST", [_, "projects", _, "rollback", _]) => {
            ("/v1/projects/{projectId}/rollback/{deploymentId}", projects::rollback)
        }
        ("POST", ["v13", "deployments"]) => ("/v13/deployments", deployments::create),
        ("GET", [_, "deployments"]) => ("/v6/deployments", deployments::list),
        ("GET", [_, "deployments", _]) => ("/v13/deployments/{idOrUrl}", deployments::get),
        ("DELETE", [_, "deployments", _]) => ("/v13/deployments/{id}", deployments::delete),
        ("PATCH", [_, "deployments", _, "cancel"]) => ("/v12/deployments/{id}/cancel", deployments::cancel),
        ("GET", [_, "deployments", _, "events"]) => ("/v3/deployments/{idOrUrl}/events", deployments::events),
        (method, ["v1", "projects", _, "rolling-release", rest @ ..]) => rolling::route(method, rest)?,
        _ => return None,
    };
    Some(found)
}

/// The project that the path names.
fn project(world: &World, call: &Call) -> Result<usize, Reply> {
    let named = call.path.get(2).map_or("", String::as_str);
    world.project(named).ok_or_else(|| refuse(404, "not_found", "Project not found."))
}
