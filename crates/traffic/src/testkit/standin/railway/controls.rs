use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::clock::Clock;
use super::server::{Platform, router};
use super::state::{Artefact, Deployment, Settings, World};
use super::{Fault, SERVICE, Setup};

/// A stand-in that serves until it is dropped.
pub struct RailwayStandIn {
    platform: Arc<Platform>,
    address: SocketAddr,
    task: JoinHandle<()>,
}

/// A deployment, as a test sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeploymentSeen {
    /// Its id.
    pub id: String,
    /// Its status, in Railway's words.
    pub status: String,
    /// The image or commit it runs.
    pub runs: String,
    /// `deploy`, `rollback`, `redeploy` or `push`.
    pub reason: &'static str,
}

impl RailwayStandIn {
    /// Listens and serves.
    ///
    /// # Errors
    ///
    /// The address is taken, or the schema is not one.
    pub async fn start(setup: Setup) -> io::Result<Self> {
        let schema = setup.schema.map(understood).transpose()?;
        let world = World::new(Clock::new(setup.skew), setup.pace);
        let platform = Arc::new(Platform::new(world, schema, setup.quota));
        let listener = TcpListener::bind(setup.listen).await?;
        let (address, served) = (listener.local_addr()?, router(Arc::clone(&platform)));
        let task = tokio::spawn(async move {
            // It ends with the task; an accept that fails is the next caller's to notice.
            let _ = axum::serve(listener, served).await;
        });
        Ok(Self { platform, address, task })
    }

    /// The address of the GraphQL interface.
    pub fn base(&self) -> String {
        format!("http://{}/graphql/v2", self.address)
    }

    /// The public address of the service with the domain.
    pub fn public(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The next request with this field at its root is struck; `*` is any. Several are struck one after the other.
    pub fn strike(&self, field: &str, fault: Fault) {
        self.platform.lock().script.add(field, fault);
    }

    /// No request is struck any more.
    pub fn calm(&self) {
        self.platform.lock().script.clear();
    }

    /// Returns once a request was struck with [`Fault::Silent`] and waits.
    pub async fn silenced(&self) {
        self.platform.silenced.notified().await;
    }

    /// How many requests came, openings of subscriptions included.
    pub fn requests(&self) -> u64 {
        self.platform.lock().requests
    }

    /// How many mutations were carried out.
    pub fn writes(&self) -> u64 {
        self.platform.lock().writes
    }

    /// How many subscriptions' connections were opened.
    pub fn openings(&self) -> u64 {
        self.platform.lock().openings
    }

    /// Whether subscriptions work from now on; open ones are cut if not.
    pub fn sockets(&self, work: bool) {
        self.platform.lock().sockets = work;
    }

    /// After each mutation from now on, so many reads see what was before it.
    pub fn stale_reads(&self, reads: u32) {
        self.platform.lock().staleness = reads;
    }

    /// Deletions want a second factor from now on.
    pub fn want_second_factor(&self) {
        self.platform.lock().world.two_factor = true;
    }

    /// Deployments of this image or commit fail from now on, and their health check says so.
    pub fn spoil(&self, artefact: &str, because: &str) {
        self.platform.lock().world.bad.insert(artefact.to_owned(), because.to_owned());
    }

    /// Changes the settings of a service.
    pub fn edit(&self, service: &str, change: impl FnOnce(&mut Settings)) {
        if let Some(settings) = self.platform.lock().world.settings_mut(service) {
            change(settings);
        }
    }

    /// The settings of a service.
    pub fn settings(&self, service: &str) -> Option<Settings> {
        self.platform.lock().world.service(service).map(|service| service.settings.clone())
    }

    /// Somebody else deploys this image into a service; returns the deployment's id.
    pub fn push(&self, service: &str, image: &str) -> String {
        let artefact = Artefact::Of { image: Some(image.to_owned()), commit: None };
        self.platform.lock().world.begin(service, artefact, "push", Instant::now())
    }

    /// The images of all deployments that are not active are gone.
    pub fn forget_images(&self) {
        for deployment in &mut self.platform.lock().world.deployments {
            deployment.image_kept = deployment.is_active();
        }
    }

    /// A deployment shows this status from now on, whatever it is.
    pub fn mask(&self, deployment: &str, status: Option<&str>) {
        if let Some(found) = self.platform.lock().world.deployment_mut(deployment) {
            found.mask = status.map(str::to_owned);
        }
    }

    /// A deployment logs a line.
    pub fn log(&self, deployment: &str, line: &str) {
        if let Some(found) = self.platform.lock().world.deployment_mut(deployment) {
            found.lines.push((Instant::now(), line.to_owned()));
        }
    }

    /// The deployments of a service, oldest first.
    pub fn deployments(&self, service: &str) -> Vec<DeploymentSeen> {
        let inner = self.platform.lock();
        let now = Instant::now();
        let seen = |deployment: &Deployment| DeploymentSeen {
            id: deployment.id.clone(),
            status: inner.world.status(deployment, now),
            runs: deployment.named().to_owned(),
            reason: deployment.reason,
        };
        inner.world.deployments.iter().filter(|d| d.service == service).map(seen).collect()
    }

    /// The image or commit that has a service's traffic.
    pub fn serving(&self, service: &str) -> Option<String> {
        self.platform.lock().world.serving(service).map(|serving| serving.named().to_owned())
    }

    /// Everything but the service with the domain, as text to compare.
    pub fn others(&self) -> String {
        let services: Vec<(String, Settings)> = {
            let inner = self.platform.lock();
            let others = inner.world.services.iter().filter(|service| service.id != SERVICE);
            others.map(|service| (service.id.clone(), service.settings.clone())).collect()
        };
        let shown =
            |(id, settings): (String, Settings)| format!("{id} {settings:?} {:?}\n", self.deployments(&id));
        services.into_iter().map(shown).collect()
    }
}

fn understood(text: String) -> io::Result<Valid<Schema>> {
    Schema::parse_and_validate(text, "schema.graphql").map_err(|e| io::Error::other(e.errors.to_string()))
}

impl Drop for RailwayStandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for RailwayStandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RailwayStandIn").field("address", &self.address).finish_non_exhaustive()
    }
}
