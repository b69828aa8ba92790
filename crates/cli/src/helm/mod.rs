//! Who is at the helm of a service's traffic: the agent of the embedded edge, or, on every other backend, this process.
//!
//! The verbs ask the same questions either way. Where there is no agent they are answered from the backend itself, the
//! roster of releases and the journal's lease; a run is then driven by the process that was typed.

mod backends;
mod foreground;
mod hosted;
mod inspect;
mod lease;
mod picture;
mod surroundings;
mod token;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use handover_core::{ReleaseId, RunId, Slot, Timestamp};
use handover_edge::api::{AgentStatus, LeaseRequest, LeaseView, PanicRequest, RunRequest};
use handover_edge::{AgentClient, AgentSwitcher, ClientError};
use handover_traffic::{Capabilities, Drained, Observed, Split, SwitchError, TrafficSwitcher};

use crate::report::Failure;
use crate::settings::{Backend, Settings};
pub(crate) use backends::public;
pub(crate) use hosted::Hosted;

/// The way to a service's traffic, releases and lease.
#[derive(Debug, Clone)]
pub(crate) enum Helm {
    /// An agent has them.
    Agent(AgentClient),
    /// They are reached from here.
    Here(Arc<Hosted>),
}

/// Which release is stable, and which run is going on.
#[derive(Debug, Clone)]
pub(crate) struct Brief {
    /// The release that has the traffic, and its slot.
    pub(crate) stable: Option<(Slot, ReleaseId)>,
    /// Until when the other slot's release is kept to go back to.
    pub(crate) retained_until: Option<Timestamp>,
    /// The run that has not ended.
    pub(crate) run: Option<RunId>,
}

impl Brief {
    /// Where the traffic goes instead of to the stable release, if nobody who uses handover has sent it there: what has a
    /// name was made through handover, a share by hand for one.
    pub(crate) fn stray(&self, seen: Result<&Observed, &SwitchError>) -> Option<String> {
        let (slot, _) = self.stable.as_ref().filter(|_| self.run.is_none())?;
        match seen {
            Ok(seen) if seen.route.split != Split::all(*slot) && seen.last_op.is_none() => {
                Some(seen.route.split.to_string())
            }
            Err(SwitchError::Elsewhere { found, .. }) => Some(found.clone()),
            _ => None,
        }
    }
}

impl From<AgentClient> for Helm {
    fn from(client: AgentClient) -> Self {
        Self::Agent(client)
    }
}

impl Helm {
    /// The helm of the service that these settings describe. An agent need not run for it.
    ///
    /// # Errors
    ///
    /// The backend cannot be used as the settings say.
    pub(crate) async fn of(settings: &Settings, state_dir: &Path) -> Result<Self, Failure> {
        match settings.traffic.backend {
            Backend::Edge => Ok(Self::Agent(AgentClient::in_state_dir(state_dir))),
            backend => Ok(Self::Here(Arc::new(backends::hosted(backend, settings, state_dir).await?))),
        }
    }

    /// What can be asked of the backend.
    pub(crate) fn capabilities(&self) -> Capabilities {
        self.switcher().capabilities()
    }

    /// Moves its traffic.
    pub(crate) fn switcher(&self) -> Arc<dyn TrafficSwitcher> {
        match self {
            Self::Agent(client) => Arc::new(AgentSwitcher::new(client.clone())),
            Self::Here(hosted) => hosted.traffic(),
        }
    }

    /// Everything there is to know.
    pub(crate) async fn status(&self) -> Result<AgentStatus, ClientError> {
        match self {
            Self::Agent(client) => client.status().await,
            Self::Here(hosted) => hosted.status().await,
        }
    }

    /// The route in force.
    pub(crate) async fn observe(&self) -> Result<Observed, ClientError> {
        match self {
            Self::Agent(client) => client.observe().await,
            Self::Here(hosted) => hosted.observe().await,
        }
    }

