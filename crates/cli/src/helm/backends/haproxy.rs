//! HAProxy: weights by its Runtime API, releases by command, counts from its log.

use std::sync::Arc;

use handover_core::BySlot;
use handover_monitor::source::{HaproxyOptions as LogOptions, RuntimeApi};
use handover_traffic::TrafficSwitcher;
use handover_traffic::haproxy::{Haproxy, HaproxyOptions, RuntimeSocket};
use handover_traffic::logbook::Logbook;

use super::super::inspect::Inspector;
use super::super::surroundings::WindowKind;
use super::{Parts, Place, counted, front, launcher, section};
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{self, Backend, Name, Settings};

/// The HAProxy of these settings, asked where its servers are.
pub(super) async fn parts(place: &Place<'_>) -> Result<Parts, Failure> {
    let section = section(place.settings.haproxy.as_ref(), Backend::Haproxy)?;
    let (traffic, bare_traffic, addresses) = switchers(section, place.logbook()).await?;
    let host = launcher::commands(place.settings, &addresses, place.state_dir)?;
    let pins = Arc::new(front::PinFiles(section.pins.clone()));
    Ok(Parts {
        traffic,
        bare_traffic,
        host: Arc::new(host),
        probe: pins.probe(),
        front: Arc::new(front::front(place.settings, place.roster(), pins.probe(), pins)?),
        windows: windows(section, place.settings)?,
        inspector: Inspector::Nobody,
    })
}

/// Its switcher, the same without anything on disk, and where its servers listen.
pub(super) async fn switchers(
    section: &settings::Haproxy,
    logbook: Logbook,
) -> Result<(Arc<dyn TrafficSwitcher>, Arc<dyn TrafficSwitcher>, BySlot<String>), Failure> {
    let options = options(section)?;
    let mut bare = options.clone();
    bare.state_file = None;
    let traffic = Haproxy::switcher(options, logbook);
    let addresses = traffic.platform().addresses().await;
    let addresses =
        addresses.map_err(|e| Failure::of("could not ask HAProxy for its servers", Exit::Refused, &e))?;
    Ok((Arc::new(traffic), Arc::new(Haproxy::switcher(bare, Logbook::in_memory())), addresses))
}

/// What the switcher is told of the section.
fn options(section: &settings::Haproxy) -> Result<HaproxyOptions, Failure> {
    let socket = section
        .socket_address()
        .map_or_else(|| RuntimeSocket::Unix(section.socket.clone()), RuntimeSocket::Tcp);
    let options = HaproxyOptions::new(socket, section.backend.as_str(), servers(section));
    let options =
        options.map_err(|error| Failure::new("could not use HAProxy", Exit::Usage).because_of(&error))?;
    let options = options.with_timeout(section.timeout.get());
    let options = match &section.state_file {
        Some(file) => options.with_state_file(file),
        None => options,
    };
    Ok(if section.pins.is_some() { options.with_pin() } else { options })
}

fn servers(section: &settings::Haproxy) -> BySlot<Vec<String>> {
    let names = |names: &[Name]| names.iter().map(ToString::to_string).collect();
    BySlot { blue: names(&section.blue), green: names(&section.green) }
}

fn windows(section: &settings::Haproxy, settings: &Settings) -> Result<WindowKind, Failure> {
    let Some(listen) = section.log else { return counted(settings) };
    let api =
        section.socket_address().map_or_else(|| RuntimeApi::Unix(section.socket.clone()), RuntimeApi::Tcp);
    let slots = BySlot { blue: "blue", green: "green" };
    let options = LogOptions::new(listen.get(), api, section.backend.as_str(), slots);
    Ok(WindowKind::HaproxyLog(Box::new(options.with_servers(servers(section)))))
}
