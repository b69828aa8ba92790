use serde_json::{Value, json};

use super::execute::GraphError;
use super::nodes::{View, connection};
use super::state::{Deployment, Service};
use super::{ENVIRONMENT, PROJECT};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    Project,
    Account,
}

type Found = Result<Value, GraphError>;

/// What a field at the root of a query is.
pub(super) fn query(view: &View<'_>, caller: Caller, field: &str, args: &Value) -> Found {
    match field {
        "__typename" => Ok(json!("Query")),
        "projectToken" => project_token(view, caller),
        "me" | "apiToken" | "projects" if caller == Caller::Project => Err(GraphError::new("Not Authorized")),
        "me" => Ok(
            json!({ "__typename": "User", "id": "usr-1", "name": "Operator", "email": "operator@example.com" }),
        ),
        "project" => named(args, "id", PROJECT, "Project").map(|()| view.project()),
        "environment" => environment(args).map(|()| view.environment()),
        "environments" => {
            named(args, "projectId", PROJECT, "Project").map(|()| connection(vec![view.environment()]))
        }
        "service" => Ok(view.service(service(view, args, "id")?)),
        "serviceInstance" => {
            environment_of(args).and_then(|()| Ok(view.instance(service(view, args, "serviceId")?)))
        }
        "deployment" => Ok(view.deployment(deployment(view, args, "id")?)),
        "deployments" => deployments(view, &args["input"]),
        "deploymentEvents" => Ok(connection(view.events(deployment(view, args, "id")?))),
        "deploymentLogs" => Ok(last(&view.lines(deployment(view, args, "deploymentId")?), args)),
        "buildLogs" => Ok(last(&view.build_lines(deployment(view, args, "deploymentId")?), args)),
        "domains" => environment_of(args).and_then(|()| Ok(view.domains(service(view, args, "serviceId")?))),
        "variables" | "variablesForServiceDeployment" => variables(view, args),
        "serviceInstanceAutoDeployStatus" => auto_deploy(view, args),
        "serviceInstanceIsUpdatable" => Ok(json!(false)),
        "deploymentTriggers" => Ok(connection(vec![])),
        "tcpProxies" | "privateNetworks" => Ok(json!([])),
        "regions" => Ok(regions()),
        other => Err(GraphError::new(format!("the stand-in has no `{other}`"))),
    }
}

fn project_token(view: &View<'_>, caller: Caller) -> Found {
    if caller != Caller::Project {
        return Err(GraphError::new("Project Token not found"));
    }
    let mut token = json!({
        "__typename": "ProjectToken", "id": "tok-1", "name": "handover", "displayToken": "proj****",
        "projectId": PROJECT, "environmentId": ENVIRONMENT, "project": view.project(),
        "environment": view.environment(),
    });
    token["createdAt"] = token["environment"]["createdAt"].clone();
    Ok(token)
}

fn named(args: &Value, key: &str, is: &str, kind: &str) -> Result<(), GraphError> {
    if args[key] == is { Ok(()) } else { Err(GraphError::new(format!("{kind} not found"))) }
}

fn environment(args: &Value) -> Result<(), GraphError> {
    named(args, "id", ENVIRONMENT, "Environment")?;
    if args["projectId"].is_null() { Ok(()) } else { named(args, "projectId", PROJECT, "Project") }
}

pub(super) fn environment_of(args: &Value) -> Result<(), GraphError> {
    named(args, "environmentId", ENVIRONMENT, "Environment")
}

pub(super) fn service<'a>(view: &View<'a>, args: &Value, key: &str) -> Result<&'a Service, GraphError> {
    let found = args[key].as_str().and_then(|id| view.world.service(id));
    found.ok_or_else(|| GraphError::new("Service not found"))
}

pub(super) fn deployment<'a>(view: &View<'a>, args: &Value, key: &str) -> Result<&'a Deployment, GraphError> {
    let found = args[key].as_str().and_then(|id| view.world.deployment(id));
    found.ok_or_else(|| GraphError::new("Deployment not found"))
}

fn deployments(view: &View<'_>, input: &Value) -> Found {
    if input["projectId"].is_string() {
        named(input, "projectId", PROJECT, "Project")?;
    }
    let of = input["serviceId"].as_str();
    let has = |list: &Value, status: &str| list.as_array().map(|list| list.iter().any(|word| word == status));
    let keep = |found: &Deployment| {
        let status = view.world.status(found, view.now);
        of.is_none_or(|service| found.service == service)
            && has(&input["status"]["in"], &status).unwrap_or(true)
            && !has(&input["status"]["notIn"], &status).unwrap_or(false)
    };
    Ok(connection(view.newest_first(keep)))
}

fn last(lines: &[Value], args: &Value) -> Value {
    let limit = args["limit"].as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(lines.len());
    lines.iter().skip(lines.len().saturating_sub(limit)).cloned().collect()
}

fn variables(view: &View<'_>, args: &Value) -> Found {
    environment_of(args)?;
    named(args, "projectId", PROJECT, "Project")?;
    Ok(json!(service(view, args, "serviceId")?.settings.variables))
}

fn auto_deploy(view: &View<'_>, args: &Value) -> Found {
    let enabled = service(view, args, "serviceId")?.settings.auto_deploy;
    Ok(json!({
        "__typename": "ServiceInstanceAutoDeployStatus", "canEnable": true, "enabled": enabled, "reason": null,
    }))
}

fn regions() -> Value {
    json!([{
        "__typename": "Region", "id": "us-west2", "name": "us-west2", "region": "us-west2", "country": "US",
        "location": "California", "workspaceId": null, "deploymentConstraints": null,
    }])
}
