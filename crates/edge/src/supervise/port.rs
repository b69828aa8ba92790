//! A port for an instance.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};

/// Above the system's own services and below what the system hands out for outgoing connections: a port from there
/// could be taken, by the proxy's own connections for one, between being chosen here and being listened on.
const LOWEST: u16 = 10_000;

/// Tries before a port of the system's choice is taken.
const TRIES: u32 = 200;

/// A port of 127.0.0.1 that nobody listens on and that is not in `taken`.
pub(super) fn free_port(taken: &[u16]) -> std::io::Result<u16> {
    let range = LOWEST..first_ephemeral().max(LOWEST + 1_000);
    for _ in 0..TRIES {
        let port = fastrand::u16(range.clone());
        if !taken.contains(&port) && is_free(port) {
            return Ok(port);
        }
    }
    let any = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(any.local_addr()?.port())
}

fn is_free(port: u16) -> bool {
    // Both: a listener on every address does not always keep one on the local address from being opened.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        && TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok()
}

fn first_ephemeral() -> u16 {
    let text = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    text.split_whitespace().next().and_then(|first| first.parse().ok()).unwrap_or(32_768)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_not_chosen() {
        let port = free_port(&[]).unwrap();
        let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        assert!(!is_free(port));
        assert!(first_ephemeral() > 1_024);
    }
}
