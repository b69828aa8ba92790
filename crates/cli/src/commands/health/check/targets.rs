//! What is asked, and how.

use std::time::Duration;

use handover_core::Slot;
use handover_edge::AgentClient;
use handover_edge::api::AgentStatus;
use handover_health::{HttpProbe, InvalidProbe};

use super::address::{Address, address};
use crate::args::HealthCheck;
use crate::context::Context;
use crate::exit::Exit;
use crate::helm::public;
use crate::report::Failure;
use crate::settings::{Backend, Health, Settings};

/// Readiness: the path of the strategy's, and of `handover-health`'s router.
const READY: &str = "/health/ready";
/// The richest form comes first; what a service does not know it does not send.
const ACCEPT: &str = "application/health+json, application/json;q=0.9, */*;q=0.5";

/// One address to ask.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Whose it is, where the settings say.
    pub(super) name: Option<String>,
    /// As it is shown.
    pub(super) url: String,
    /// What asks it.
    pub(super) probe: HttpProbe,
}

/// All of them, and what holds for each.
pub(super) struct Targets {
    pub(super) all: Vec<Target>,
    /// For one answer.
    pub(super) deadline: Duration,
    /// Good answers in a row until well, and bad ones until not.
    pub(super) rise_fall: (u32, u32),
    /// How many must be well.
    pub(super) needed: usize,
}

impl Targets {
    /// What was typed, else what the settings say.
    pub(super) async fn new(args: &HealthCheck, context: &Context) -> Result<Self, Failure> {
        let settings = if args.urls.is_empty() { Some(context.settings()?) } else { None };
        let health = settings.as_ref().map(|settings| settings.health.clone()).unwrap_or_default();
        let asker = Asker::new(args)?;
        let all = match &settings {
            Some(settings) => asker.of_settings(settings, context).await?,
            None => asker.of_typed()?,
        };
        let needed = needed(args, all.len())?;
        let deadline = args.timeout.unwrap_or(health.timeout).get();
        Ok(Self { all, deadline, rise_fall: rise_fall(args, &health), needed })
    }
}

fn rise_fall(args: &HealthCheck, health: &Health) -> (u32, u32) {
    (args.rise.unwrap_or(health.rise).get(), args.fall.unwrap_or(health.fall).get())
}

fn needed(args: &HealthCheck, there_are: usize) -> Result<usize, Failure> {
    let needed = args.need.map_or(there_are, std::num::NonZeroUsize::get);
    if needed <= there_are {
        return Ok(needed);
    }
    Err(Failure::new("could not ask for so many", Exit::Usage)
        .because(format!("{needed} must be well, and there are {there_are} to ask"))
        .hint(format!("`--need {there_are}` at most, or name more addresses")))
}

/// Makes probes that all ask alike.
struct Asker<'a> {
    args: &'a HealthCheck,
    headers: Vec<(&'a str, &'a str)>,
    token: Option<String>,
}

impl<'a> Asker<'a> {
    fn new(args: &'a HealthCheck) -> Result<Self, Failure> {
        let headers = args.headers.iter().enumerate().map(|(at, line)| header(at, line));
        let token = args.token_env.as_deref().map(token).transpose()?;
        Ok(Self { args, headers: headers.collect::<Result<_, _>>()?, token })
    }

    fn of_typed(&self) -> Result<Vec<Target>, Failure> {
        let path = self.args.path.as_ref().map_or(READY, |path| path.as_str());
        self.args.urls.iter().map(|typed| self.target(None, address(typed, path)?)).collect()
    }

    /// Where users arrive, and each process that an agent looks after.
    async fn of_settings(&self, settings: &Settings, context: &Context) -> Result<Vec<Target>, Failure> {
        let path = self.args.path.as_ref().unwrap_or(&settings.health.path).as_str();
        let users = public(settings);
        let users = address(&format!("{}{path}", users.trim_end_matches('/')), path)?;
        let mut all = vec![self.target(Some("users".to_owned()), users)?];
        let status = agent(settings, context).await;
        for (name, port) in status.iter().flat_map(instances) {
            all.push(self.target(Some(name), address(&format!("http://127.0.0.1:{port}{path}"), path)?)?);
        }
        Ok(all)
    }

