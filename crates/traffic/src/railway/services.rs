//! Private services behind an edge of one's own: one for blue, one for green.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::client::with;
use super::documents::{
    BUILD_LOGS, CREATE_SERVICE, DELETE_SERVICE, DEPLOY, DEPLOYMENT_LOGS, DEPLOYMENTS, DOMAINS, FOLLOW_LOGS,
    REMOVE, SERVICES, UPDATE, VARIABLES,
};
use super::socket::{Socket, Word};
use super::wire::{Edges, Line, ServicesData};
use super::{Deployment, Domains, NAME, Railway, Status};
use crate::SwitchError;

/// A service of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceFound {
    /// Its id.
    pub id: String,
    /// Its name, which is also its host on the private network: `<name>.railway.internal`.
    pub name: String,
    /// The image it is set to.
    pub image: Option<String>,
    /// Its last deployment.
    pub latest: Option<(String, Status)>,
}

/// One line that a release or its build logged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogLine {
    /// When, as Railway has it.
    pub timestamp: String,
    /// What.
    pub message: String,
    /// How grave, where Railway knows.
    pub severity: Option<String>,
}

/// Lines as they come.
#[derive(Debug)]
pub struct Lines {
    socket: Socket,
    ready: std::collections::VecDeque<LogLine>,
}

#[derive(Deserialize)]
struct Created {
    id: String,
}

#[derive(Deserialize)]
struct Listed {
    deployments: Edges<Deployment>,
}

impl Railway {
    /// The services of the environment.
    ///
    /// # Errors
    ///
    /// Railway gave no usable answer; so with every call that only reads.
    pub async fn services(&self) -> Result<Vec<ServiceFound>, SwitchError> {
        let data: ServicesData = self.ask(SERVICES, self.names()).await?;
        let found = data.environment.service_instances.into_nodes().into_iter().map(|here| ServiceFound {
            id: here.service_id,
            name: here.service_name,
            image: here.source.and_then(|source| source.image),
            latest: here.latest_deployment.map(|latest| (latest.id, latest.status)),
        });
        Ok(found.collect())
    }

    /// Makes a service without a public address, in this environment, and returns its id. With an image it is deployed
    /// at once. A name that is taken is not made a second time: its id is returned.
    ///
    /// # Errors
    ///
    /// As for every order: [`SwitchError::Refused`] where nothing changed, [`SwitchError::Unconfirmed`] where it may have.
    pub async fn create_service(&self, name: &str, image: Option<&str>) -> Result<String, SwitchError> {
        if let Some(found) = self.services().await?.into_iter().find(|service| service.name == name) {
            return Ok(found.id);
        }
        let options = self.options();
        let mut input = json!({
            "projectId": options.project, "environmentId": options.environment, "name": name,
        });
        if let Some(image) = image {
            input["source"] = json!({ "image": image });
        }
        Ok(self.order::<Created>(CREATE_SERVICE, json!({ "input": input }), "serviceCreate").await?.id)
    }

    /// Sets the service to an image; the next deployment is of it.
    ///
    /// # Errors
    ///
    /// As for [`Railway::create_service`].
    pub async fn set_image(&self, image: &str) -> Result<(), SwitchError> {
        self.update(json!({ "source": { "image": image } })).await
    }

    pub(super) async fn update(&self, input: Value) -> Result<(), SwitchError> {
        let variables = with(self.names(), json!({ "input": input }));
        self.accepted(UPDATE, variables, "serviceInstanceUpdate").await
    }

    /// Deploys a commit, or without one the service as it is set, and returns the new deployment's id.
    ///
    /// # Errors
    ///
    /// As for [`Railway::create_service`]. Twice is two deployments: look at [`Railway::deployments`] before a repetition.
    pub async fn deploy(&self, commit: Option<&str>) -> Result<String, SwitchError> {
        let variables = with(self.names(), json!({ "commit": commit }));
        self.order(DEPLOY, variables, "serviceInstanceDeployV2").await
    }

    /// The newest deployments, newest first.
    ///
    /// # Errors
    ///
    /// As for [`Railway::services`].
    pub async fn deployments(&self, most: u32) -> Result<Vec<Deployment>, SwitchError> {
        let variables = json!({ "list": self.here(), "first": most });
        Ok(self.ask::<Listed>(DEPLOYMENTS, variables).await?.deployments.into_nodes())
    }

