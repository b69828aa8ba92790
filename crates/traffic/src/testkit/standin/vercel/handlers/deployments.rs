use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::testkit::standin::vercel::reply::{Call, Reply, refuse};
use crate::testkit::standin::vercel::shapes;
use crate::testkit::standin::vercel::world::{Deployment, End, World, millis};

fn missing() -> Reply {
    refuse(404, "not_found", "Deployment not found.")
}

/// The deployment that the path names.
fn named<'a>(world: &'a World, call: &Call) -> Option<&'a Deployment> {
    world.deployment(call.path.get(2)?)
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    named(world, call).map_or_else(missing, |it| Reply::json(200, shapes::deployment(world, it)))
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let wanted = call
        .asked("projectId")
        .or(call.asked("app"))
        .map(|id| world.project(id).map_or_else(String::new, |at| world.projects[at].id.clone()));
    let fits = |it: &&Deployment| {
        let candidate = shapes::listed(world, it)["isRollbackCandidate"] == true;
        wanted.as_ref().is_none_or(|id| *id == it.project)
            && call.asked("target").is_none_or(|target| it.production == (target == "production"))
            && call.asked("sha").is_none_or(|sha| it.sha.as_deref() == Some(sha))
            && call.asked("rollbackCandidate").is_none_or(|word| word != "true" || candidate)
            && call.asked("state").is_none_or(|states| states.split(',').any(|s| s == it.state(world.now)))
            && call
                .query
                .iter()
                .filter_map(|(key, word)| Some((key.strip_prefix("meta-")?, word)))
                .all(|(key, word)| it.meta.get(key) == Some(word))
    };
    let limit = call.asked("limit").and_then(|limit| limit.parse().ok()).unwrap_or(20);
    let found = world.deployments.iter().rev().filter(fits).take(limit);
    let deployments: Vec<_> = found.map(|it| shapes::listed(world, it)).collect();
    let pagination = shapes::page(deployments.len());
    Reply::json(200, json!({ "deployments": deployments, "pagination": pagination }))
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let Some(project) = call.text("project").or(call.text("name")).and_then(|name| world.project(name))
    else {
        return refuse(404, "not_found", "Project not found.");
    };
    let origin = call.text("deploymentId").and_then(|id| world.deployment(id).cloned());
    if origin.is_none() && call.text("deploymentId").is_some() {
        return missing();
    }
    let sha = call.body.pointer("/gitSource/sha").and_then(Value::as_str).map(str::to_owned);
    if origin.is_none() && sha.is_none() {
        return refuse(400, "bad_request", "Either `gitSource` with a `sha`, or `deploymentId`, is needed.");
    }
    let meta: Result<BTreeMap<String, String>, _> =
        serde_json::from_value(call.body.get("meta").cloned().unwrap_or_else(|| json!({})));
    let Ok(meta) = meta else { return refuse(400, "bad_request", "`meta` must hold text only.") };
    let source = if origin.is_some() { "redeploy" } else { "api-trigger-git-deploy" };
    let sha = sha.or_else(|| origin.as_ref().and_then(|origin| origin.sha.clone()));
    let production = call.text("target") == Some("production");
    let id = world.build(project, production, meta, sha, source);
    let made = world.deployment(&id).map(|it| shapes::deployment(world, it));
    Reply::json(200, made.unwrap_or_default())
}

impl World {
    /// A new deployment, whose build has just begun.
    pub(in crate::testkit::standin::vercel) fn build(
        &mut self,
        project: usize,
        production: bool,
        meta: BTreeMap<String, String>,
        sha: Option<String>,
        source: &'static str,
    ) -> String {
        let id = self.next("dpl");
        let it = &self.projects[project];
        let url = format!("{}-{}.example", it.name, id.trim_start_matches("dpl_"));
        let built = self.now + millis(self.setup.build);
        let end = if std::mem::take(&mut self.fails_next) { End::Error } else { End::Ready };
        self.deployments.push(Deployment {
            id: id.clone(),
            url,
            project: it.id.clone(),
            production,
            meta,
            sha,
            source,
            created: self.now,
            built,
            end,
            promoted: false,
            says: None,
            sick: None,
        });
        id
    }
}

pub(super) fn cancel(world: &mut World, call: &Call) -> Reply {
    let now = world.now;
    let Some(id) = named(world, call).map(|it| it.id.clone()) else { return missing() };
    let Some(it) = world.deployment_mut(&id).filter(|it| now < it.built) else {
        return refuse(400, "bad_request", "The deployment is not being built.");
    };
    it.end = End::Canceled;
    let canceled = world.deployment(&id).map(|it| shapes::deployment(world, it));
    Reply::json(200, canceled.unwrap_or_default())
}

pub(super) fn delete(world: &mut World, call: &Call) -> Reply {
    let Some(id) = named(world, call).map(|it| it.id.clone()) else { return missing() };
    world.deployments.retain(|it| it.id != id);
    Reply::json(200, json!({ "uid": id, "state": "DELETED" }))
}

pub(super) fn aliases(world: &mut World, call: &Call) -> Reply {
    let Some(it) = named(world, call) else { return missing() };
    let all = world.projects.iter().flat_map(|project| &project.aliases);
    let mine = all.filter(|(_, leads)| **leads == it.id);
    let entry = |name: &String| json!({ "uid": format!("als_{name}"), "alias": name, "created": "2026-01-01T00:00:00.000Z" });
    let aliases: Vec<_> = mine.map(|(name, _)| entry(name)).collect();
    Reply::json(200, json!({ "aliases": aliases }))
}

pub(super) fn events(world: &mut World, call: &Call) -> Reply {
    let Some(it) = named(world, call) else {
        return refuse(400, "bad_request", "There is no such deployment.");
    };
    let mut lines = vec!["Cloning the repository", "Running \"npm run build\""];
    match it.state(world.now) {
        "READY" => lines.push("Build completed"),
        "ERROR" => {
            lines.extend(["error: module not found: ./cart", "Command \"npm run build\" exited with 1"]);
        }
        _ => {}
    }
    let event = |(at, text): (usize, &&str)| {
        json!({
            "type": if text.starts_with("error") { "stderr" } else { "stdout" },
            "created": it.created + at as u64, "date": it.created + at as u64,
            "deploymentId": it.id, "id": format!("evt_{at}"), "serial": at.to_string(), "text": text,
            "info": { "type": "build", "name": "bld_1" },
        })
    };
    let mut events: Vec<_> = lines.iter().enumerate().map(event).collect();
    if call.asked("direction") == Some("backward") {
        events.reverse();
    }
    let limit = call.asked("limit").and_then(|limit| limit.parse().ok()).unwrap_or(usize::MAX);
    events.truncate(limit);
    Reply::json(200, Value::Array(events))
}
