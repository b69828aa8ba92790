//! What the platform knows, and what time does to it.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::clock::Clock;
use super::setup::Pace;
use super::{NEIGHBOUR, SERVICE};

/// Everything.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) clock: Clock,
    pub(super) pace: Pace,
    pub(super) services: Vec<Service>,
    /// Oldest first.
    pub(super) deployments: Vec<Deployment>,
    /// Artefacts whose deployments fail, and what their health check says.
    pub(super) bad: BTreeMap<String, String>,
    pub(super) two_factor: bool,
    next: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Service {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) settings: Settings,
    pub(super) created: Instant,
}

/// The settings of a service that matter here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The image it is set to.
    pub image: Option<String>,
    /// The repository it is set to.
    pub repo: Option<String>,
    /// The path of its health check.
    pub healthcheck_path: Option<String>,
    /// Seconds for which old and new run side by side.
    pub overlap_seconds: Option<u32>,
    /// Seconds from SIGTERM to SIGKILL.
    pub draining_seconds: Option<u32>,
    /// Pushes deploy by themselves.
    pub auto_deploy: bool,
    /// Where a volume is mounted.
    pub volume: Option<String>,
    /// Names and values.
    pub variables: BTreeMap<String, String>,
    /// The operator's own domains.
    pub domains: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Deployment {
    pub(super) id: String,
    pub(super) service: String,
    pub(super) image: Option<String>,
    pub(super) commit: Option<String>,
    pub(super) reason: &'static str,
    pub(super) asked: Instant,
    pub(super) building: u32,
    pub(super) fails: Option<String>,
    pub(super) phase: Phase,
    /// It was active once, so it left an image.
    pub(super) built: bool,
    pub(super) image_kept: bool,
    pub(super) lines: Vec<(Instant, String)>,
    /// A status put on by a test.
    pub(super) mask: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    UnderWay,
    Active {
        /// Since it was followed by another.
        until: Option<Instant>,
    },
    Failed,
    Removed,
}

impl Settings {
    fn sound(image: &str, domain: Option<&str>) -> Self {
        let secret = ("DATABASE_URL".to_owned(), "postgres://secret-of-the-stand-in".to_owned());
        Self {
            healthcheck_path: Some("/ready".to_owned()),
            overlap_seconds: Some(2),
            draining_seconds: Some(3),
            variables: BTreeMap::from([secret]),
            domains: domain.map(str::to_owned).into_iter().collect(),
            ..Self::bare(Some(image))
        }
    }
}

impl Settings {
    /// Of a service just made: Railway's defaults, which are not without downtime.
    pub(super) fn bare(image: Option<&str>) -> Self {
        Self {
            image: image.map(str::to_owned),
            repo: None,
            healthcheck_path: None,
            overlap_seconds: None,
            draining_seconds: None,
            auto_deploy: false,
            volume: None,
            variables: BTreeMap::new(),
            domains: Vec::new(),
        }
    }
}

impl World {
    /// A shop with its first release in force, and a neighbour.
    pub(super) fn new(clock: Clock, pace: Pace) -> Self {
        let now = Instant::now();
        let service = |id: &str, name: &str, settings| Service {
            id: id.to_owned(),
            name: name.to_owned(),
            settings,
            created: now,
        };
        let shop = service(SERVICE, "shop", Settings::sound("ghcr.io/acme/shop:1", Some("shop.example.com")));
        let mail = service(NEIGHBOUR, "mail", Settings::sound("ghcr.io/acme/mail:9", None));
        let mut world = Self {
            clock,
            pace,
            services: vec![shop, mail],
            deployments: Vec::new(),
            bad: BTreeMap::new(),
            two_factor: false,
            next: 0,
        };
        for id in [SERVICE, NEIGHBOUR] {
            world.begin(id, Artefact::Set, "deploy", now);
        }
        for deployment in &mut world.deployments {
            (deployment.phase, deployment.built) = (Phase::Active { until: None }, true);
        }
        world
    }

    pub(super) fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    pub(super) fn settings_mut(&mut self, id: &str) -> Option<&mut Settings> {
        self.services.iter_mut().find(|service| service.id == id).map(|service| &mut service.settings)
    }

