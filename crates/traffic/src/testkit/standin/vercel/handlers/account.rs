use serde_json::json;

use crate::testkit::standin::vercel::reply::{Call, Reply, refuse};
use crate::testkit::standin::vercel::shapes;
use crate::testkit::standin::vercel::world::World;

pub(super) fn user(world: &mut World, _: &Call) -> Reply {
    Reply::json(200, shapes::user(world))
}

pub(super) fn teams(world: &mut World, _: &Call) -> Reply {
    let teams: Vec<_> = shapes::team(world).into_iter().collect();
    let pagination = shapes::page(teams.len());
    Reply::json(200, json!({ "teams": teams, "pagination": pagination }))
}

pub(super) fn team(world: &mut World, call: &Call) -> Reply {
    let named = call.path.last().map_or("", String::as_str);
    let slug = world.setup.team.clone();
    match shapes::team(world).filter(|_| named == "team_standin" || Some(named) == slug.as_deref()) {
        Some(team) => Reply::json(200, team),
        None => refuse(404, "not_found", "Team not found."),
    }
}
