//! HAProxy: weights by its Runtime API, releases by command, counts from its log.

use std::path::Path;
use std::sync::{Arc, Mutex};

use handover_core::BySlot;
use handover_monitor::source::{HaproxyOptions as LogOptions, RuntimeApi};
use handover_rollout::hosted::{Host, HostedLauncher, Roster};
use handover_traffic::haproxy::{Haproxy, HaproxyOptions, RuntimeSocket};
use handover_traffic::logbook::Logbook;

use super::super::hosted::{Driver, Hosted, LOGBOOK, ROSTER};
use super::super::surroundings::{WindowKind, WindowSetup};
use super::{front, launcher};
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{self, Name, Settings};

/// The HAProxy of these settings, asked where its servers are.
pub(super) async fn hosted(settings: &Settings, state_dir: &Path) -> Result<Hosted, Failure> {
    let section = settings.haproxy.as_ref().ok_or_else(|| {
        Failure::new("could not use HAProxy", Exit::Usage).because("the settings have no section `[haproxy]`")
    })?;
    let options = options(section)?;
    let logbook = Logbook::in_file(state_dir.join(LOGBOOK));
    let traffic = Haproxy::switcher(options.clone(), logbook);
    let mut bare = options;
    bare.state_file = None;
    let addresses = traffic.platform().addresses().await;
    let addresses =
        addresses.map_err(|e| Failure::of("could not ask HAProxy for its servers", Exit::Refused, &e))?;
    let roster = Roster::in_file(state_dir.join(ROSTER));
    let host: Arc<dyn Host> = Arc::new(launcher::commands(settings, &addresses, state_dir)?);
    let pins = front::PinFiles(section.pins.clone());
    Ok(Hosted {
        backend: "haproxy",
        service: settings.service.name.clone(),
        listen: front::public(settings),
        state_dir: state_dir.to_owned(),
        traffic: Arc::new(traffic),
        bare_traffic: Arc::new(Haproxy::switcher(bare, Logbook::in_memory())),
        launcher: Arc::new(HostedLauncher::new(Arc::clone(&host), roster.clone())),
        host,
        front: Arc::new(front::front(settings, roster.clone(), pins)?),
        windows: WindowSetup::new(windows(section)),
        roster,
        driver: Mutex::new(Driver::default()),
        seen: tokio::sync::Mutex::default(),
    })
}

/// What the switcher is told of the section.
pub(crate) fn options(section: &settings::Haproxy) -> Result<HaproxyOptions, Failure> {
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

fn windows(section: &settings::Haproxy) -> WindowKind {
    let Some(listen) = section.log else { return WindowKind::Nobody };
    let api =
        section.socket_address().map_or_else(|| RuntimeApi::Unix(section.socket.clone()), RuntimeApi::Tcp);
    let slots = BySlot { blue: "blue", green: "green" };
    let options = LogOptions::new(listen.get(), api, section.backend.as_str(), slots);
    WindowKind::HaproxyLog(Box::new(options.with_servers(servers(section))))
}
