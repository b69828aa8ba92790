//! What is known, in the platform's own shapes.

use serde_json::{Value, json};

use super::setup::Plan;
use super::world::{Config, ConfigStage, Deployment, Job, World};

fn substate(world: &World, it: &Deployment) -> Option<&'static str> {
    let rolling = world.projects.iter().filter_map(|project| project.active());
    let mut rolling = rolling.filter(|release| release.canary == it.id);
    match () {
        () if it.state(world.now) != "READY" || !it.production => None,
        () if rolling.next().is_some() => Some("ROLLING"),
        () if it.promoted => Some("PROMOTED"),
        () => Some("STAGED"),
    }
}

fn target(it: &Deployment) -> Option<&'static str> {
    it.production.then_some("production")
}

fn aliases_of(world: &World, id: &str) -> Vec<String> {
    let all = world.projects.iter().flat_map(|project| &project.aliases);
    all.filter(|(_, leads)| leads.as_str() == id).map(|(alias, _)| alias.clone()).collect()
}

fn with(mut value: Value, key: &str, what: Option<impl Into<Value>>) -> Value {
    if let (Some(map), Some(what)) = (value.as_object_mut(), what) {
        map.insert(key.to_owned(), what.into());
    }
    value
}

pub(super) fn deployment(world: &World, it: &Deployment) -> Value {
    let state = it.state(world.now);
    let project = world.projects.iter().find(|project| project.id == it.project);
    let name = project.map_or("", |project| project.name.as_str());
    let aliases = aliases_of(world, &it.id);
    let value = json!({
        "id": it.id, "url": it.url, "name": name, "projectId": it.project, "version": 2, "type": "LAMBDAS",
        "project": { "id": it.project, "name": name, "framework": null },
        "status": state, "readyState": state, "target": target(it), "source": it.source, "meta": it.meta,
        "alias": aliases, "aliasAssigned": !aliases.is_empty(), "aliasError": null,
        "createdAt": it.created, "buildingAt": it.created, "bootedAt": it.built, "buildSkipped": false,
        "creator": { "uid": "user_standin", "username": "standin" }, "ownerId": owner(world),
        "public": false, "plan": world.plan_word(), "createdIn": "fra1", "regions": ["fra1"], "routes": [],
        "build": { "env": [] }, "env": [], "inspectorUrl": null, "projectSettings": {},
        "isInConcurrentBuildsQueue": false, "isInSystemBuildsQueue": false,
    });
    let team =
        world.setup.team.as_ref().map(|slug| json!({ "id": "team_standin", "name": slug, "slug": slug }));
    let value = with(with(value, "team", team), "readySubstate", substate(world, it));
    let value = with(value, "ready", (state == "READY").then_some(it.built));
    with(value, "errorMessage", (state == "ERROR").then_some("Command \"npm run build\" exited with 1"))
}

pub(super) fn listed(world: &World, it: &Deployment) -> Value {
    let state = it.state(world.now);
    let project = world.projects.iter().find(|project| project.id == it.project);
    let candidate = it.promoted && project.is_some_and(|project| project.production.as_ref() != Some(&it.id));
    let value = json!({
        "uid": it.id, "url": it.url, "name": project.map_or("", |project| project.name.as_str()),
        "projectId": it.project, "created": it.created, "createdAt": it.created, "buildingAt": it.created,
        "ready": it.built, "type": "LAMBDAS", "state": state, "readyState": state, "target": target(it),
        "source": it.source, "meta": it.meta, "isRollbackCandidate": candidate, "inspectorUrl": null,
        "creator": { "uid": "user_standin", "username": "standin", "email": "standin@example.com" },
    });
    with(value, "readySubstate", substate(world, it))
}

pub(super) fn owner(world: &World) -> &'static str {
    if world.setup.team.is_some() { "team_standin" } else { "user_standin" }
}

pub(super) fn page(count: usize) -> Value {
    json!({ "count": count, "next": null, "prev": null })
}

pub(super) fn project(world: &World, at: usize) -> Value {
    let it = &world.projects[at];
    let value = json!({
        "id": it.id, "name": it.name, "accountId": owner(world), "createdAt": it.created,
        "updatedAt": it.created, "directoryListing": false, "nodeVersion": "22.x", "framework": null,
        "resourceConfig": { "functionDefaultRegions": ["fra1"] },
        "defaultResourceConfig": { "functionDefaultRegions": ["fra1"] },
        "autoAssignCustomDomains": it.auto_assign, "live": true,
        "lastAliasRequest": it.job.as_ref().map(job), "rollingRelease": it.config.as_ref().map(config),
        "link": {
            "type": "github", "org": "example", "repo": it.name, "repoId": 4_711, "deployHooks": [],
            "gitCredentialId": "cred_standin", "productionBranch": "main",
        },
    });
    with(value, "targets", Some(json!({ "production": produced(world, at) })))
}

fn produced(world: &World, at: usize) -> Value {
    let it = &world.projects[at];
    let Some(deployment) = it.production.as_deref().and_then(|id| world.deployment(id)) else {
        return Value::Null;
    };
    json!({
        "id": deployment.id, "url": deployment.url, "deploymentHostname": deployment.url, "name": it.name,
        "createdAt": deployment.created, "createdIn": "fra1", "plan": world.plan_word(), "private": false,
        "creator": { "uid": "user_standin", "username": "standin", "email": "standin@example.com" },
        "readyState": "READY", "readySubstate": "PROMOTED", "target": "production", "type": "LAMBDAS",
        "userId": "user_standin", "meta": deployment.meta, "alias": aliases_of(world, &deployment.id),
    })
}

