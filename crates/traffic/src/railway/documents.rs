//! Every question and every order that is ever sent to Railway. A test holds each to the published schema.

/// One GraphQL document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    /// The operation's name.
    pub name: &'static str,
    /// The text.
    pub text: &'static str,
}

macro_rules! documents {
    ($($(#[$doc:meta])* $const:ident = $name:literal: $text:expr;)*) => {
        $($(#[$doc])* pub(crate) const $const: Document = Document { name: $name, text: $text };)*
        /// All of them.
        pub const DOCUMENTS: &[Document] = &[$($const),*];
    };
}

macro_rules! deployment {
    ($before:literal) => {
        concat!(
            $before,
            "
fragment DeploymentFields on Deployment {
  id status createdAt canRollback canRedeploy deploymentStopped meta
}
"
        )
    };
}

documents! {
    /// Everything a switch has to know of a service, in one request: quotas are counted in requests.
    STANDING = "Standing": deployment!("
query Standing($project: String!, $environment: String!, $service: String!, $list: DeploymentListInput!, $first: Int!) {
  serviceInstance(environmentId: $environment, serviceId: $service) {
    serviceName healthcheckPath healthcheckTimeout overlapSeconds drainingSeconds numReplicas
    source { repo image }
    latestDeployment { ...DeploymentFields }
    activeDeployments { ...DeploymentFields }
  }
  deployments(input: $list, first: $first) { edges { node { ...DeploymentFields } } }
  environment(id: $environment, projectId: $project) {
    id name
    volumeInstances { edges { node { serviceId mountPath } } }
  }
  serviceInstanceAutoDeployStatus(projectId: $project, environmentId: $environment, serviceId: $service) { enabled reason }
}");
    /// One deployment that is not in the list any more.
    DEPLOYMENT = "OneDeployment": deployment!("
query OneDeployment($id: String!) { deployment(id: $id) { ...DeploymentFields } }");
    /// Newest first.
    DEPLOYMENTS = "Deployments": deployment!("
query Deployments($list: DeploymentListInput!, $first: Int!) {
  deployments(input: $list, first: $first) { edges { node { ...DeploymentFields } } }
}");
    /// Why a deployment failed: its steps, and what it and its build said last.
    FAILURE = "Failure": "
query Failure($id: String!, $lines: Int!) {
  deploymentEvents(id: $id, last: 20) { edges { node { step completedAt payload { error reason skipped } } } }
  buildLogs(deploymentId: $id, limit: $lines) { timestamp message severity }
  deploymentLogs(deploymentId: $id, limit: $lines) { timestamp message severity }
}";
    DEPLOY = "Deploy": "
mutation Deploy($environment: String!, $service: String!, $commit: String) {
  serviceInstanceDeployV2(environmentId: $environment, serviceId: $service, commitSha: $commit)
}";
    UPDATE = "UpdateService": "
mutation UpdateService($environment: String!, $service: String!, $input: ServiceInstanceUpdateInput!) {
  serviceInstanceUpdate(environmentId: $environment, serviceId: $service, input: $input)
}";
    ROLLBACK = "Rollback": "
mutation Rollback($id: String!) { deploymentRollback(id: $id) }";
    REDEPLOY = "Redeploy": "
mutation Redeploy($id: String!) { deploymentRedeploy(id: $id) { id status } }";
    CANCEL = "Cancel": "
mutation Cancel($id: String!) { deploymentCancel(id: $id) }";
    REMOVE = "Remove": "
mutation Remove($id: String!) { deploymentRemove(id: $id) }";
    AUTO_DEPLOY = "AutoDeploy": "
mutation AutoDeploy($input: ServiceInstanceAutoDeployUpdateInput!) {
  serviceInstanceAutoDeployUpdate(input: $input) { enabled }
}";
    SERVICES = "Services": "
query Services($project: String!, $environment: String!) {
  environment(id: $environment, projectId: $project) {
    serviceInstances(first: 500) {
      edges { node { serviceId serviceName source { repo image } latestDeployment { id status } } }
    }
  }
}";
    CREATE_SERVICE = "CreateService": "
mutation CreateService($input: ServiceCreateInput!) { serviceCreate(input: $input) { id name } }";
    DELETE_SERVICE = "DeleteService": "
mutation DeleteService($environment: String!, $id: String!) { serviceDelete(environmentId: $environment, id: $id) }";
    DEPLOYMENT_LOGS = "DeploymentLogs": "
query DeploymentLogs($id: String!, $lines: Int!) {
  deploymentLogs(deploymentId: $id, limit: $lines) { timestamp message severity }
}";
    BUILD_LOGS = "BuildLogs": "
query BuildLogs($id: String!, $lines: Int!) {
  buildLogs(deploymentId: $id, limit: $lines) { timestamp message severity }
}";
    VARIABLES = "Variables": "
query Variables($project: String!, $environment: String!, $service: String!) {
  variables(projectId: $project, environmentId: $environment, serviceId: $service)
}";
    DOMAINS = "Domains": "
query Domains($project: String!, $environment: String!, $service: String!) {
  domains(projectId: $project, environmentId: $environment, serviceId: $service) {
    serviceDomains { domain targetPort syncStatus }
    customDomains { domain targetPort syncStatus status { verified certificateStatus } }
  }
}";
    WATCH = "Watch": "
subscription Watch($id: String!) { deployment(id: $id) { id status deploymentStopped } }";
    FOLLOW_LOGS = "FollowLogs": "
subscription FollowLogs($id: String!, $lines: Int!) {
  deploymentLogs(deploymentId: $id, limit: $lines) { timestamp message severity }
}";
}
