//! An edge of one's own: any share by its admin side, counts and secrets from there too.

use std::sync::Arc;

use async_trait::async_trait;
use handover_core::{BySlot, Slot};
use handover_edge::{AdminToken, AgentClient, AgentSwitcher, BreakGlass, ClientError};
use handover_rollout::WorldError;
use handover_rollout::hosted::{Door, Doors, Host, Roster, WebFront};
use handover_rollout::railway::RailwayServices;
use handover_traffic::railway::Railway;

use super::super::inspect::Inspector;
use super::super::surroundings::WindowKind;
use super::{Parts, Place, exec, front, launcher, railway, section};
use crate::commands::EDGE_TOKEN;
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{Backend, Launcher, RemoteEdge, Settings};

/// The header in which the edge itself says which slot answered; it takes away an upstream's own.
const NAME: &str = "handover-release";

/// In the state folder: which deployments were asked for at Railway.
const LAUNCHES: &str = "launches.json";

/// The edge of these settings.
pub(super) async fn parts(place: &Place<'_>) -> Result<Parts, Failure> {
    let client = client(section(place.settings.remote_edge.as_ref(), Backend::RemoteEdge)?)?;
    let host = host(place)?;
    let probe = client.secrets().await.map_err(|error| unasked(&error))?.probe;
    let front = open_front(place.settings, &client, &probe, place.roster())?;
    Ok(Parts {
        traffic: Arc::new(AgentSwitcher::new(client.clone())),
        bare_traffic: Arc::new(BreakGlass::new(client.clone(), "break-glass")),
        host,
        front: Arc::new(front),
        probe: Some(probe),
        windows: WindowKind::RemoteEdge(client),
        inspector: Inspector::Nobody,
    })
}

/// A client with the token of the settings, or of the environment.
fn client(section: &RemoteEdge) -> Result<AgentClient, Failure> {
    let failure = || Failure::new("could not use the edge", Exit::Usage);
    let token = match (&section.token_file, std::env::var(EDGE_TOKEN)) {
        (Some(file), _) => AdminToken::from_file(file),
        (None, Ok(text)) => AdminToken::new(&text),
        (None, Err(_)) => {
            return Err(failure()
                .because(format!("it has no token: neither `token_file` nor `{EDGE_TOKEN}` is there"))
                .hint("give it the token that the edge was started with"));
        }
    };
    let token = token.map_err(|error| failure().because_of(&error))?;
    AgentClient::remote(&section.address.to_string(), token).map_err(|error| failure().because_of(&error))
}

/// Where users arrive; probes and pinned requests by the secrets that the edge gives out.
fn open_front(
    settings: &Settings,
    client: &AgentClient,
    probe: &str,
    roster: Roster,
) -> Result<WebFront, Failure> {
    let doors = Arc::new(EdgeDoors(client.clone()));
    let front =
        WebFront::new(&front::public(settings), &[NAME.to_owned()], roster, doors, front::PROBE_LIMIT);
    let front = front.and_then(|front| front.with_probe_header("handover-probe", probe));
    front.map_err(|error| {
        Failure::new("could not use the public address", Exit::Usage).because_of(&error).hint(
            "set `[service] public` to where users reach the edge, such as \"https://shop.example.com/\"",
        )
    })
}

fn unasked(error: &ClientError) -> Failure {
    let failure = Failure::of("could not ask the edge for its secrets", Exit::Refused, error);
    match error {
        ClientError::Api(_) => failure.hint("give `[remote_edge]` the token that the edge was started with"),
        _ => failure,
    }
}

/// What launches releases: a command, or Railway.
fn host(place: &Place<'_>) -> Result<Arc<dyn Host>, Failure> {
    let settings = place.settings;
    if settings.release.launcher == Launcher::Railway {
        return Ok(Arc::new(services(place)?));
    }
    Ok(Arc::new(launcher::commands(settings, &exec::addresses(settings), place.state_dir)?))
}

/// The private services at Railway, one per slot.
fn services(place: &Place<'_>) -> Result<RailwayServices, Failure> {
    let section = section(place.settings.railway.as_ref(), Backend::Railway)?;
    let names = section.services.as_ref().ok_or_else(|| {
        Failure::new("could not use Railway", Exit::Usage).because("`[railway]` has no `services`")
    })?;
    let names = BySlot { blue: names.blue.to_string(), green: names.green.to_string() };
    let client = Railway::new(railway::options(section)?);
    let client = client
        .map_err(|error| Failure::new("could not use Railway", Exit::Usage).because(error.to_string()))?;
    Ok(RailwayServices::new(client, names, place.logbook_in(LAUNCHES), railway::template(section)?))
}

/// The edge's pins, asked for with each smoke test: an edge with another token has others.
#[derive(Debug)]
struct EdgeDoors(AgentClient);

#[async_trait]
impl Doors for EdgeDoors {
    async fn door(&self, slot: Slot) -> Result<Option<Door>, WorldError> {
        let secrets = self.0.secrets().await.map_err(|error| WorldError {
            retry: error.retry(),
            message: error.to_string(),
            fenced: false,
            source: std::error::Error::source(&error).map(|source| source.to_string().into()),
        })?;
        let pin = secrets.pins.map(|pins| pins[slot].clone());
        Ok(pin.map(|value| Door::Header { name: "handover-pin".into(), value }))
    }
}
