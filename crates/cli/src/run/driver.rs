//! The driver: the one process that carries out a run.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use handover_core::RunId;
use handover_edge::api::{AgentStatus, RunEnd};
use handover_edge::{AgentClient, ReleaseStore};
use handover_rollout::{Outcome, Plan, World, local, program};
use handover_runbook::{Body, Engine, EngineError, Journal as _, Order, Orders as _, Record, SqliteStore};

use super::{AgentLease, failpoint};
use crate::exit::Exit;
use crate::flags;
use crate::migrate;
use crate::report::Failure;
use crate::views::Published;

/// The journal's file in the state directory.
pub(crate) const JOURNAL: &str = "journal.db";

/// Who gives the order that follows from the guard's note.
const GUARD: &str = "the agent's guard";

/// Carries out the run to its end, or until this driver may no longer act.
///
/// # Errors
///
/// The run cannot be read, or its end could not be reached or recorded; the agent then starts another driver.
pub(crate) async fn drive(state_dir: &Path, run: &RunId) -> Result<Exit, Failure> {
    let client = AgentClient::in_state_dir(state_dir);
    let store = open_journal(state_dir).await?;
    let records = read(&store, run).await?;
    let plan = plan_of(&records)?;
    let status = client.status().await;
    let status = status.map_err(|e| Failure::of("could not reach the agent", Exit::Unknown, &e))?;
    obey_guard(&store, run, &status).await?;
    let world = local::world(&client, public_address(&status)?, &probe_path(state_dir, &plan), state_dir);
    let published = Published::outlook(&plan, &records, &client)?;
    let world = World {
        outlook: published.as_ref().map(Published::seen),
        flags: flags::run_flags(&plan, &records),
        migrations: migrate::files_of(&plan),
        ..world
    };
    let lease = AgentLease::new(client.clone(), format!("driver of {run} (pid {})", std::process::id()));
    let engine = Engine::new(failpoint::guarded(store.clone()), Arc::new(lease), store.clone());
    let ended = Box::pin(engine.run(run, &program(&plan, &world))).await;
    // The agent hears no more of a run that is over.
    drop(published);
    tell_agent(&client, &store, run, ended).await
}

/// Opens the journal of this state directory.
///
/// # Errors
///
/// The file cannot be used; the message says why and what to do.
pub(crate) async fn open_journal(state_dir: &Path) -> Result<Arc<SqliteStore>, Failure> {
    let store = SqliteStore::open(&state_dir.join(JOURNAL)).await;
    store.map(Arc::new).map_err(|e| Failure::of("could not open the journal", Exit::Refused, &e))
}

/// The sealed plan at the beginning of a run's records.
///
/// # Errors
///
/// There is none, or it cannot be read.
pub(crate) fn plan_of(records: &[Record]) -> Result<Plan, Failure> {
    let Some(Record { body: Body::Sealed { plan }, .. }) = records.first() else {
        return Err(Failure::new("could not read the plan", Exit::Refused)
            .because("the journal knows no such run")
            .hint("`handover history` lists the runs"));
    };
    Plan::from_sealed(plan).map_err(|e| Failure::of("could not read the plan", Exit::Refused, &e))
}

async fn read(store: &SqliteStore, run: &RunId) -> Result<Vec<Record>, Failure> {
    store.read(run, 0).await.map_err(|e| Failure::of("could not read the journal", Exit::Refused, &e))
}

/// Where the agent moved traffic back by itself, or a person broke the glass, the run has to follow.
async fn obey_guard(store: &SqliteStore, run: &RunId, status: &AgentStatus) -> Result<(), Failure> {
    let note = status.run.as_ref().and_then(|active| active.guard.as_ref()).filter(|note| note.run == *run);
    let Some(note) = note else { return Ok(()) };
    let failed = |e| Failure::of("could not record what the agent did", Exit::Unknown, &e);
    let given = store.after(run, 0).await.map_err(failed)?;
    if given.iter().any(|order| order.by == GUARD) {
        return Ok(());
    }
    let order = Order::TurnBack { verb: "rollback".into(), reason: Some(note.why.clone()) };
    store.give(run, order, GUARD).await.map(drop).map_err(failed)
}

/// What the prober asks for: the path that the release answers cheaply.
fn probe_path(state_dir: &Path, plan: &Plan) -> String {
    let spec = ReleaseStore::new(state_dir).spec(&plan.candidate);
    spec.map_or_else(|_| "/".into(), |spec| spec.health.path)
}

/// Where a user on this machine reaches the service.
fn public_address(status: &AgentStatus) -> Result<SocketAddr, Failure> {
    let parsed = status.listen.parse::<SocketAddr>();
    let mut address =
        parsed.map_err(|e| Failure::new("could not read the agent's address", Exit::Bug).because_of(&e))?;
    if address.ip().is_unspecified() {
        let loopback: std::net::IpAddr = match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        };
        address.set_ip(loopback);
    }
    Ok(address)
}

/// An ended run is no longer the agent's to look after; any other end of the driver is.
async fn tell_agent(
    client: &AgentClient,
    store: &SqliteStore,
    run: &RunId,
    ended: Result<handover_runbook::Ending, EngineError>,
) -> Result<Exit, Failure> {
    match ended {
        Ok(_) | Err(EngineError::Unrecorded { .. }) => {}
        Err(error) => {
            return Err(Failure::of(format!("could not carry out run {run}"), Exit::Unknown, &error));
        }
    }
    let outcome = Outcome::of(&read(store, run).await?);
    let end = RunEnd { run: run.clone(), ending: outcome.as_str().into() };
    client
        .end_run(&end)
        .await
        .map_err(|e| Failure::of("could not tell the agent of the end", Exit::Unknown, &e))?;
    Ok(exit_of(outcome))
}

/// What a process that waited for a run ends with.
pub(crate) const fn exit_of(outcome: Outcome) -> Exit {
    match outcome {
        Outcome::Promoted => Exit::Done,
        Outcome::RolledBack => Exit::RolledBack,
        Outcome::Refused => Exit::Refused,
        Outcome::Stuck => Exit::Stuck,
        Outcome::Unfinished => Exit::Waiting,
    }
}
