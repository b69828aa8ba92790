use std::time::Duration;

use handover_core::Slot;
use handover_edge::AgentClient;
use handover_traffic::{Observed, Split};
use tokio::time::Instant;

use crate::report::Report;
use crate::service::Service;
use crate::times::Times;
use crate::users::{Answer, Giver, Users};

/// How often the route is looked at from outside.
const LOOK: Duration = Duration::from_millis(2);

/// From a failing release's first bad answer until it has no traffic
///
/// The real thing: the built binary with its agent, driver, releases and journal, under users who come at a fixed
/// rate. A release that answers every request with an error is deployed again and again; each time it must be taken
/// back by itself.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many failing releases
    #[arg(long, default_value_t = 100, value_name = "N")]
    trials: u64,
    /// How many requests per second the failing release gets
    #[arg(long, default_value_t = 200, value_name = "N")]
    rate: u32,
    /// Its share of the traffic, in percent
    #[arg(long, default_value_t = 50, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(1..=99))]
    weight: u32,
    /// The share of its answers that are errors
    #[arg(long, default_value_t = 1.0, value_name = "SHARE")]
    fail_share: f64,
}

/// What all trials showed.
#[derive(Debug, Default)]
struct Found {
    taken_back: u64,
    requests: u64,
    bad: u64,
    failed: u64,
    /// Bad answers to requests sent once the route was seen to be back.
    late: u64,
    in_force: Times,
    verified: Times,
    ended: Times,
}

pub(crate) async fn run(args: &Args) -> Result<Report, String> {
    let share = format!("steps = [{{ weight = \"{}%\", min_time = \"1m\" }}]", args.weight);
    let mut service =
        Service::set_up(&format!("{share}\nbake = \"100ms\"\nretain = \"1h\"\ndrain = \"5s\""))?;
    let outcome = trials(&service, args).await;
    service.conclude(outcome)
}

async fn trials(service: &Service, args: &Args) -> Result<Report, String> {
    service.deploy("good", "")?.end().await?.expect(0, "promoted")?;
    let users = Users::come(service.listen, args.rate * 100 / args.weight);
    let mut found = Found::default();
    for number in 1..=args.trials {
        trial(service, &users, number, args, &mut found).await?;
    }
    Ok(report(args, &found))
}

async fn trial(
    service: &Service,
    users: &Users,
    number: u64,
    args: &Args,
    found: &mut Found,
) -> Result<(), String> {
    let name = format!("bad-{number}");
    let began = Instant::now();
    users.take();
    let deployment = service.deploy(&name, &format!("--fail-share {}", args.fail_share))?;
    let back = tokio::spawn(until_back(service.agent()));
    let ended = deployment.end().await?.expect(5, "rolled_back")?;
    found.ended.push(began.elapsed());
    found.taken_back += 1;
    let back = back.await.map_err(|why| format!("the look-out broke: {why}"))??;
    let answers = users.take();
    let first = found.take(&answers, &name, back);
    let first = first.ok_or_else(|| format!("{name} was taken back without a bad answer"))?;
    found.in_force.push(back.saturating_duration_since(first.got));
    let verified = ended.proceeded("verify-restored").ok_or_else(|| format!("{name} was never verified"))?;
    found.verified.push(verified.since(first.at));
    Ok(())
}

impl Found {
    /// Counts the answers of a trial; the candidate's first bad one.
    fn take<'a>(&mut self, answers: &'a [Answer], candidate: &str, back: Instant) -> Option<&'a Answer> {
        let bad = Giver::Release { name: candidate.to_owned(), well: false };
        let of_candidate =
            |answer: &&Answer| matches!(&answer.by, Giver::Release { name, .. } if name == candidate);
        let count = |number: usize| number as u64;
        self.requests += count(answers.len());
        self.bad += count(answers.iter().filter(|answer| answer.by == bad).count());
        self.failed += count(answers.iter().filter(|a| matches!(a.by, Giver::Nobody { .. })).count());
        self.late += count(answers.iter().filter(of_candidate).filter(|answer| answer.sent > back).count());
        answers.iter().filter(|answer| answer.by == bad).min_by_key(|answer| answer.got)
    }
}

/// When the candidate, having had traffic, is seen to have none.
async fn until_back(agent: AgentClient) -> Result<Instant, String> {
    let stable = loop {
        // The first deployment is over, so a slot has everything.
        if let Some(slot) = sole(&agent).await? {
            break slot;
        }
    };
    while sole(&agent).await? == Some(stable) {
        tokio::time::sleep(LOOK).await;
    }
    while sole(&agent).await? != Some(stable) {
        tokio::time::sleep(LOOK).await;
    }
    Ok(Instant::now())
}

async fn sole(agent: &AgentClient) -> Result<Option<Slot>, String> {
    let observed: Observed = agent.observe().await.map_err(|why| format!("the agent: {why}"))?;
    let split: Split = observed.route.split;
    Ok(split.sole())
}

fn report(args: &Args, found: &Found) -> Report {
    let title = format!(
        "{} releases with {} % errors, each at {} % of the traffic and {} requests per second",
        args.trials,
        args.fail_share * 100.0,
        args.weight,
        args.rate
    );
    Report::new(title)
        .exactly("taken back by itself", found.taken_back, args.trials)
        .some("requests", found.requests)
        .some("bad answers", found.bad)
        .exactly("failed, by no release", found.failed, 0)
        .exactly("late answers", found.late, 0)
        .times("first bad answer to 0 % in force", &found.in_force)
        .times("first bad answer to 0 % verified", &found.verified)
        .times("deploy, typed to ended", &found.ended)
}