    fn target(&self, name: Option<String>, Address { url, shown }: Address) -> Result<Target, Failure> {
        let probe = self.probe(&url).map_err(|error| {
            Failure::new(format!("could not ask {shown}"), Exit::Usage)
                .because_of(&error)
                .hint("`handover health check --help` shows what can be typed")
        })?;
        Ok(Target { name, url: shown, probe })
    }

    fn probe(&self, url: &str) -> Result<HttpProbe, InvalidProbe> {
        let mut probe = HttpProbe::new(url)?.with_header("accept", ACCEPT)?;
        for (name, value) in &self.headers {
            probe = probe.with_header(name, value)?;
        }
        if let Some(token) = &self.token {
            probe = probe.with_bearer(token)?;
        }
        Ok(match &self.args.expect {
            Some(statuses) => probe.with_statuses(statuses.range()),
            None => probe,
        })
    }
}

/// A line of `--header`. What is wrong with it is said without it: it may be a secret.
fn header(at: usize, line: &str) -> Result<(&str, &str), Failure> {
    let parts = line.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
    parts.filter(|(name, _)| http::HeaderName::try_from(*name).is_ok()).ok_or_else(|| {
        Failure::new("could not send the header", Exit::Usage)
            .because(format!("--header number {} is not a name, a colon and a value", at + 1))
            .hint("`--header 'X-Api-Key: …'`; it is not shown here, since it may be a secret")
    })
}

fn token(variable: &str) -> Result<String, Failure> {
    let set = std::env::var(variable).ok().filter(|token| !token.trim().is_empty());
    set.map(|token| token.trim().to_owned()).ok_or_else(|| {
        Failure::new("could not find the token", Exit::Usage)
            .because(format!("{variable} is not set in the environment of this command"))
            .hint("`--token-env` names the variable that holds the token, never the token itself")
    })
}

/// What the agent says, where there is one.
async fn agent(settings: &Settings, context: &Context) -> Option<AgentStatus> {
    let state_dir = context.chosen_state_dir(settings).ok()?;
    if settings.traffic.backend != Backend::Edge {
        return None;
    }
    let status = AgentClient::in_state_dir(&state_dir).status().await.ok();
    if status.is_none() && !context.output.json {
        context.output.note("note: no agent runs here, so no process of a release is asked");
    }
    status
}

/// Whose port it is, and the port.
fn instances(status: &AgentStatus) -> Vec<(String, u16)> {
    let of_slot = |slot: Slot| {
        let view = &status.slots[slot];
        let release = view.release.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        view.instances
            .iter()
            .map(move |instance| (format!("{release} in {slot}/{}", instance.index), instance.port))
    };
    Slot::BOTH.into_iter().flat_map(of_slot).collect()
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;
    use crate::args::{Cli, Health, Verb};

    /// The examples of the help of `handover health` and of all under it.
    fn examples(command: &clap::Command) -> Vec<String> {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let own = help.lines().filter_map(|line| line.strip_prefix("  handover "));
        let own = own.map(|line| format!("handover {}", line.split(" >> ").next().unwrap()));
        own.chain(command.get_subcommands().flat_map(examples)).collect()
    }

    #[test]
    fn each_example_of_the_help_is_understood_and_its_addresses_can_be_asked() {
        let command = Cli::command();
        let examples = examples(command.find_subcommand("health").unwrap());
        assert!(examples.len() >= 7, "{examples:?}");
        for example in examples {
            let cli = Cli::try_parse_from(example.split(' ')).unwrap_or_else(|e| panic!("{example}: {e}"));
            if let Verb::Health(Health::Check(args)) = cli.verb {
                let targets = Asker::new(&args).unwrap().of_typed();
                assert_eq!(targets.map(|all| all.len()), Ok(args.urls.len()), "{example}");
            }
        }
    }
}
