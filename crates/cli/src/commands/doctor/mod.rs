//! `handover doctor`: what a deployment needs, looked at before it does.

mod agent;
mod backend;
mod check;
mod command;
mod flags;
mod machine;
mod migrations;
mod port;
mod release;
mod state;
#[cfg(test)]
mod tests;
mod views;

use std::path::PathBuf;

use handover_core::Timestamp;
use handover_edge::AgentClient;
use handover_edge::api::AgentStatus;

use crate::args::Doctor;
use crate::context::Context;
use crate::exit::Exit;
use crate::helm::Helm;
use crate::report::Failure;
use crate::settings::{Backend, Launcher, Settings};
use crate::views::Mark;
use check::{Check, Checks};

/// Looks at everything, and refuses if something would fail.
pub(super) async fn run(args: &Doctor, context: &Context) -> Result<Exit, Failure> {
    let mut checks = Checks::default();
    match Patient::admit(context, &mut checks).await {
        Some(patient) => patient.examine(args.fix, &mut checks).await,
        None => checks.add(machine::clock(Timestamp::now(), None)),
    }
    checks.add(machine::open_files());
    context.output.result(&checks, &checks);
    Ok(if checks.all_good() { Exit::Done } else { Exit::Refused })
}

/// A service whose settings can be read.
struct Patient {
    settings: Settings,
    state_dir: Option<PathBuf>,
    status: Option<AgentStatus>,
}

impl Patient {
    /// Reads the settings and asks the agent; without settings there is nothing to look at.
    async fn admit(context: &Context, checks: &mut Checks) -> Option<Self> {
        let settings = match context.settings() {
            Ok(settings) => settings,
            Err(failure) => {
                checks.add(Check::failed(
                    "settings",
                    &failure,
                    "`handover init` writes a file to begin with",
                ));
                return None;
            }
        };
        let found = format!("{}, service {}", settings.file.display(), settings.service.name);
        checks.add(Check::ok("settings", found));
        let state_dir = match context.chosen_state_dir(&settings) {
            Ok(path) => Some(path),
            Err(failure) => {
                checks.add(Check::failed("state folder", &failure, "name another one with `--state-dir`"));
                None
            }
        };
        let status = match &state_dir {
            Some(path) if settings.traffic.backend == Backend::Edge => {
                AgentClient::in_state_dir(path).status().await.ok()
            }
            _ => None,
        };
        Some(Self { settings, state_dir, status })
    }

    /// What a command launches by its name has none here.
    fn has_files(&self) -> bool {
        self.settings.release.launcher == Launcher::Local || self.settings.release.source().is_some()
    }

    async fn examine_backend(&self, fix: bool, checks: &mut Checks) {
        let Some(path) = &self.state_dir else { return };
        let helm = Helm::of(&self.settings, path).await;
        for check in backend::examine(&self.settings, helm.as_ref(), fix).await {
            checks.add(check);
        }
        let mark = match &helm {
            Ok(Helm::Here(hosted)) => hosted.mark(),
            _ => Mark::Nothing,
        };
        self.examine_views(&mark, checks).await;
        let status = match &helm {
            Ok(helm) => helm.status().await.ok(),
            Err(_) => None,
        };
        checks.add_some(migrations::examine(&self.settings, status.as_ref()).await);
    }

    async fn examine_views(&self, mark: &Mark, checks: &mut Checks) {
        for check in views::examine(&self.settings, mark).await {
            checks.add(check);
        }
    }

    async fn examine(&self, fix: bool, checks: &mut Checks) {
        let (settings, status) = (&self.settings, self.status.as_ref());
        let mut last = None;
        if let Some(path) = &self.state_dir {
            checks.add(state::folder(path));
            checks.add_some(state::space(path));
            let (check, latest) = state::journal(path).await;
            checks.add(check);
            last = latest;
        }
        if settings.traffic.backend == Backend::Edge {
            checks.add(agent::runs(settings, status));
            checks.add(port::free(settings, status));
            let agent = self.state_dir.as_deref().map(AgentClient::in_state_dir);
            self.examine_views(&agent.map_or(Mark::Nothing, Mark::Agent), checks).await;
            checks.add_some(migrations::examine(settings, status).await);
        } else {
            self.examine_backend(fix, checks).await;
        }
        checks.add_some(flags::examine(settings).await);
        checks.add_some(agent::answers(status));
        checks.add_some(self.has_files().then(|| release::source(settings)));
        let here = matches!(settings.release.launcher, Launcher::Local | Launcher::Command);
        checks.add_some(here.then(|| command::exists(settings)));
        checks.add_some(release::env_file(settings));
        if settings.traffic.backend == Backend::Edge {
            checks.add(agent::unit(&settings.service.name));
        }
        checks.add(machine::clock(Timestamp::now(), last));
    }
}
