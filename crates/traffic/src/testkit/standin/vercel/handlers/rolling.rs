use serde_json::{Value, json};

use super::{Handler, project};
use crate::testkit::standin::vercel::reply::{Call, Reply, refuse};
use crate::testkit::standin::vercel::shapes;
use crate::testkit::standin::vercel::world::{Config, ConfigStage, World};

pub(super) fn route(method: &str, rest: &[&str]) -> Option<(&'static str, Handler)> {
    let found: (&'static str, Handler) = match (method, rest) {
        ("GET", []) => ("/v1/projects/{idOrName}/rolling-release", get),
        ("GET", ["billing"]) => ("/v1/projects/{idOrName}/rolling-release/billing", billing),
        ("GET", ["config"]) => ("/v1/projects/{idOrName}/rolling-release/config", config),
        ("PATCH", ["config"]) => ("/v1/projects/{idOrName}/rolling-release/config", configure),
        ("DELETE", ["config"]) => ("/v1/projects/{idOrName}/rolling-release/config", forget),
        ("POST", ["start"]) => ("/v1/projects/{idOrName}/rolling-release/start", start),
        ("POST", ["approve-stage"]) => ("/v1/projects/{idOrName}/rolling-release/approve-stage", approve),
        ("POST", ["complete"]) => ("/v1/projects/{idOrName}/rolling-release/complete", complete),
        _ => return None,
    };
    Some(found)
}

fn get(world: &mut World, call: &Call) -> Reply {
    match project(world, call) {
        Ok(at) => Reply::json(200, shapes::release(world, at, call.asked("state"))),
        Err(no) => no,
    }
}

fn billing(world: &mut World, call: &Call) -> Reply {
    match project(world, call) {
        Ok(at) => Reply::json(200, shapes::billing(world, at)),
        Err(no) => no,
    }
}

fn config(world: &mut World, call: &Call) -> Reply {
    match project(world, call) {
        Ok(at) => Reply::json(
            200,
            json!({ "rollingRelease": world.projects[at].config.as_ref().map(shapes::config) }),
        ),
        Err(no) => no,
    }
}

fn configure(world: &mut World, call: &Call) -> Reply {
    let at = match project(world, call) {
        Ok(at) => at,
        Err(no) => return no,
    };
    if call.body.get("enabled") == Some(&Value::Bool(false)) {
        return forget(world, call);
    }
    if !world.may_configure(at) {
        return refuse(403, "forbidden", "The plan has no slot for rolling releases.");
    }
    let Some(config) = read(&call.body) else {
        return refuse(400, "bad_request", "Stages must grow, and the last one must be 100.");
    };
    world.projects[at].config = Some(config);
    let shown = world.projects[at].config.as_ref().map(shapes::config);
    Reply::json(200, json!({ "rollingRelease": shown }))
}

/// What a client wrote, if it is a configuration.
fn read(body: &Value) -> Option<Config> {
    let body = body.get("rollingRelease").unwrap_or(body);
    let stages = body.get("stages")?.as_array()?;
    let mut stages: Vec<_> = stages.iter().map(stage).collect::<Option<_>>()?;
    if body.get("advancementType").and_then(Value::as_str) == Some("manual-approval") {
        stages.iter_mut().filter(|stage| stage.percentage < 100.0).for_each(|stage| stage.approval = true);
    }
    let grows = stages.windows(2).all(|pair| pair[0].percentage < pair[1].percentage);
    let whole = stages.last().is_some_and(|last| last.percentage >= 100.0);
    let header = body.get("canaryResponseHeader").and_then(Value::as_bool).unwrap_or(false);
    (grows && whole && stages.len() > 1).then_some(Config { stages, header })
}

fn stage(stage: &Value) -> Option<ConfigStage> {
    let flag = |key: &str| stage.get(key).and_then(Value::as_bool).unwrap_or(false);
    let minutes = stage.get("duration").and_then(Value::as_f64);
    let percentage = stage.get("targetPercentage")?.as_f64().filter(|it| (0.0..=100.0).contains(it))?;
    let unbounded = minutes.is_some_and(|minutes| !(0.0..=100_000.0).contains(&minutes));
    let (approval, linear) = (flag("requireApproval"), flag("linearShift"));
    (!unbounded).then_some(ConfigStage { percentage, approval, minutes, linear })
}

fn forget(world: &mut World, call: &Call) -> Reply {
    match project(world, call) {
        Ok(at) => {
            world.projects[at].config = None;
            Reply::json(200, json!({ "rollingRelease": null }))
        }
        Err(no) => no,
    }
}

fn start(world: &mut World, call: &Call) -> Reply {
    canary(world, call, World::start)
}

fn complete(world: &mut World, call: &Call) -> Reply {
    canary(world, call, World::complete)
}

fn approve(world: &mut World, call: &Call) -> Reply {
    let Some(next) = call.body.get("nextStageIndex").and_then(Value::as_u64) else {
        return refuse(400, "bad_request", "`nextStageIndex` is needed.");
    };
    canary(world, call, |world, at, canary| world.approve(at, canary, next))
}

fn canary(world: &mut World, call: &Call, act: impl FnOnce(&mut World, usize, &str) -> Reply) -> Reply {
    match (project(world, call), call.text("canaryDeploymentId")) {
        (Ok(at), Some(canary)) => act(world, at, canary),
        (Ok(_), None) => refuse(400, "bad_request", "`canaryDeploymentId` is needed."),
        (Err(no), _) => no,
    }
}
