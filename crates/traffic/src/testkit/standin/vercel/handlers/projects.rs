use serde_json::{Value, json};

use super::project;
use crate::testkit::standin::vercel::reply::{Call, Reply, refuse};
use crate::testkit::standin::vercel::shapes;
use crate::testkit::standin::vercel::world::World;

/// Answers about the project of the path, or that there is none.
fn on(world: &mut World, call: &Call, answer: impl FnOnce(&mut World, usize) -> Reply) -> Reply {
    match project(world, call) {
        Ok(at) => answer(world, at),
        Err(no) => no,
    }
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    on(world, call, |world, at| Reply::json(200, shapes::project(world, at)))
}

pub(super) fn list(world: &mut World, _: &Call) -> Reply {
    let projects: Vec<_> = (0..world.projects.len()).map(|at| shapes::project(world, at)).collect();
    let pagination = shapes::page(projects.len());
    Reply::json(200, json!({ "projects": projects, "pagination": pagination }))
}

pub(super) fn patch(world: &mut World, call: &Call) -> Reply {
    let by_itself = call.body.get("autoAssignCustomDomains").and_then(Value::as_bool);
    on(world, call, |world, at| match by_itself {
        Some(by_itself) => {
            world.projects[at].auto_assign = by_itself;
            Reply::json(200, shapes::project(world, at))
        }
        None => refuse(400, "bad_request", "Only `autoAssignCustomDomains` can be changed here."),
    })
}

pub(super) fn domains(world: &mut World, call: &Call) -> Reply {
    on(world, call, |world, at| {
        let names = world.projects[at].domains.clone();
        let domains: Vec<_> = names.iter().map(|name| shapes::domain(world, at, name)).collect();
        let pagination = shapes::page(domains.len());
        Reply::json(200, json!({ "domains": domains, "pagination": pagination }))
    })
}

pub(super) fn aliases(world: &mut World, call: &Call) -> Reply {
    let wanted = call.asked("projectId").map(|id| world.project(id));
    let mut aliases = Vec::new();
    for at in 0..world.projects.len() {
        if wanted.is_none_or(|wanted| wanted == Some(at)) {
            let leads = &world.projects[at].aliases;
            aliases.extend(leads.iter().map(|(name, leads)| shapes::alias(world, at, name, leads)));
        }
    }
    let pagination = shapes::page(aliases.len());
    Reply::json(200, json!({ "aliases": aliases, "pagination": pagination }))
}

pub(super) fn failed(world: &mut World, call: &Call) -> Reply {
    on(world, call, |world, at| {
        let it = &world.projects[at];
        if it.job.is_none() {
            return Reply::json(200, json!({}));
        }
        let all = if call.asked("failedOnly") == Some("true") { &it.failed } else { &it.domains };
        let status = |name: &String| if it.failed.contains(name) { "failed" } else { "completed" };
        let entry = |name| json!({ "alias": name, "id": format!("als_{name}"), "status": status(name) });
        let aliases: Vec<_> = all.iter().map(entry).collect();
        let pagination = shapes::page(aliases.len());
        Reply::json(200, json!({ "aliases": aliases, "pagination": pagination }))
    })
}

pub(super) fn promote(world: &mut World, call: &Call) -> Reply {
    let to = call.path.last().cloned().unwrap_or_default();
    on(world, call, |world, at| world.promote(at, &to))
}

pub(super) fn rollback(world: &mut World, call: &Call) -> Reply {
    let to = call.path.last().cloned().unwrap_or_default();
    on(world, call, |world, at| world.rollback(at, &to))
}
