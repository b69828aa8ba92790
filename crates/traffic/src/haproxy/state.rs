//! `show servers state`: what each server weighs and whether it may have traffic.

use std::collections::BTreeMap;

use handover_core::{BySlot, Slot};

use super::HaproxyOptions;
use crate::BoxError;

/// In maintenance (0x01, 0x02, 0x04, 0x20, 0x40) or in drain (0x08, 0x10): the bits of `srv_admin_state`.
const BARRED: u32 = 0x7f;

/// `srv_op_state`: 0 is stopped; 1 is starting, 2 running, 3 stopping, and each of these takes requests.
const STARTING: u32 = 1;

/// The servers of both slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Servers {
    slots: BySlot<Vec<Server>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Server {
    name: String,
    address: String,
    weight: u16,
    barred: bool,
    up: bool,
}

impl Servers {
    /// Reads the table; a server that the options name and HAProxy does not have is an error.
    pub(super) fn parse(text: &str, options: &HaproxyOptions) -> Result<Self, BoxError> {
        let mut lines = text.lines().skip_while(|line| !line.starts_with('#'));
        let header = lines.next().ok_or("it does not list its servers")?;
        let columns: Vec<_> = header.trim_start_matches('#').split_whitespace().collect();
        let mut rows: BTreeMap<String, Server> = BTreeMap::new();
        for line in lines.take_while(|line| !line.trim().is_empty()) {
            let cells: Vec<_> = line.split(' ').collect();
            let server = Server::parse(&columns, &cells)?;
            rows.insert(server.name.clone(), server);
        }
        let find = |name: &String| {
            let missing = || format!("its backend `{}` has no server `{name}`", options.backend);
            rows.get(name).cloned().ok_or_else(missing)
        };
        let slot = |slot: Slot| options.servers[slot].iter().map(find).collect::<Result<Vec<_>, _>>();
        Ok(Self { slots: BySlot { blue: slot(Slot::Blue)?, green: slot(Slot::Green)? } })
    }

    /// What each slot weighs for new requests.
    pub(super) fn weights(&self) -> BySlot<u32> {
        let weight = |server: &Server| if server.barred { 0 } else { u32::from(server.weight) };
        BySlot::from_fn(|slot| self.slots[slot].iter().map(weight).sum())
    }

    /// The names of a slot's servers that may not have traffic whatever they weigh.
    pub(super) fn barred(&self, slot: Slot) -> impl Iterator<Item = &str> {
        self.slots[slot].iter().filter(|server| server.barred).map(|server| server.name.as_str())
    }

    /// Whether HAProxy would send the slot anything: its own health checks have the last word, whatever the weights say.
    pub(super) fn is_up(&self, slot: Slot) -> bool {
        self.slots[slot].iter().any(|server| server.up)
    }

    /// Where the slot's first server listens.
    pub(super) fn address(&self, slot: Slot) -> String {
        self.slots[slot].first().map(|server| server.address.clone()).unwrap_or_default()
    }
}

impl Server {
    fn parse(columns: &[&str], cells: &[&str]) -> Result<Self, BoxError> {
        let cell = |name: &str| {
            let at = columns.iter().position(|column| *column == name);
            at.and_then(|at| cells.get(at)).copied().ok_or_else(|| format!("its servers have no `{name}`"))
        };
        let number = |name: &str| {
            let text = cell(name)?;
            text.parse::<u32>().map_err(|_| format!("`{name}` of a server is `{text}`"))
        };
        let weight = number("srv_uweight")?;
        Ok(Self {
            name: cell("srv_name")?.to_owned(),
            address: format!("{}:{}", cell("srv_addr")?, cell("srv_port")?),
            weight: u16::try_from(weight).map_err(|_| format!("a server weighs {weight}"))?,
            barred: number("srv_admin_state")? & BARRED != 0,
            up: number("srv_op_state")? >= STARTING,
        })
    }
}
