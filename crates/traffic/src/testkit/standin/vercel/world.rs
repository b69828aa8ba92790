//! All that the stand-in knows. Time passes when somebody asks.

use axum::http::StatusCode;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use handover_core::Timestamp;

use super::setup::{Plan, VercelSetup};

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) setup: VercelSetup,
    pub(super) projects: Vec<Project>,
    pub(super) deployments: Vec<Deployment>,
    /// The stand-in's clock is this many milliseconds ahead of the machine's.
    pub(super) ahead: i64,
    /// The time of the request that is being answered: milliseconds since 1970.
    pub(super) now: u64,
    serial: u64,
    /// The next build fails.
    pub(super) fails_next: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Project {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) created: u64,
    /// Production builds take the domains over by themselves.
    pub(super) auto_assign: bool,
    pub(super) domains: Vec<String>,
    /// Where each host name leads.
    pub(super) aliases: BTreeMap<String, String>,
    pub(super) production: Option<String>,
    /// What had production before.
    pub(super) before: Option<String>,
    pub(super) job: Option<Job>,
    /// Host names that no job can move.
    pub(super) stuck: BTreeSet<String>,
    /// What the last job could not move.
    pub(super) failed: Vec<String>,
    pub(super) config: Option<Config>,
    pub(super) release: Option<Release>,
    /// Users' requests so far, by which a rolling release shares them out.
    pub(super) visits: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Deployment {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) project: String,
    /// For production; otherwise a preview.
    pub(super) production: bool,
    pub(super) meta: BTreeMap<String, String>,
    pub(super) sha: Option<String>,
    pub(super) source: &'static str,
    pub(super) created: u64,
    /// When the build is over.
    pub(super) built: u64,
    pub(super) end: End,
    /// It has had production traffic.
    pub(super) promoted: bool,
    /// What is said instead of the truth.
    pub(super) says: Option<String>,
    /// The status of all its answers to users, if not 200.
    pub(super) sick: Option<StatusCode>,
}

/// How a build ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Ready,
    Error,
    Canceled,
}

#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) kind: &'static str,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) requested: u64,
    pub(super) status: &'static str,
    pub(super) release: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Config {
    pub(super) stages: Vec<ConfigStage>,
    pub(super) header: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct ConfigStage {
    pub(super) percentage: f64,
    pub(super) approval: bool,
    pub(super) minutes: Option<f64>,
    pub(super) linear: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Release {
    pub(super) id: String,
    pub(super) state: &'static str,
    pub(super) current: String,
    pub(super) canary: String,
    pub(super) queued: Option<String>,
    pub(super) stages: Vec<ConfigStage>,
    pub(super) active: usize,
    pub(super) started: u64,
    pub(super) updated: u64,
}

impl World {
    pub(super) fn new(setup: VercelSetup) -> Self {
        let now = Timestamp::now().unix_millis();
        let projects = setup.projects.iter().map(|name| Project::new(name, now)).collect();
        let (deployments, fails_next) = (Vec::new(), false);
        Self { setup, projects, deployments, ahead: 0, now, serial: 0, fails_next }
    }

    /// Lets all pass that time brings. No two requests are answered at the same millisecond.
    pub(super) fn tick(&mut self) {
        let clock = Timestamp::now().unix_millis().saturating_add_signed(self.ahead);
        self.now = if clock > self.now || self.now - clock > 1_000 { clock } else { self.now + 1 };
        self.finish_jobs();
        self.advance_releases();
        self.assign_new_builds();
    }

    pub(super) fn next(&mut self, prefix: &str) -> String {
        self.serial += 1;
        format!("{prefix}_{:08}", self.serial)
    }

    pub(super) fn project(&self, id_or_name: &str) -> Option<usize> {
        self.projects.iter().position(|project| project.id == id_or_name || project.name == id_or_name)
    }

    pub(super) fn deployment(&self, id_or_url: &str) -> Option<&Deployment> {
        let by_name = |each: &&Deployment| each.id == id_or_url || each.url == id_or_url;
        self.deployments.iter().find(by_name).or_else(|| {
            let id = self.projects.iter().find_map(|project| project.aliases.get(id_or_url))?;
            self.deployments.iter().find(|each| each.id == *id)
        })
    }

    pub(super) fn deployment_mut(&mut self, id: &str) -> Option<&mut Deployment> {
        self.deployments.iter_mut().find(|each| each.id == id)
    }

    /// Gives all of production to a deployment, but for host names that cannot be moved; these are returned.
    pub(super) fn give(&mut self, project: usize, to: &str) -> Vec<String> {
        let it = &mut self.projects[project];
        if it.production.as_deref() != Some(to) {
            it.before = it.production.replace(to.to_owned());
        }
        let mut left = Vec::new();
        for domain in it.domains.clone() {
            if it.stuck.contains(&domain) {
                left.push(domain);
            } else {
                it.aliases.insert(domain, to.to_owned());
            }
        }
        if let Some(deployment) = self.deployment_mut(to) {
            deployment.promoted = true;
        }
        left
    }

    /// A project that assigns by itself gives production to each build for it that has just ended well.
    fn assign_new_builds(&mut self) {
        for project in 0..self.projects.len() {
            if !self.projects[project].auto_assign {
                continue;
            }
            let id = &self.projects[project].id;
            let ready = |each: &&Deployment| each.project == *id && each.production && !each.promoted;
            let ready = self.deployments.iter().filter(ready).find(|each| each.state(self.now) == "READY");
            if let Some(id) = ready.map(|each| each.id.clone()) {
                let _ = self.give(project, &id);
            }
        }
    }

    pub(super) const fn plan_word(&self) -> &'static str {
        match self.setup.plan {
            Plan::Hobby => "hobby",
            Plan::Pro { .. } => "pro",
            Plan::Enterprise => "enterprise",
        }
    }
}

impl Project {
    fn new(name: &str, now: u64) -> Self {
        Self {
            id: format!("prj_{name}"),
            name: name.to_owned(),
            created: now,
            auto_assign: false,
            domains: vec![format!("{name}.example"), format!("www.{name}.example")],
            aliases: BTreeMap::new(),
            production: None,
            before: None,
            job: None,
            stuck: BTreeSet::new(),
            failed: Vec::new(),
            config: None,
            release: None,
            visits: 0,
        }
    }

    pub(super) fn active(&self) -> Option<&Release> {
        self.release.as_ref().filter(|release| release.state == "ACTIVE")
    }
}

impl Deployment {
    pub(super) fn state(&self, now: u64) -> &str {
        let middle = self.created + self.built.saturating_sub(self.created) / 3;
        match &self.says {
            Some(word) => word,
            None if self.end == End::Canceled => "CANCELED",
            None if now < middle => "QUEUED",
            None if now < self.built => "BUILDING",
            None if self.end == End::Error => "ERROR",
            None => "READY",
        }
    }
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