fn job(it: &Job) -> Value {
    let value = json!({
        "fromDeploymentId": it.from, "toDeploymentId": it.to, "jobStatus": it.status,
        "requestedAt": it.requested, "type": it.kind,
    });
    with(value, "fromRollingReleaseId", it.release.clone())
}

/// Durations are minutes here.
pub(super) fn config(it: &Config) -> Value {
    let stage = |stage: &ConfigStage| {
        let value = json!({ "targetPercentage": stage.percentage, "requireApproval": stage.approval });
        let value = with(value, "duration", stage.minutes);
        with(value, "linearShift", stage.linear.then_some(true))
    };
    let stages: Vec<_> = it.stages.iter().map(stage).collect();
    json!({ "target": "production", "stages": stages, "canaryResponseHeader": it.header })
}

/// The release, if it is in the state that was asked for. Durations are seconds here.
pub(super) fn release(world: &World, at: usize, state: Option<&str>) -> Value {
    let it = world.projects[at].release.as_ref();
    let Some(it) = it.filter(|it| state.is_none_or(|state| it.state == state)) else {
        return json!({ "rollingRelease": null });
    };
    let stages: Vec<_> = (0..it.stages.len()).map(|at| stage(&it.stages, at)).collect();
    let active = it.state == "ACTIVE";
    let next = stages.get(it.active + 1).filter(|_| active);
    let approval = it.stages.iter().any(|stage| stage.approval);
    json!({ "rollingRelease": {
        "state": it.state, "currentDeployment": named(world, &it.current),
        "canaryDeployment": named(world, &it.canary), "queuedDeploymentId": it.queued,
        "advancementType": if approval { "manual-approval" } else { "automatic" },
        "stages": stages, "activeStage": stages.get(it.active).filter(|_| active), "nextStage": next,
        "startedAt": it.started, "updatedAt": it.updated, "substate": null,
        "currentCanaryPercentage": it.stages.get(it.active).map(|stage| stage.percentage),
    }})
}

fn stage(stages: &[ConfigStage], at: usize) -> Value {
    let it = &stages[at];
    json!({
        "index": at, "isFinalStage": at + 1 == stages.len(), "targetPercentage": it.percentage,
        "requireApproval": it.approval, "duration": it.minutes.map(|minutes| minutes * 60.0),
        "linearShift": it.linear,
    })
}

fn named(world: &World, id: &str) -> Value {
    let Some(it) = world.deployment(id) else { return Value::Null };
    json!({
        "id": it.id, "name": it.project, "url": it.url, "createdAt": it.created, "target": "production",
        "source": it.source, "readyState": it.state(world.now), "readyStateAt": it.built,
    })
}

pub(super) fn billing(world: &World, at: usize) -> Value {
    let taken = world.slots_taken();
    let (slots, reason, message) = match world.setup.plan {
        Plan::Hobby => (json!(0), "plan_not_supported", "Rolling releases need Pro or Enterprise."),
        Plan::Enterprise => (json!("unlimited"), "unlimited_slots", "Rolling releases are unlimited."),
        Plan::Pro { slots } if world.may_configure(at) => {
            (json!(slots.saturating_sub(taken.len()).max(1)), "available_slots", "A slot is available.")
        }
        Plan::Pro { .. } => (json!(0), "no_available_slots", "All slots are in use."),
    };
    let value = json!({ "availableSlots": slots, "reason": reason, "message": message });
    with(value, "enabledProjects", (reason == "no_available_slots").then_some(taken))
}

pub(super) fn user(world: &World) -> Value {
    json!({ "user": {
        "id": "user_standin", "email": "standin@example.com", "name": "Stand-in", "username": "standin",
        "avatar": null, "defaultTeamId": world.setup.team.as_ref().map(|_| "team_standin"),
        "createdAt": 1_700_000_000_000_u64, "softBlock": null, "billing": null, "resourceConfig": {},
        "stagingPrefix": "standin", "hasTrialAvailable": false,
    }})
}

pub(super) fn team(world: &World) -> Option<Value> {
    let slug = world.setup.team.as_ref()?;
    Some(json!({
        "id": "team_standin", "slug": slug, "name": slug, "avatar": null, "creatorId": "user_standin",
        "description": null, "stagingPrefix": slug, "createdAt": 1_700_000_000_000_u64,
        "updatedAt": 1_700_000_000_000_u64,
        "billing": { "plan": world.plan_word() },
        "membership": {
            "confirmed": true, "role": "OWNER", "createdAt": 1_700_000_000_000_u64,
            "created": 1_700_000_000_000_u64, "uid": "user_standin", "teamId": "team_standin",
        },
    }))
}

pub(super) fn alias(world: &World, at: usize, name: &str, leads: &str) -> Value {
    let it = &world.projects[at];
    json!({
        "uid": format!("als_{name}"), "alias": name, "created": "2026-01-01T00:00:00.000Z",
        "createdAt": it.created, "deploymentId": leads, "projectId": it.id,
    })
}

pub(super) fn domain(world: &World, at: usize, name: &str) -> Value {
    let it = &world.projects[at];
    json!({
        "name": name, "apexName": name.trim_start_matches("www."), "projectId": it.id, "verified": true,
        "createdAt": it.created, "updatedAt": it.created,
    })
}
