//! Jobs that move production's aliases.

use super::reply::{Reply, refuse};
use super::setup::Plan;
use super::world::{Job, Release, World, millis};

impl World {
    /// What each job has come to.
    pub(super) fn finish_jobs(&mut self) {
        for project in 0..self.projects.len() {
            let Some(job) = self.projects[project].job.clone() else { continue };
            if job.status == "succeeded" || job.status == "failed" {
                continue;
            }
            let (took, whole) = (self.now - job.requested.min(self.now), millis(self.setup.job));
            let status = if took >= whole {
                self.end_job(project, &job.to)
            } else if took >= whole / 2 {
                "in-progress"
            } else {
                "pending"
            };
            if let Some(job) = &mut self.projects[project].job {
                job.status = status;
            }
        }
    }

    fn end_job(&mut self, project: usize, to: &str) -> &'static str {
        let it = &self.projects[project];
        // With every host name stuck nothing moves at all.
        if !it.domains.is_empty() && it.domains.iter().all(|domain| it.stuck.contains(domain)) {
            self.projects[project].failed = it.domains.clone();
            return "failed";
        }
        let left = self.give(project, to);
        let status = if left.is_empty() { "succeeded" } else { "failed" };
        self.projects[project].failed = left;
        status
    }

    fn begin(&mut self, project: usize, kind: &'static str, to: &str, release: Option<String>) {
        let from = self.projects[project].production.clone().unwrap_or_default();
        let (to, requested) = (to.to_owned(), self.now);
        self.projects[project].failed.clear();
        self.projects[project].job = Some(Job { kind, from, to, requested, status: "pending", release });
    }

    fn has_job(&self, project: usize) -> bool {
        let running = |job: &Job| job.status == "pending" || job.status == "in-progress";
        self.projects[project].job.as_ref().is_some_and(running)
    }

    pub(super) fn promote(&mut self, project: usize, to: &str) -> Reply {
        if let Err(no) = self.fit(project, to) {
            return no;
        }
        let it = &mut self.projects[project];
        if let Some(release) = it.release.as_mut().filter(|release| release.state == "ACTIVE") {
            if release.canary == to {
                return refuse(409, "conflict", "This deployment is being rolled out.");
            }
            release.queued = Some(to.to_owned());
            return Reply::nothing(202);
        }
        if it.production.as_deref() == Some(to)
            && it.domains.iter().all(|d| it.aliases.get(d).is_some_and(|leads| leads == to))
        {
            return refuse(409, "conflict", "This deployment is already serving production traffic.");
        }
        if self.has_job(project) {
            return refuse(409, "conflict", "Another promotion or rollback is in progress.");
        }
        self.begin(project, "promote", to, None);
        Reply::nothing(201)
    }

    pub(super) fn rollback(&mut self, project: usize, to: &str) -> Reply {
        if let Err(no) = self.fit(project, to) {
            return no;
        }
        if self.has_job(project) {
            return refuse(409, "conflict", "Another promotion or rollback is in progress.");
        }
        if let Some(release) = self.abort(project, to) {
            self.begin(project, "rollback", to, Some(release.id));
            return Reply::nothing(201);
        }
        if self.projects[project].active().is_some() {
            return refuse(409, "conflict", "Go back to where the rolling release began, or complete it.");
        }
        let it = &self.projects[project];
        if it.production.as_deref() == Some(to) {
            return refuse(409, "conflict", "This deployment is already serving production traffic.");
        }
        if !self.deployment(to).is_some_and(|deployment| deployment.promoted) {
            return refuse(422, "unprocessable", "This deployment never served production traffic.");
        }
        if self.setup.plan == Plan::Hobby && it.before.as_deref() != Some(to) {
            return refuse(402, "payment_required", "Upgrade to roll back further than one deployment.");
        }
        self.begin(project, "rollback", to, None);
        Reply::nothing(201)
    }

    /// A rollback to where a rolling release began takes it back.
    fn abort(&mut self, project: usize, to: &str) -> Option<Release> {
        let now = self.now;
        let release = self.projects[project].release.as_mut();
        let release = release.filter(|release| release.state == "ACTIVE" && release.current == to)?;
        (release.state, release.updated, release.queued) = ("ABORTED", now, None);
        Some(release.clone())
    }

    /// Whether production can be given to this deployment at all.
    pub(super) fn fit(&self, project: usize, to: &str) -> Result<(), Reply> {
        let id = &self.projects[project].id;
        let Some(deployment) = self.deployment(to).filter(|each| each.id == to && each.project == *id) else {
            return Err(refuse(400, "bad_request", "The deployment is not one of this project's."));
        };
        if deployment.state(self.now) != "READY" {
            return Err(refuse(400, "bad_request", "The deployment is not ready."));
        }
        if !deployment.production {
            return Err(refuse(400, "bad_request", "The deployment was not built for production."));
        }
        Ok(())
    }
}
