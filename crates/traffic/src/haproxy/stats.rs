//! `show stat`: what each server is answering, and ever answered.

use handover_core::{BySlot, Slot};

use super::HaproxyOptions;
use crate::BoxError;

/// Counts per slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stats {
    /// Requests and tunnels being answered now.
    pub(super) current: BySlot<u64>,
    /// Requests ever sent there.
    pub(super) total: BySlot<u64>,
}

impl Stats {
    /// Reads the comma-separated table.
    pub(super) fn parse(text: &str, options: &HaproxyOptions) -> Result<Self, BoxError> {
        let mut lines = text.lines().skip_while(|line| !line.starts_with("# "));
        let header = lines.next().ok_or("it does not list its statistics")?;
        let columns: Vec<_> = header.trim_start_matches("# ").split(',').collect();
        let rows: Vec<Vec<_>> = lines.map(|line| line.split(',').collect()).collect();
        let table = Table { columns, rows };
        let sum = |slot: Slot, column: &str| {
            let servers = options.servers[slot].iter();
            servers.map(|server| table.count(&options.backend, server, column)).sum::<Result<u64, _>>()
        };
        let both = |column: &str| {
            Ok::<_, BoxError>(BySlot { blue: sum(Slot::Blue, column)?, green: sum(Slot::Green, column)? })
        };
        Ok(Self { current: both("scur")?, total: both("stot")? })
    }
}

struct Table<'a> {
    columns: Vec<&'a str>,
    rows: Vec<Vec<&'a str>>,
}

impl Table<'_> {
    fn count(&self, backend: &str, server: &str, column: &str) -> Result<u64, BoxError> {
        let at = |name: &str| self.columns.iter().position(|column| *column == name);
        let (proxy, name) = (at("pxname").ok_or("no `pxname`")?, at("svname").ok_or("no `svname`")?);
        let is_it = |row: &&Vec<&str>| row.get(proxy) == Some(&backend) && row.get(name) == Some(&server);
        let row = self.rows.iter().find(is_it);
        let row = row.ok_or_else(|| format!("its backend `{backend}` has no server `{server}`"))?;
        let cell = at(column).and_then(|at| row.get(at)).copied().unwrap_or_default();
        cell.parse().map_err(|_| format!("`{column}` of {backend}/{server} is `{cell}`").into())
    }
}