    pub(super) fn deployment(&self, id: &str) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.id == id)
    }

    pub(super) fn deployment_mut(&mut self, id: &str) -> Option<&mut Deployment> {
        self.deployments.iter_mut().find(|deployment| deployment.id == id)
    }

    /// A name that was never given before.
    pub(super) fn fresh(&mut self, kind: &str) -> String {
        self.next += 1;
        format!("{kind}-{}", self.next)
    }

    /// Begins a deployment, and returns its id.
    pub(super) fn begin(
        &mut self,
        service: &str,
        artefact: Artefact,
        reason: &'static str,
        now: Instant,
    ) -> String {
        let (image, commit) = match artefact {
            Artefact::Set => (self.service(service).and_then(|found| found.settings.image.clone()), None),
            Artefact::Commit(sha) => (None, Some(sha)),
            Artefact::Of { image, commit } => (image, commit),
        };
        let named = image.as_ref().or(commit.as_ref());
        let fails = named.and_then(|named| self.bad.get(named).cloned());
        // An image is pulled, and a rollback has one.
        let building = if image.is_some() || reason == "rollback" { 0 } else { self.pace.building };
        let id = self.fresh("dep");
        let lines = vec![(now, format!("starting {}", named.map_or("nothing", String::as_str)))];
        self.deployments.push(Deployment {
            id: id.clone(),
            service: service.to_owned(),
            image,
            commit,
            reason,
            asked: now,
            building,
            fails,
            phase: Phase::UnderWay,
            built: false,
            image_kept: true,
            lines,
            mask: None,
        });
        id
    }

    /// What time has done by `now`.
    pub(super) fn advance(&mut self, now: Instant) {
        for at in 0..self.deployments.len() {
            let (ends, phase) = (self.ends(&self.deployments[at]), self.deployments[at].phase);
            match phase {
                // A mask holds a deployment where it is.
                Phase::UnderWay if ends <= now && self.deployments[at].mask.is_none() => self.end(at, ends),
                Phase::Active { until: Some(until) } if until <= now => {
                    self.deployments[at].phase = Phase::Removed;
                }
                _ => {}
            }
        }
    }

    fn end(&mut self, at: usize, ends: Instant) {
        if let Some(why) = self.deployments[at].fails.clone() {
            let deployment = &mut self.deployments[at];
            deployment.phase = Phase::Failed;
            deployment.lines.push((ends, format!("error: {why}")));
            return;
        }
        let service = self.deployments[at].service.clone();
        let later = |d: &Deployment| d.service == service && matches!(d.phase, Phase::Active { .. });
        if self.deployments[at + 1..].iter().any(later) {
            self.deployments[at].phase = Phase::Removed;
            return;
        }
        let gone = ends + self.overlap(&service);
        for before in self.deployments[..at].iter_mut().filter(|d| d.service == service) {
            if let Phase::Active { until: until @ None } = &mut before.phase {
                *until = Some(gone);
            }
        }
        let deployment = &mut self.deployments[at];
        (deployment.phase, deployment.built) = (Phase::Active { until: None }, true);
        deployment.lines.push((ends, "listening on 8080".to_owned()));
    }

    fn overlap(&self, service: &str) -> Duration {
        let seconds = self.service(service).and_then(|found| found.settings.overlap_seconds).unwrap_or(0);
        self.pace.second * seconds
    }

    pub(super) fn ends(&self, deployment: &Deployment) -> Instant {
        deployment.asked
            + self.pace.second * (self.pace.initializing + deployment.building + self.pace.deploying)
    }

    /// A deployment's status, in Railway's words.
    pub(super) fn status(&self, deployment: &Deployment, now: Instant) -> String {
        if let Some(mask) = &deployment.mask {
            return mask.clone();
        }
        let passed = now.saturating_duration_since(deployment.asked);
        let (first, second) = (self.pace.initializing, self.pace.initializing + deployment.building);
        match deployment.phase {
            Phase::UnderWay if passed < self.pace.second * first => "INITIALIZING",
            Phase::UnderWay if passed < self.pace.second * second => "BUILDING",
            Phase::UnderWay => "DEPLOYING",
            Phase::Active { .. } => "SUCCESS",
            Phase::Failed => "FAILED",
            Phase::Removed => "REMOVED",
        }
        .to_owned()
    }

    /// The deployments of a service that run, oldest first.
    pub(super) fn active(&self, service: &str) -> impl Iterator<Item = &Deployment> {
        self.deployments
            .iter()
            .filter(move |d| d.service == service && matches!(d.phase, Phase::Active { .. }))
    }

    /// The one that has the traffic.
    pub(super) fn serving(&self, service: &str) -> Option<&Deployment> {
        self.active(service).last()
    }
}

/// What a new deployment runs.
#[derive(Debug, Clone)]
pub(super) enum Artefact {
    /// What the service is set to.
    Set,
    /// This commit.
    Commit(String),
    /// What another one ran.
    Of { image: Option<String>, commit: Option<String> },
}

impl Deployment {
    pub(super) fn named(&self) -> &str {
        self.image.as_deref().or(self.commit.as_deref()).unwrap_or("nothing")
    }

    pub(super) fn artefact(&self) -> Artefact {
        Artefact::Of { image: self.image.clone(), commit: self.commit.clone() }
    }

    pub(super) fn is_active(&self) -> bool {
        matches!(self.phase, Phase::Active { .. })
    }

    pub(super) fn can_rollback(&self) -> bool {
        self.built && self.image_kept && !self.is_active()
    }
}
