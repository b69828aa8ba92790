//! Whose socket listens on a port: a health check that another process answers proves nothing about the release.

use std::collections::HashSet;
use std::fs;

use crate::process;

/// Who listens on an instance's port.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A process of the release.
    Release,
    /// Another process; described for a message.
    Other(String),
    /// Nobody.
    Nobody,
    /// The system does not say, as where the release runs as another user.
    Unknown,
}

/// Who listens on `port`, seen from the processes of `session`.
pub(super) fn of_port(port: u16, session: u32) -> Owner {
    let all = listeners();
    let Some(listener) = answering(&all, port) else { return Owner::Nobody };
    let members = process::in_session(session);
    let mut hidden = members.is_empty();
    for pid in members {
        match sockets(pid) {
            Some(inodes) if inodes.contains(&listener.inode) => return Owner::Release,
            Some(_) => {}
            None => hidden = true,
        }
    }
    match process::all().find(|&pid| sockets(pid).is_some_and(|inodes| inodes.contains(&listener.inode))) {
        Some(pid) => Owner::Other(format!("pid {pid} ({})", process::name(pid))),
        None if hidden => Owner::Unknown,
        None => Owner::Other(format!("a process of user {}", listener.uid)),
    }
}

/// The ports on which the processes of `session` listen, in order.
pub(super) fn ports_of(session: u32) -> Vec<u16> {
    let inodes: HashSet<u64> =
        process::in_session(session).into_iter().filter_map(sockets).flatten().collect();
    let mut ports: Vec<u16> =
        listeners().into_iter().filter(|l| inodes.contains(&l.inode)).map(|l| l.port).collect();
    ports.sort_unstable();
    ports.dedup();
    ports
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Listener {
    /// How closely its address names 127.0.0.1; the closest one answers.
    closeness: u8,
    port: u16,
    uid: u32,
    inode: u64,
}

/// The socket that a connection to 127.0.0.1 reaches.
fn answering(all: &[Listener], port: u16) -> Option<Listener> {
    all.iter().copied().filter(|l| l.port == port && l.closeness > 0).max_by_key(|l| l.closeness)
}

fn listeners() -> Vec<Listener> {
    let table = |path| fs::read_to_string(path).unwrap_or_default();
    let (v4, v6) = (table("/proc/net/tcp"), table("/proc/net/tcp6"));
    v4.lines().chain(v6.lines()).filter_map(parse_line).collect()
}

/// One line of the kernel's table: `sl local remote st queues timer retransmits uid timeout inode …`.
fn parse_line(line: &str) -> Option<Listener> {
    const LISTEN: &str = "0A";
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let (address, port) = fields.get(1)?.rsplit_once(':')?;
    if *fields.get(3)? != LISTEN {
        return None;
    }
    Some(Listener {
        closeness: closeness(address),
        port: u16::from_str_radix(port, 16).ok()?,
        uid: fields.get(7)?.parse().ok()?,
        inode: fields.get(9)?.parse().ok()?,
    })
}

/// Addresses are written in the machine's own byte order, four bytes at a time.
fn closeness(address: &str) -> u8 {
    let local = format!("{:08X}", u32::from_ne_bytes([127, 0, 0, 1]));
    let mapped = format!("{:08X}", u32::from_ne_bytes([0, 0, 0xff, 0xff]));
    match address {
        v4 if v4 == local => 4,
        v6 if v6.len() == 32 && v6.ends_with(&(mapped + &local)) => 3,
        "00000000" => 2,
        "00000000000000000000000000000000" => 1,
        _ => 0,
    }
}

/// The inodes of the sockets a process holds; `None` where it may not be looked at.
fn sockets(pid: u32) -> Option<HashSet<u64>> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
    let links = entries.flatten().filter_map(|entry| fs::read_link(entry.path()).ok());
    Some(links.filter_map(|link| socket_inode(link.to_str()?)).collect())
}

fn socket_inode(link: &str) -> Option<u64> {
    link.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

/// The process that listens on `port` of any address, for the message when an address is in use.
pub(crate) fn who_listens(port: u16) -> Option<String> {
    let listener = listeners().into_iter().find(|l| l.port == port)?;
    let pid =
        process::all().find(|&pid| sockets(pid).is_some_and(|inodes| inodes.contains(&listener.inode)))?;
    Some(format!("pid {pid} ({})", process::name(pid)))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::process::Stat;

    #[test]
    fn a_socket_of_this_session_is_the_releases_own_and_no_other_sessions() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let session = Stat::read(std::process::id()).unwrap().session;
        assert_eq!(of_port(port, session), Owner::Release);
        assert!(ports_of(session).contains(&port));
        // No session has this number, so the same socket is somebody else's to it.
        let other = of_port(port, u32::MAX);
        assert!(
            matches!(&other, Owner::Other(who) if who.contains(&std::process::id().to_string())),
            "{other:?}"
        );
        drop(listener);
        assert_eq!(of_port(port, session), Owner::Nobody);
    }

    #[test]
    fn the_closest_address_answers() {
        let line = |address: &str, inode: u32| {
            format!(
                "0: {address}:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 {inode} 1"
            )
        };
        let wide = parse_line(&line("00000000", 1)).unwrap();
        let local = format!("{:08X}", u32::from_ne_bytes([127, 0, 0, 1]));
        let close = parse_line(&line(&local, 2)).unwrap();
        let elsewhere = parse_line(&line("0A00000A", 3)).unwrap();
        assert_eq!(wide, Listener { closeness: 2, port: 8_080, uid: 1_000, inode: 1 });
        assert_eq!(answering(&[wide, close, elsewhere], 8_080), Some(close));
        assert_eq!(answering(&[elsewhere], 8_080), None);
        assert_eq!(parse_line(&line("00000000", 4).replace(" 0A ", " 01 ")), None);
    }
}
