//! Rolling releases.

use super::reply::{Reply, refuse};
use super::setup::Plan;
use super::shapes;
use super::world::{Release, World};

impl World {
    /// Stages that move on by themselves do so when their time has come.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "minutes, checked when configured"
    )]
    pub(super) fn advance_releases(&mut self) {
        for project in 0..self.projects.len() {
            let due = self.projects[project].active().is_some_and(|release| {
                let stage = &release.stages[release.active];
                let lasts = stage.minutes.map(|minutes| (minutes * 60_000.0) as u64);
                !stage.approval && lasts.is_some_and(|lasts| self.now >= release.updated + lasts)
            });
            if due {
                self.next_stage(project);
            }
        }
    }

    pub(super) fn start(&mut self, project: usize, canary: &str) -> Reply {
        let it = &self.projects[project];
        if it.active().is_some() {
            return refuse(409, "conflict", "A rolling release is already in progress.");
        }
        let Some(config) = it.config.clone() else {
            return refuse(400, "bad_request", "Rolling releases are not configured for this project.");
        };
        let Some(current) = it.production.clone().filter(|current| current != canary) else {
            return refuse(422, "unprocessable", "There is nothing to roll this deployment out against.");
        };
        if let Err(no) = self.fit(project, canary) {
            return no;
        }
        let (id, canary, now) = (self.next("rr"), canary.to_owned(), self.now);
        self.projects[project].release = Some(Release {
            id,
            state: "ACTIVE",
            current,
            canary,
            queued: None,
            stages: config.stages,
            active: 0,
            started: now,
            updated: now,
        });
        self.shown(project)
    }

    pub(super) fn approve(&mut self, project: usize, canary: &str, next: u64) -> Reply {
        match self.projects[project].active() {
            None => return refuse(404, "not_found", "There is no active rolling release."),
            Some(release) if release.canary != canary => {
                return refuse(400, "bad_request", "Another deployment is being rolled out.");
            }
            Some(release) if next != release.active as u64 + 1 => {
                return refuse(400, "bad_request", "This stage does not come next.");
            }
            Some(_) => {}
        }
        self.next_stage(project);
        self.shown(project)
    }

    pub(super) fn complete(&mut self, project: usize, canary: &str) -> Reply {
        match self.projects[project].active() {
            None => refuse(404, "not_found", "There is no active rolling release."),
            Some(release) if release.canary != canary => {
                refuse(400, "bad_request", "Another deployment is being rolled out.")
            }
            Some(_) => {
                self.finish(project);
                self.shown(project)
            }
        }
    }

    fn next_stage(&mut self, project: usize) {
        let now = self.now;
        let Some(release) = &mut self.projects[project].release else { return };
        (release.active, release.updated) = (release.active + 1, now);
        if release.active + 1 >= release.stages.len() {
            self.finish(project);
        }
    }

    fn finish(&mut self, project: usize) {
        let now = self.now;
        let Some(release) = &mut self.projects[project].release else { return };
        (release.state, release.updated, release.active) = ("COMPLETE", now, release.stages.len() - 1);
        let (canary, queued) = (release.canary.clone(), release.queued.take());
        let left = self.give(project, &canary);
        self.projects[project].failed = left;
        if let Some(queued) = queued {
            let _ = self.promote(project, &queued);
        }
    }

    pub(super) fn shown(&self, project: usize) -> Reply {
        Reply::json(200, shapes::release(self, project, None))
    }

    /// The projects that have a slot for rolling releases.
    pub(super) fn slots_taken(&self) -> Vec<String> {
        self.projects.iter().filter(|it| it.config.is_some()).map(|it| it.id.clone()).collect()
    }

    pub(super) fn may_configure(&self, project: usize) -> bool {
        let taken = self.slots_taken();
        match self.setup.plan {
            Plan::Hobby => false,
            Plan::Pro { slots } => taken.len() < slots || taken.contains(&self.projects[project].id),
            Plan::Enterprise => true,
        }
    }
}
