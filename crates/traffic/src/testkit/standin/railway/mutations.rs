use serde_json::{Value, json};
use tokio::time::Instant;

use super::execute::GraphError;
use super::nodes::View;
use super::queries::{deployment, environment_of, service};
use super::state::{Artefact, Deployment, Phase, Service, Settings, World};

type Done = Result<Value, GraphError>;

/// Carries out a field at the root of a mutation.
pub(super) fn mutate(world: &mut World, now: Instant, field: &str, args: &Value) -> Done {
    match field {
        "__typename" => Ok(json!("Mutation")),
        "serviceInstanceDeployV2" => deploy(world, now, args).map(|id| json!(id)),
        "serviceInstanceDeploy" => deploy(world, now, args).map(|_| json!(true)),
        "serviceInstanceUpdate" => update(world, now, args),
        "serviceInstanceAutoDeployUpdate" => auto_deploy(world, now, &args["input"]),
        "deploymentRollback" => roll_back(world, now, args),
        "deploymentRedeploy" => redeploy(world, now, args),
        "deploymentCancel" => cancel(world, now, args),
        "deploymentRemove" | "deploymentStop" => remove(world, now, args),
        "serviceCreate" => create(world, now, &args["input"]),
        "serviceDelete" => delete(world, now, args),
        "variableUpsert" => variable(world, now, &args["input"]),
        "cliEventTrack" => Ok(json!(true)),
        other => Err(GraphError::new(format!("the stand-in has no `{other}`"))),
    }
}

fn deploy(world: &mut World, now: Instant, args: &Value) -> Result<String, GraphError> {
    environment_of(args)?;
    let found = service(&View { world, now }, args, "serviceId")?;
    let (id, settings) = (found.id.clone(), &found.settings);
    let artefact = match args["commitSha"].as_str() {
        Some(_) if settings.repo.is_none() => {
            return Err(GraphError::new("Service does not exist in a repository"));
        }
        Some(sha) => Artefact::Commit(sha.to_owned()),
        None => Artefact::Set,
    };
    Ok(world.begin(&id, artefact, "deploy", now))
}

fn update(world: &mut World, now: Instant, args: &Value) -> Done {
    let id = service(&View { world, now }, args, "serviceId")?.id.clone();
    let Some(settings) = world.settings_mut(&id) else { return Ok(json!(false)) };
    let input = &args["input"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
    if let Some(image) = text(&input["source"]["image"]) {
        (settings.image, settings.repo) = (Some(image), None);
    }
    if let Some(repo) = text(&input["source"]["repo"]) {
        (settings.image, settings.repo) = (None, Some(repo));
    }
    settings.healthcheck_path = text(&input["healthcheckPath"]).or_else(|| settings.healthcheck_path.take());
    settings.overlap_seconds = number(&input["overlapSeconds"]).or(settings.overlap_seconds);
    settings.draining_seconds = number(&input["drainingSeconds"]).or(settings.draining_seconds);
    Ok(json!(true))
}

fn auto_deploy(world: &mut World, now: Instant, input: &Value) -> Done {
    let id = service(&View { world, now }, input, "serviceId")?.id.clone();
    let enabled = input["enabled"].as_bool().unwrap_or(false);
    if let Some(settings) = world.settings_mut(&id) {
        settings.auto_deploy = enabled;
    }
    Ok(json!({ "__typename": "ServiceInstanceAutoDeployUpdateResult", "enabled": enabled }))
}

fn old(world: &World, now: Instant, args: &Value) -> Result<Deployment, GraphError> {
    deployment(&View { world, now }, args, "id").cloned()
}

fn roll_back(world: &mut World, now: Instant, args: &Value) -> Done {
    let old = old(world, now, args)?;
    if !old.can_rollback() {
        return Err(GraphError::new("Deployment cannot be rolled back to"));
    }
    world.begin(&old.service, old.artefact(), "rollback", now);
    Ok(json!(true))
}

fn redeploy(world: &mut World, now: Instant, args: &Value) -> Done {
    let old = old(world, now, args)?;
    if old.phase == Phase::UnderWay {
        return Err(GraphError::new("Deployment cannot be redeployed while it is under way"));
    }
    let id = world.begin(&old.service, old.artefact(), "redeploy", now);
    let view = View { world, now };
    Ok(view.world.deployment(&id).map_or(Value::Null, |made| view.deployment(made)))
}

fn cancel(world: &mut World, now: Instant, args: &Value) -> Done {
    let old = old(world, now, args)?;
    match world.deployment_mut(&old.id) {
        Some(found) if found.phase == Phase::UnderWay => found.phase = Phase::Removed,
        _ => return Err(GraphError::new("Deployment is not under way")),
    }
    Ok(json!(true))
}

fn remove(world: &mut World, now: Instant, args: &Value) -> Done {
    let old = old(world, now, args)?;
    if let Some(found) = world.deployment_mut(&old.id) {
        found.phase = Phase::Removed;
    }
    Ok(json!(true))
}

fn create(world: &mut World, now: Instant, input: &Value) -> Done {
    let given = input["name"].as_str().map(str::to_owned);
    let name = given.unwrap_or_else(|| world.fresh("service"));
    if world.services.iter().any(|service| service.name == name) {
        return Err(GraphError::new("A service of this name exists"));
    }
    let id = world.fresh("svc");
    let settings = Settings::bare(input["source"]["image"].as_str());
    let deploys = settings.image.is_some();
    world.services.push(Service { id: id.clone(), name, settings, created: now });
    if deploys {
        world.begin(&id, Artefact::Set, "deploy", now);
    }
    let view = View { world, now };
    Ok(view.world.service(&id).map_or(Value::Null, |made| view.service(made)))
}

fn delete(world: &mut World, now: Instant, args: &Value) -> Done {
    if world.two_factor {
        return Err(GraphError::new("Two Factor Authentication Required"));
    }
    let id = service(&View { world, now }, args, "id")?.id.clone();
    world.services.retain(|service| service.id != id);
    world.deployments.retain(|deployment| deployment.service != id);
    Ok(json!(true))
}

/// Without `skipDeploys` a variable's change deploys the service, as on the platform.
fn variable(world: &mut World, now: Instant, input: &Value) -> Done {
    let id = service(&View { world, now }, input, "serviceId")?.id.clone();
    let text = |key: &str| input[key].as_str().unwrap_or_default().to_owned();
    let (name, value) = (text("name"), text("value"));
    if let Some(settings) = world.settings_mut(&id) {
        settings.variables.insert(name, value);
    }
    if input["skipDeploys"].as_bool() != Some(true) {
        world.begin(&id, Artefact::Set, "deploy", now);
    }
    Ok(json!(true))
}
