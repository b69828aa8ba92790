use std::cell::Cell;

use handover_core::RunId;
use handover_edge::AgentClient;
use handover_runbook::{Body, Journal, SqliteStore};
use tokio::time::{Duration, Instant, sleep};

use crate::deployment::Ended;
use crate::report::Report;
use crate::service::Service;
use crate::times::Times;
use crate::users::{Answer, Giver, Users};

/// How often the journal is looked at: a victim dies within this of its record.
const LOOK: Duration = Duration::from_millis(2);

/// An agent that does not answer by then has not come back.
const RESTART_LIMIT: Duration = Duration::from_secs(15);

/// So many wrong endings are told before the soak gives up.
const TOLD: u64 = 3;

/// Drivers and agents killed in the midst of deployments: each ends as an undisturbed one does
///
/// The real thing: the built binary under users at a fixed rate. Good releases must be promoted and bad ones taken
/// back, by themselves, with no release launched twice, while SIGKILL follows on journal records: after the 1st, 4th,
/// 7th, … of one deployment, the 2nd, 5th, 8th, … of the next, and so on. An agent is restarted at once, as its unit would.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many kills in all
    #[arg(long, default_value_t = 100, value_name = "N")]
    count: u64,
    /// A kill after each so-many-th record
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Each so-many-th kill hits the agent, the others the driver; 0 spares the agent
    #[arg(long, default_value_t = 4, value_name = "N")]
    agent_every: u64,
    /// How many users per second
    #[arg(long, default_value_t = 200, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate: u32,
}

/// What all deployments showed.
#[derive(Debug, Default)]
struct Found {
    deployments: u64,
    wrong: u64,
    /// Releases of which not just one process was ever started.
    launched_otherwise: usize,
    drivers: u64,
    agents: u64,
    requests: u64,
    /// Without an answer while an agent was dead or coming back; its sockets died with it.
    lost: u64,
    /// Without an answer although an agent was there.
    failed: u64,
    back: Times,
    ended: Times,
}

/// What a release is like, and how its deployment must end.
struct Wanted {
    flags: &'static str,
    exit: i32,
    outcome: &'static str,
}

const GOOD: Wanted = Wanted { flags: "", exit: 0, outcome: "promoted" };
const BAD: Wanted = Wanted { flags: "--fail-share 1", exit: 5, outcome: "rolled_back" };

const STRATEGY: &str = r#"steps = [{ weight = "50%", min_time = "300ms", min_requests = 20 }]
bake = "300ms"
retain = "1h"
drain = "5s""#;

pub(crate) async fn run(args: &Args) -> Result<Report, String> {
    let mut service = Service::set_up(STRATEGY)?;
    let outcome = deployments(&service, args).await;
    service.conclude(outcome)
}

async fn deployments(service: &Service, args: &Args) -> Result<Report, String> {
    service.deploy(&release(0), "")?.end().await?.expect(0, "promoted")?;
    let journal = SqliteStore::open(service.journal()).await.map_err(|why| why.to_string())?;
    let users = Users::come(service.listen, args.rate);
    let mut found = Found::default();
    while found.drivers + found.agents < args.count {
        trial(service, &journal, &users, args, &mut found).await?;
        if found.wrong > TOLD {
            return Err("too many deployments ended otherwise than an undisturbed one".into());
        }
    }
    // Only now: a release is stopped when the next but one evicts it, and must not come back then.
    found.launched_otherwise =
        (0..=found.deployments).filter(|n| service.launches(&release(*n)) != 1).count();
    journal.verify().await.map_err(|why| format!("the journal: {why}"))?;
    Ok(report(&found))
}

async fn trial(
    service: &Service,
    journal: &SqliteStore,
    users: &Users,
    args: &Args,
    found: &mut Found,
) -> Result<(), String> {
    found.deployments += 1;
    let name = release(found.deployments);
    let wanted = if found.deployments.is_multiple_of(3) { BAD } else { GOOD };
    let began = Instant::now();
    let mut deployment = service.deploy(&name, wanted.flags)?;
    let run = deployment.run().await?;
    let mut hunter = Hunter { service, agent: service.agent(), args, found, outages: Vec::new() };
    let over = Cell::new(false);
    let end = async {
        let ended = deployment.end().await;
        over.set(true);
        ended
    };
    // Never dropped between killing an agent and starting the next one.
    let (ended, ()) = tokio::try_join!(end, hunter.hunt(journal, &run, &over))?;
    let outages = hunter.outages;
    found.ended.push(began.elapsed());
    settled(&service.agent()).await?;
    found.take(&users.take(), &outages);
    found.judge(ended, &name, &wanted);
    Ok(())
}

fn release(number: u64) -> String {
    format!("release-{number}")
}

