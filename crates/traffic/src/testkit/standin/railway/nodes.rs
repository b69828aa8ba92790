//! The state as objects of the published schema. Each has every field that its type must have.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::state::{Deployment, Phase, Service, World};
use super::{ENVIRONMENT, PROJECT};

/// The state at a moment.
pub(super) struct View<'a> {
    pub(super) world: &'a World,
    pub(super) now: Instant,
}

pub(super) fn connection(nodes: Vec<Value>) -> Value {
    let edge = |node: Value| json!({ "cursor": node["id"], "node": node });
    json!({ "edges": nodes.into_iter().map(edge).collect::<Vec<_>>() })
}

impl View<'_> {
    pub(super) fn text(&self, at: Instant) -> String {
        self.world.clock.text(at)
    }

    fn origin(&self) -> String {
        self.world.services.first().map(|service| self.text(service.created)).unwrap_or_default()
    }

    pub(super) fn project(&self) -> Value {
        let services = self.world.services.iter().map(|service| self.service(service)).collect();
        let mut project = self.flat_project();
        project["workspace"] = json!({ "__typename": "Workspace", "id": "wsp-acme", "name": "acme" });
        project["environments"] = connection(vec![self.environment()]);
        project["services"] = connection(services);
        project
    }

    fn flat_project(&self) -> Value {
        json!({
            "__typename": "Project", "id": PROJECT, "name": "shop", "workspaceId": "wsp-acme", "deletedAt": null,
            "description": null, "createdAt": self.origin(), "updatedAt": self.origin(), "expiredAt": null,
            "isPublic": false, "isTempProject": false, "prDeploys": false, "botPrEnvironments": false,
            "focusedPrEnvironments": false, "tracingEnabled": false, "tracingSampleRate": null,
            "primaryEnvironmentId": ENVIRONMENT, "baseEnvironmentId": ENVIRONMENT, "subscriptionType": "hobby",
            "subscriptionPlanLimit": {}, "featureFlags": [], "members": [], "buckets": connection(vec![]),
            "groups": connection(vec![]), "volumes": connection(vec![]), "environments": connection(vec![]),
            "services": connection(vec![]),
        })
    }

    fn flat_environment(&self) -> Value {
        json!({
            "__typename": "Environment", "id": ENVIRONMENT, "name": "production", "projectId": PROJECT,
            "canAccess": true, "canvasGroupRefs": [], "config": self.config(), "configEtag": "etag-1",
            "createdAt": self.origin(), "updatedAt": self.origin(), "deletedAt": null, "isEphemeral": false,
            "unmergedChangesCount": 0, "meta": null, "sourceEnvironment": null,
            "deploymentTriggers": connection(vec![]), "deployments": connection(vec![]),
            "serviceInstances": connection(vec![]), "variables": connection(vec![]),
            "volumeInstances": connection(vec![]),
        })
    }

    pub(super) fn environment(&self) -> Value {
        let world = self.world;
        let mut environment = self.flat_environment();
        environment["serviceInstances"] =
            connection(world.services.iter().map(|service| self.instance(service)).collect());
        environment["volumeInstances"] =
            connection(world.services.iter().filter_map(|service| self.volume(service)).collect());
        environment["deployments"] = connection(self.newest_first(|_| true));
        environment
    }

    fn config(&self) -> Value {
        let entry = |service: &Service| {
            let settings = &service.settings;
            let config = json!({
                "source": { "image": settings.image, "repo": settings.repo },
                "deploy": { "healthcheckPath": settings.healthcheck_path, "overlapSeconds": settings.overlap_seconds },
            });
            (service.id.clone(), config)
        };
        let services: serde_json::Map<_, _> = self.world.services.iter().map(entry).collect();
        json!({ "services": services })
    }

    fn volume(&self, service: &Service) -> Option<Value> {
        let path = service.settings.volume.as_ref()?;
        let volume = json!({
            "__typename": "Volume", "id": "vol-1", "name": "data", "createdAt": self.origin(), "projectId": PROJECT,
        });
        Some(json!({
            "__typename": "VolumeInstance", "id": "voi-1", "serviceId": service.id, "mountPath": path,
            "environmentId": ENVIRONMENT, "externalId": "ext-1", "createdAt": self.origin(), "currentSizeMB": 12.0,
            "sizeMB": 500, "state": "READY", "deletedAt": null, "isPendingDeletion": false, "region": null,
            "volumeId": "vol-1", "volume": volume, "service": self.service(service),
            "environment": self.flat_environment(),
        }))
    }

    pub(super) fn service(&self, service: &Service) -> Value {
        let created = self.text(service.created);
        json!({
            "__typename": "Service", "id": service.id, "name": service.name, "projectId": PROJECT, "icon": null,
            "createdAt": created, "updatedAt": created, "deletedAt": null, "autoInstrumentationEnabled": false,
            "featureFlags": [], "groupId": null, "hasHiddenRegistryCredentialsFromTemplate": false,
            "isRestricted": false, "templateId": null, "templateServiceId": null, "templateThreadSlug": null,
            "tracingEnabled": null, "project": self.flat_project(),
            "deployments": connection(self.newest_first(|d| d.service == service.id)),
            "repoTriggers": connection(vec![]), "serviceInstances": connection(vec![]),
        })
    }

    pub(super) fn instance(&self, service: &Service) -> Value {
        let (settings, created) = (&service.settings, self.text(service.created));
        let active: Vec<Value> = self.world.active(&service.id).map(|d| self.deployment(d)).collect();
        let latest = self.world.deployments.iter().rev().find(|d| d.service == service.id);
        json!({
            "__typename": "ServiceInstance", "id": format!("ins-{}", service.id), "serviceId": service.id,
            "serviceName": service.name, "environmentId": ENVIRONMENT, "createdAt": created, "updatedAt": created,
            "deletedAt": null, "activeDeployments": active, "latestDeployment": latest.map(|d| self.deployment(d)),
            "autoInstrumentationEnabled": false, "buildCommand": null, "builder": "RAILPACK", "cronSchedule": null,
            "dockerfilePath": null, "domains": self.domains(service), "drainingSeconds": settings.draining_seconds,
            "overlapSeconds": settings.overlap_seconds, "healthcheckPath": settings.healthcheck_path,
            "healthcheckTimeout": 300, "isUpdatable": false, "ipv6EgressEnabled": false, "numReplicas": 1,
            "region": "us-west2", "restartPolicyMaxRetries": 10, "restartPolicyType": "ON_FAILURE",
            "nextCronRunAt": null, "preDeployCommand": null, "railwayConfigFile": null, "rootDirectory": null,
            "startCommand": null, "sleepApplication": false, "tracingEnabled": false, "watchPatterns": [],
            "upstreamUrl": format!("http://{}.railway.internal:8080", service.name),
            "source": { "__typename": "ServiceSource", "image": settings.image, "repo": settings.repo },
            "service": self.service(service),
        })
    }

    /// The deployments that `keep` keeps, newest first.
    pub(super) fn newest_first(&self, keep: impl Fn(&Deployment) -> bool) -> Vec<Value> {
        self.world.deployments.iter().rev().filter(|d| keep(d)).map(|d| self.deployment(d)).collect()
    }

    pub(super) fn deployment(&self, deployment: &Deployment) -> Value {
        let asked = self.text(deployment.asked);
        let running = if deployment.is_active() { "RUNNING" } else { "STOPPED" };
        let service = self.world.service(&deployment.service);
        let flat =
            service.map(|service| json!({ "__typename": "Service", "id": service.id, "name": service.name }));
        json!({
            "__typename": "Deployment", "id": deployment.id, "status": self.world.status(deployment, self.now),
            "createdAt": asked, "updatedAt": asked, "statusUpdatedAt": asked, "projectId": PROJECT,
            "environmentId": ENVIRONMENT, "serviceId": deployment.service, "snapshotId": null, "staticUrl": null,
            "url": null, "canRollback": deployment.can_rollback(),
            "canRedeploy": deployment.phase != Phase::UnderWay, "deploymentStopped": deployment.phase == Phase::Removed,
            "suggestAddServiceDomain": false, "creator": null, "diagnosis": null, "meta": meta(deployment),
            "instances": [{
                "__typename": "DeploymentDeploymentInstance", "id": format!("run-{}", deployment.id), "status": running,
            }],
            "sockets": [], "service": flat, "environment": self.flat_environment(),
        })
    }

    pub(super) fn domains(&self, service: &Service) -> Value {
        let created = self.text(service.created);
        let base = |id: String, domain: String| {
            json!({
                "id": id, "domain": domain, "environmentId": ENVIRONMENT, "projectId": PROJECT,
                "serviceId": service.id, "targetPort": 8080, "syncStatus": "ACTIVE", "createdAt": created,
                "updatedAt": created, "deletedAt": null, "edgeId": null, "cdnMode": null,
            })
        };
        let custom = service.settings.domains.iter().map(|domain| {
            let mut node = base(format!("dom-{domain}"), domain.clone());
            node["__typename"] = json!("CustomDomain");
            node["isRailwayDomain"] = json!(false);
            node["status"] = domain_status(domain);
            node
        });
        let mut given =
            base(format!("rwd-{}", service.name), format!("{}-production.up.railway.app", service.name));
        given["__typename"] = json!("ServiceDomain");
        given["suffix"] = json!("up.railway.app");
        let public = !service.settings.domains.is_empty();
        let given: Vec<Value> = public.then_some(given).into_iter().collect();
        json!({
            "__typename": "AllDomains", "customDomains": custom.collect::<Vec<_>>(), "serviceDomains": given,
        })
    }

    pub(super) fn lines(&self, deployment: &Deployment) -> Vec<Value> {
        let said = deployment.lines.iter().filter(|(at, _)| *at <= self.now);
        said.map(|(at, line)| log(&self.text(*at), line)).collect()
    }

    pub(super) fn build_lines(&self, deployment: &Deployment) -> Vec<Value> {
        vec![log(&self.text(deployment.asked), &format!("building {}", deployment.named()))]
    }

    /// The steps of a deployment as far as it has come.
    pub(super) fn events(&self, deployment: &Deployment) -> Vec<Value> {
        let at = self.text(deployment.asked);
        let event = |number: usize, step: &str, error: Option<&str>, done: bool| {
            json!({
                "__typename": "DeploymentEvent", "id": format!("evt-{}-{number}", deployment.id), "step": step,
                "createdAt": at, "completedAt": done.then_some(&at),
                "payload": {
                    "__typename": "DeploymentEventPayload", "attempt": 1, "detail": null, "durationMs": null,
                    "error": error, "maxAttempts": 1, "reason": null, "skipped": false,
                },
            })
        };
        let error = deployment.fails.as_deref().filter(|_| deployment.phase == Phase::Failed);
        vec![
            event(1, "BUILD_IMAGE", None, true),
            event(2, "CREATE_CONTAINER", None, true),
            event(3, "HEALTHCHECK", error, deployment.phase != Phase::UnderWay),
        ]
    }
}

