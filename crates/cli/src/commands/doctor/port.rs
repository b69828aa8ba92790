//! The public address: ours, free, or whose.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use handover_edge::api::AgentStatus;

use super::check::Check;
use crate::settings::Settings;

/// `0A` in the fourth column of `/proc/net/tcp`: listening.
const LISTENING: &str = "0A";

/// Whether the agent has it, or could have it.
pub(super) fn free(settings: &Settings, status: Option<&AgentStatus>) -> Check {
    let address = settings.service.listen().get();
    match status {
        Some(status) if status.listen == address.to_string() => {
            Check::ok("port", format!("{address} is held by our agent"))
        }
        _ => could_listen(address),
    }
}

/// Tries it for a moment.
pub(super) fn could_listen(address: SocketAddr) -> Check {
    match TcpListener::bind(address) {
        Ok(_) => Check::ok("port", format!("{address} is free")),
        Err(error) => refused(address, &error),
    }
}

fn refused(address: SocketAddr, error: &io::Error) -> Check {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            let who = owner(address.port()).unwrap_or_else(|| "a process of another user".into());
            Check::fail(
                "port",
                format!("{address} is taken by {who}"),
                "stop it, or choose another `listen` in handover.toml",
            )
        }
        io::ErrorKind::PermissionDenied => Check::fail(
            "port",
            format!("{address} may not be listened on by this user"),
            "choose a port from 1024 on, or give the agent the capability CAP_NET_BIND_SERVICE",
        ),
        _ => Check::fail("port", format!("{address}: {error}"), "choose another `listen` in handover.toml"),
    }
}

/// The process that listens on `port`, where the system says.
fn owner(port: u16) -> Option<String> {
    let sockets: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| listeners(&table, port))
        .map(|inode| format!("socket:[{inode}]"))
        .collect();
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let pid = pids.find(|&pid| holds(pid, &sockets))?;
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    Some(format!("process {pid} ({})", name.trim_end()))
}

/// The inodes of the sockets that listen on `port`, from a table of the kernel's.
fn listeners(table: &str, port: u16) -> Vec<String> {
    let wanted = format!(":{port:04X}");
    let row = |line: &str| {
        let columns: Vec<&str> = line.split_ascii_whitespace().collect();
        let matches = columns.get(1)?.ends_with(&wanted) && *columns.get(3)? == LISTENING;
        matches.then(|| columns.get(9).map(|&inode| inode.to_owned()))?
    };
    table.lines().filter_map(row).collect()
}

fn holds(pid: u32, sockets: &[String]) -> bool {
    let descriptors = fs::read_dir(Path::new("/proc").join(pid.to_string()).join("fd"));
    let links =
        descriptors.into_iter().flatten().flatten().filter_map(|entry| fs::read_link(entry.path()).ok());
    links.into_iter().any(|link| sockets.iter().any(|socket| link == Path::new(socket)))
}
