//! A stand-in for Vercel's control plane and its public side, on loopback.
//!
//! What it answers is checked against the published description by this crate's own tests, and it is good enough for
//! the platform's own command-line client. Projects, deployments, aliases, jobs and rolling releases are kept in
//! memory; time passes as on the machine, unless it is moved. A request for a host name that leads to a deployment is
//! a user's: the answer's `x-deployment-id` says who gave it.
//!
//! Where the published description is silent, the stand-in is strict: a job while another one is under way is a
//! conflict, a rollback is for deployments that had production before, a preview is never promoted.

mod cut;
mod faults;
mod handlers;
mod jobs;
mod public;
mod record;
mod releases;
mod reply;
mod serve;
mod setup;
mod shapes;
mod world;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use self::cut::{Cut, Cuttable};
use self::serve::{Handle, Shared, answer, lock};
use self::world::{Config, ConfigStage, World};

pub use faults::{VercelMishap, VercelOn};
pub use record::VercelRecorded;
pub use setup::{Plan, VercelSetup};

/// A running stand-in; it ends when it is dropped.
#[derive(Debug)]
pub struct VercelStandin {
    shared: Handle,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl VercelStandin {
    /// Listens and answers from now on.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on.
    pub async fn start(setup: VercelSetup) -> io::Result<Self> {
        let listener = TcpListener::bind(setup.listen).await?;
        let address = listener.local_addr()?;
        let shared = Handle::new(Shared::new(World::new(setup)).into());
        let app = Router::new().fallback(answer).with_state(shared.clone());
        let app = app.into_make_service_with_connect_info::<Cut>();
        let server = tokio::spawn(async move {
            // It ends with an error only if accepting does, which axum tries again for ever.
            let _ = axum::serve(Cuttable(listener), app).await;
        });
        Ok(Self { shared, address, server })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where a client finds its control plane.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Has a deployment of `project` for production, written `release` on, ready at once; its id. Empty if there is
    /// no such project.
    pub fn deploy(&self, project: &str, release: &str) -> String {
        self.build(project, release, true)
    }

    /// The same as a preview.
    pub fn preview(&self, project: &str, release: &str) -> String {
        self.build(project, release, false)
    }

    fn build(&self, project: &str, release: &str, production: bool) -> String {
        let mut shared = lock(&self.shared);
        let world = &mut shared.world;
        world.tick();
        let Some(at) = world.project(project) else { return String::new() };
        let meta = BTreeMap::from([("handoverRelease".to_owned(), release.to_owned())]);
        let id = world.build(at, production, meta, None, "cli");
        let now = world.now;
        if let Some(it) = world.deployment_mut(&id) {
            it.built = now;
        }
        id
    }

    /// Gives production of `project` to a deployment, as if it had been so for long.
    pub fn settle(&self, project: &str, deployment: &str) {
        let mut shared = lock(&self.shared);
        if let Some(at) = shared.world.project(project) {
            let _ = shared.world.give(at, deployment);
        }
    }

    /// Configures stages of these percentages, each of which waits for approval, and 100 at the end.
    pub fn configure(&self, project: &str, percentages: &[f64]) {
        self.configure_stages(project, percentages.iter().map(|it| (*it, true, None)));
    }

    /// Configures stages: percentage, whether it waits for approval, and after how many minutes it moves on.
    pub fn configure_stages(
        &self,
        project: &str,
        stages: impl IntoIterator<Item = (f64, bool, Option<f64>)>,
    ) {
        let stage =
            |(percentage, approval, minutes)| ConfigStage { percentage, approval, minutes, linear: false };
        let stages = stages.into_iter().chain([(100.0, false, None)]).map(stage).collect();
        self.edit(project, |it| it.config = Some(Config { stages, header: true }));
    }

    /// Says whether production builds take the domains over by themselves.
    pub fn assign_by_itself(&self, project: &str, by_itself: bool) {
        self.edit(project, |it| it.auto_assign = by_itself);
    }

    /// From now on no job can move these host names; none frees all.
    pub fn stick(&self, project: &str, names: &[&str]) {
        self.edit(project, |it| it.stuck = names.iter().map(|name| (*name).to_owned()).collect());
    }

    fn edit(&self, project: &str, edit: impl FnOnce(&mut world::Project)) {
        let mut shared = lock(&self.shared);
        if let Some(at) = shared.world.project(project) {
            edit(&mut shared.world.projects[at]);
        }
    }

    /// From now on this deployment is said to be in this state, whatever it is.
    pub fn pretend(&self, deployment: &str, ready_state: &str) {
        if let Some(it) = lock(&self.shared).world.deployment_mut(deployment) {
            it.says = Some(ready_state.to_owned());
        }
    }

    /// From now on this deployment answers its users with this status.
    pub fn sicken(&self, deployment: &str, status: StatusCode) {
        if let Some(it) = lock(&self.shared).world.deployment_mut(deployment) {
            it.sick = Some(status);
        }
    }

    /// The next build fails.
    pub fn fail_next_build(&self) {
        lock(&self.shared).world.fails_next = true;
    }

    /// Moves its clock, with everything that it has dated, against the machine's.
    pub fn skew(&self, milliseconds: i64) {
        let world = &mut lock(&self.shared).world;
        world.ahead = milliseconds;
        for it in &mut world.deployments {
            it.created = it.created.saturating_add_signed(milliseconds);
            it.built = it.built.saturating_add_signed(milliseconds);
        }
    }

    /// Lets this much time pass at once.
    pub fn pass(&self, time: Duration) {
        let ahead = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        let world = &mut lock(&self.shared).world;
        world.ahead = world.ahead.saturating_add(ahead);
        // Its clock may be some milliseconds ahead of itself: no two requests have the same.
        world.now = world.now.saturating_add_signed(ahead);
        world.tick();
    }

    /// Strikes a coming request; may be called again for another.
    pub fn strike(&self, on: VercelOn, mishap: VercelMishap) {
        lock(&self.shared).faults.add(on, mishap);
    }

    /// Whether a request is still to be struck.
    pub fn is_armed(&self) -> bool {
        lock(&self.shared).faults.is_armed()
    }

    /// After the next change, so many reads are answered from before it.
    pub fn lag(&self, reads: u32) {
        lock(&self.shared).faults.stale = reads;
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        lock(&self.shared).faults.clear();
    }

    /// Every exchange so far, oldest first. Users' requests, and those that never arrived, are not among them.
    pub fn recorded(&self) -> Vec<VercelRecorded> {
        lock(&self.shared).recorded.clone()
    }

    /// The deployment that production of `project` is given to.
    pub fn production(&self, project: &str) -> Option<String> {
        let shared = lock(&self.shared);
        shared.world.projects[shared.world.project(project)?].production.clone()
    }

    /// All that concerns `project`, as text to compare.
    pub fn shown(&self, project: &str) -> String {
        let shared = lock(&self.shared);
        let it = shared.world.projects.iter().find(|it| it.name == project);
        it.map_or_else(String::new, |it| format!("{:?} {:?} {:?}", it.aliases, it.production, it.job))
    }

    /// What every change so far came to: how many deployments there are, and how many jobs and releases were begun.
    pub fn changes(&self) -> (usize, usize) {
        let shared = lock(&self.shared);
        let made = shared.recorded.iter().filter(|it| it.is_write() && it.status < 300).count();
        (shared.world.deployments.len(), made)
    }

    /// Ends by itself only if the stand-in is aborted; for a program that serves until it is told to stop.
    pub async fn serve(&mut self) {
        let _ = (&mut self.server).await;
    }
}

impl Drop for VercelStandin {
    fn drop(&mut self) {
        self.server.abort();
    }
}