    /// What was deployed last, without a question that a platform counts.
    pub(crate) async fn brief(&self) -> Result<Brief, ClientError> {
        match self {
            Self::Agent(client) => {
                let status = client.status().await?;
                let kept =
                    status.stable.as_ref().map(|(stable, _)| status.slots[stable.other()].retained_until);
                let run = status.run.map(|run| run.request.run);
                Ok(Brief { stable: status.stable, retained_until: kept.flatten(), run })
            }
            Self::Here(hosted) => hosted.brief().await,
        }
    }

    /// Takes everything to one slot now, without lease or journal.
    pub(crate) async fn panic(&self, request: &PanicRequest) -> Result<Observed, ClientError> {
        match self {
            Self::Agent(client) => client.panic(request).await,
            Self::Here(hosted) => hosted.panic(request).await,
        }
    }

    /// Waits until `slot` is idle, at most `limit`.
    pub(crate) async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, ClientError> {
        match self {
            Self::Agent(client) => client.drain(slot, limit).await,
            Self::Here(hosted) => hosted.drain(slot, limit).await,
        }
    }

    /// Asks for the service's lease.
    pub(crate) async fn acquire(&self, request: &LeaseRequest) -> Result<LeaseView, ClientError> {
        match self {
            Self::Agent(client) => client.acquire(request).await,
            Self::Here(hosted) => hosted.acquire(request).await,
        }
    }

    /// Keeps a lease for another time to live.
    pub(crate) async fn renew(&self, lease: &LeaseView) -> Result<LeaseView, ClientError> {
        match self {
            Self::Agent(client) => client.renew(lease).await,
            Self::Here(hosted) => hosted.renew(lease).await,
        }
    }

    /// Gives a lease back.
    pub(crate) async fn release(&self, lease: &LeaseView) -> Result<(), ClientError> {
        match self {
            Self::Agent(client) => client.release(lease).await,
            Self::Here(hosted) => hosted.release(lease).await,
        }
    }

    /// Sees to it that the run has a driver: the agent's, one that lives elsewhere, or this process.
    pub(crate) async fn start_run(&self, request: &RunRequest) -> Result<(), ClientError> {
        match self {
            Self::Agent(client) => client.start_run(request).await.map(drop),
            Self::Here(hosted) => hosted.start_run(request).await,
        }
    }

    /// Before a run is sealed: what served before handover came is the release to go back to.
    pub(crate) async fn adopt(&self) -> Result<(), ClientError> {
        match self {
            Self::Agent(_) => Ok(()),
            Self::Here(hosted) => hosted.adopt().await,
        }
    }

    /// Before anything is done: whether the platform's own settings let a deployment be without downtime.
    pub(crate) async fn admit(&self) -> Result<(), Failure> {
        match self {
            Self::Agent(_) => Ok(()),
            Self::Here(hosted) => hosted.admit().await,
        }
    }

    /// What a deployment should know beforehand, though it may go ahead.
    pub(crate) async fn doubt(&self) -> Option<String> {
        match self {
            Self::Agent(_) => None,
            Self::Here(hosted) => hosted.doubt().await,
        }
    }

    /// The slot for a first release. The edge serves nobody before it; elsewhere somebody may be served already.
    pub(crate) fn first_slot(&self, status: &AgentStatus) -> Slot {
        match self {
            Self::Agent(_) => Slot::Blue,
            Self::Here(_) => status.route.route.split.sole().map_or(Slot::Blue, Slot::other),
        }
    }

    /// The backend's name, where it has no agent.
    pub(crate) fn hosted_by(&self) -> Option<&'static str> {
        match self {
            Self::Agent(_) => None,
            Self::Here(hosted) => Some(hosted.backend),
        }
    }

    /// Whether the run's driver is in this process, so that leaving it would leave the run.
    pub(crate) fn drives_here(&self) -> bool {
        match self {
            Self::Agent(_) => false,
            Self::Here(hosted) => hosted.is_driving(),
        }
    }

    /// Why the driver in this process gave up, if it did.
    pub(crate) fn gave_up(&self) -> Option<Failure> {
        match self {
            Self::Agent(_) => None,
            Self::Here(hosted) => hosted.gave_up(),
        }
    }
}