    /// The last lines a deployment logged, oldest first.
    ///
    /// # Errors
    ///
    /// As for [`Railway::services`].
    pub async fn logs(&self, deployment: &str, most: usize) -> Result<Vec<LogLine>, SwitchError> {
        let mut data: Value = self.ask(DEPLOYMENT_LOGS, json!({ "id": deployment, "lines": most })).await?;
        lines(data["deploymentLogs"].take())
    }

    /// The last lines a deployment's build logged, oldest first.
    ///
    /// # Errors
    ///
    /// As for [`Railway::services`].
    pub async fn build_logs(&self, deployment: &str, most: usize) -> Result<Vec<LogLine>, SwitchError> {
        let mut data: Value = self.ask(BUILD_LOGS, json!({ "id": deployment, "lines": most })).await?;
        lines(data["buildLogs"].take())
    }

    /// The last lines a deployment logged, and each further one as it comes.
    ///
    /// # Errors
    ///
    /// [`SwitchError::Unreachable`]: the subscription could not be opened.
    pub async fn follow_logs(&self, deployment: &str, most: usize) -> Result<Lines, SwitchError> {
        let opened = async {
            let mut socket = Socket::open(self).await?;
            socket.subscribe(FOLLOW_LOGS, json!({ "id": deployment, "lines": most })).await?;
            Ok(Lines { socket, ready: std::collections::VecDeque::new() })
        };
        opened.await.map_err(|source| SwitchError::Unreachable { backend: NAME, source })
    }

    /// The names of the service's variables. Their values are read and dropped: they may be secret.
    ///
    /// # Errors
    ///
    /// As for [`Railway::services`].
    pub async fn variable_names(&self) -> Result<Vec<String>, SwitchError> {
        #[derive(Deserialize)]
        struct Data {
            variables: Map<String, Value>,
        }
        let data: Data = self.ask(VARIABLES, self.names()).await?;
        Ok(data.variables.into_iter().map(|(name, _)| name).collect())
    }

    /// The service's addresses.
    ///
    /// # Errors
    ///
    /// As for [`Railway::services`].
    pub async fn domains(&self) -> Result<Domains, SwitchError> {
        #[derive(Deserialize)]
        struct Data {
            domains: Domains,
        }
        Ok(self.ask::<Data>(DOMAINS, self.names()).await?.domains)
    }

    /// Stops a deployment and takes it away; the service stays.
    ///
    /// # Errors
    ///
    /// As for [`Railway::create_service`].
    pub async fn remove(&self, deployment: &str) -> Result<(), SwitchError> {
        self.accepted(REMOVE, json!({ "id": deployment }), "deploymentRemove").await
    }

    /// Deletes the service in this environment, with its deployments.
    ///
    /// # Errors
    ///
    /// As for [`Railway::create_service`]; refused where the workspace wants a second factor.
    pub async fn delete_service(&self) -> Result<(), SwitchError> {
        let options = self.options();
        let variables = json!({ "environment": options.environment, "id": options.service });
        self.accepted(DELETE_SERVICE, variables, "serviceDelete").await
    }

    /// The same client for another service of the environment. The quota is the token's, so it is read anew.
    ///
    /// # Errors
    ///
    /// No service is named.
    pub fn for_service(&self, service: &str) -> Result<Self, crate::BoxError> {
        Self::new(self.options().for_service(service))
    }

    /// Waits for a deployment as long as the limits say.
    ///
    /// # Errors
    ///
    /// As for [`Railway::wait`].
    pub async fn wait_for(&self, deployment: &str) -> Result<Status, SwitchError> {
        self.wait(deployment, Instant::now() + self.limits().deploy).await
    }
}

impl Lines {
    /// The next line; `None` once there will be no more.
    ///
    /// # Errors
    ///
    /// [`SwitchError::Unreachable`]: the subscription was lost.
    pub async fn next(&mut self) -> Result<Option<LogLine>, SwitchError> {
        loop {
            if let Some(line) = self.ready.pop_front() {
                return Ok(Some(line));
            }
            let word = self.socket.word().await;
            match word.map_err(|source| SwitchError::Unreachable { backend: NAME, source })? {
                Word::Complete => return Ok(None),
                Word::Data(mut data) => self.ready.extend(lines(data["deploymentLogs"].take())?),
            }
        }
    }
}

fn lines(value: Value) -> Result<Vec<LogLine>, SwitchError> {
    let lines: Vec<Line> = serde_json::from_value(value).map_err(|e| SwitchError::Refused {
        backend: NAME,
        source: format!("the log is not as published: {e}").into(),
    })?;
    let known =
        |line: Line| LogLine { timestamp: line.timestamp, message: line.message, severity: line.severity };
    Ok(lines.into_iter().map(known).collect())
}
