//! Several backends as one.

use std::sync::Arc;

use handover_core::BySlot;
use handover_traffic::logbook::Logbook;
use handover_traffic::{Composite, TrafficSwitcher};

use super::super::inspect::Inspector;
use super::{Parts, Place, counted, exec, front, haproxy, launcher, section};
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{Backend, Member};

/// The members of these settings, each asked.
pub(super) async fn parts(place: &Place<'_>) -> Result<Parts, Failure> {
    let section = section(place.settings.composite.as_ref(), Backend::Composite)?;
    let mut members = Vec::new();
    for member in &section.members {
        members.push(Part::of(member, place).await?);
    }
    let told = members.iter().find_map(|part| part.addresses.clone());
    let addresses = match &place.settings.release.addresses {
        Some(_) => exec::addresses(place.settings),
        None => told.unwrap_or_else(|| exec::addresses(place.settings)),
    };
    let host = launcher::commands(place.settings, &addresses, place.state_dir)?;
    let (all, bare) = members.into_iter().map(|part| (part.traffic, part.bare)).unzip();
    Ok(Parts {
        traffic: as_one(all)?,
        bare_traffic: as_one(bare)?,
        host: Arc::new(host),
        front: Arc::new(front::front(place.settings, place.roster(), None, Arc::new(front::NoDoors))?),
        probe: None,
        windows: counted(place.settings)?,
        inspector: Inspector::Nobody,
    })
}

struct Part {
    traffic: Arc<dyn TrafficSwitcher>,
    bare: Arc<dyn TrafficSwitcher>,
    addresses: Option<BySlot<String>>,
}

impl Part {
    async fn of(member: &Member, place: &Place<'_>) -> Result<Self, Failure> {
        let logbook = Logbook::in_file(place.state_dir.join(format!("traffic-{}.json", member.name)));
        let named = |failure: Failure| failure.because(format!("it is the member `{}`", member.name));
        match (&member.haproxy, &member.exec) {
            (Some(haproxy), _) => {
                let (traffic, bare, addresses) = haproxy::switchers(haproxy, logbook).await.map_err(named)?;
                Ok(Self { traffic, bare, addresses: Some(addresses) })
            }
            (None, Some(exec)) => {
                let folder = place.settings.folder();
                let (traffic, bare) = exec::switchers(exec, folder, logbook).await.map_err(named)?;
                Ok(Self { traffic, bare, addresses: None })
            }
            (None, None) => Err(named(Failure::new("could not use the composite", Exit::Usage))),
        }
    }
}

fn as_one(members: Vec<Arc<dyn TrafficSwitcher>>) -> Result<Arc<dyn TrafficSwitcher>, Failure> {
    let one = members.into_iter().fold(None, |one: Option<Composite>, next| {
        Some(match one {
            Some(one) => one.and(next),
            None => Composite::of(next),
        })
    });
    let empty = || Failure::new("could not use the composite", Exit::Usage).because("it has no members");
    Ok(Arc::new(one.ok_or_else(empty)?))
}