fn meta(deployment: &Deployment) -> Value {
    let mut meta = json!({ "reason": deployment.reason });
    for (key, value) in [("image", &deployment.image), ("commitHash", &deployment.commit)] {
        if let Some(value) = value {
            meta[key] = json!(value);
        }
    }
    meta
}

fn domain_status(domain: &str) -> Value {
    json!({
        "__typename": "CustomDomainStatus", "verified": true, "verificationToken": null, "verificationDnsHost": null,
        "certificateStatus": "CERTIFICATE_STATUS_TYPE_VALID", "certificateStatusDetailed": null,
        "certificateErrorMessage": null, "certificateErrorType": null, "certificateRetryable": null,
        "cdnProvider": null, "certificates": [],
        "dnsRecords": [{
            "__typename": "DNSRecords", "hostlabel": "shop", "fqdn": domain, "recordType": "DNS_RECORD_TYPE_CNAME",
            "requiredValue": "abc.up.railway.app", "currentValue": "abc.up.railway.app",
            "status": "DNS_RECORD_STATUS_PROPAGATED", "zone": "example.com",
            "purpose": "DNS_RECORD_PURPOSE_TRAFFIC_ROUTE",
        }],
    })
}

fn log(at: &str, message: &str) -> Value {
    json!({
        "__typename": "Log", "timestamp": at, "message": message, "severity": "info", "attributes": [], "tags": null,
    })
}