/// Waits until the agent is done with the run: a driver killed after its last record is followed by another.
async fn settled(agent: &AgentClient) -> Result<(), String> {
    let began = Instant::now();
    while agent.status().await.map_err(|why| format!("the agent: {why}"))?.run.is_some() {
        if began.elapsed() > RESTART_LIMIT {
            return Err(format!("the run is still active {RESTART_LIMIT:?} after its last record"));
        }
        sleep(LOOK).await;
    }
    Ok(())
}

/// Follows a run's records, and kills.
struct Hunter<'a> {
    service: &'a Service,
    agent: AgentClient,
    args: &'a Args,
    found: &'a mut Found,
    /// From each kill of an agent until the next one answered.
    outages: Vec<(Instant, Instant)>,
}

impl Hunter<'_> {
    /// Until the run's last record, or until its deployment is over without one.
    async fn hunt(&mut self, journal: &SqliteStore, run: &RunId, over: &Cell<bool>) -> Result<(), String> {
        let mut next = 0;
        while !over.get() {
            for record in journal.read(run, next).await.map_err(|why| format!("the journal: {why}"))? {
                next = record.seq + 1;
                if matches!(record.body, Body::Ended { .. }) {
                    return Ok(());
                }
                if (record.seq + self.found.deployments).is_multiple_of(self.args.every) {
                    self.kill_somebody().await?;
                }
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    async fn kill_somebody(&mut self) -> Result<(), String> {
        let kills = self.found.drivers + self.found.agents + 1;
        if self.args.agent_every > 0 && kills.is_multiple_of(self.args.agent_every) {
            return self.kill_agent().await;
        }
        let status = self.agent.status().await.map_err(|why| format!("the agent: {why}"))?;
        // Between two drivers there is nobody to kill.
        if status.run.and_then(|run| run.driver).is_some_and(kill) {
            self.found.drivers += 1;
        }
        Ok(())
    }

    async fn kill_agent(&mut self) -> Result<(), String> {
        let status = self.agent.status().await.map_err(|why| format!("the agent: {why}"))?;
        let killed = Instant::now();
        if !kill(status.pid) {
            return Err(format!("the agent, process {}, was dead already", status.pid));
        }
        self.found.agents += 1;
        // As its unit would: told of the death by the system, not before.
        while is_alive(status.pid) {
            sleep(LOOK).await;
        }
        self.service.start_agent()?;
        while !self.agent.status().await.is_ok_and(|now| now.pid != status.pid) {
            if killed.elapsed() > RESTART_LIMIT {
                let said = self.service.agent_said();
                return Err(format!("no agent answers {RESTART_LIMIT:?} after one was killed\n{said}"));
            }
            sleep(LOOK).await;
        }
        self.found.back.push(killed.elapsed());
        self.outages.push((killed, Instant::now()));
        Ok(())
    }
}

/// Whether there was such a process to kill.
fn kill(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::kill_process(pid, rustix::process::Signal::KILL).is_ok())
}

/// Whether a thread of the process may still hold what it had open. One that only waits to be reaped does not, but
/// the first thread is shown as such while others still end.
fn is_alive(pid: u32) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count);
    threads > 1 || threads == 1 && !is_dead(pid)
}

fn is_dead(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The state follows the name, which is in parentheses and may hold some itself.
    stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with(['Z', 'X']))
}

impl Found {
    fn take(&mut self, answers: &[Answer], outages: &[(Instant, Instant)]) {
        self.requests += answers.len() as u64;
        for answer in answers {
            let Giver::Nobody { why } = &answer.by else { continue };
            if outages.iter().any(|(from, to)| answer.sent <= *to && answer.got >= *from) {
                self.lost += 1;
                continue;
            }
            self.failed += 1;
            eprintln!("failed in deployment {}: {why}", self.deployments);
        }
    }

    fn judge(&mut self, ended: Ended, release: &str, wanted: &Wanted) {
        if let Err(why) = ended.expect(wanted.exit, wanted.outcome) {
            self.wrong += 1;
            eprintln!("{release}: {why}");
        }
    }
}

fn report(found: &Found) -> Report {
    Report::new(format!("{} deployments, good and bad, under SIGKILL", found.deployments))
        .some("drivers killed", found.drivers)
        .count("agents killed", found.agents)
        .exactly("ended otherwise than undisturbed", found.wrong, 0)
        .exactly("releases not launched just once", found.launched_otherwise as u64, 0)
        .some("requests", found.requests)
        .exactly("failed with the agent alive", found.failed, 0)
        .count("lost with a killed agent", found.lost)
        .times("agent killed to the next answering", &found.back)
        .times("deploy, typed to ended", &found.ended)
}
