//! HAProxy's weights as it says itself, read by hand and not through the switcher.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use handover_traffic::testkit::Weighed;

use super::rig::by_hand;

/// Reads the weights when asked to, and counts the times that no server had any.
pub(super) struct Scales {
    socket: PathBuf,
    looks: AtomicU64,
    dark: AtomicU64,
}

impl Scales {
    pub(super) fn new(socket: PathBuf) -> Self {
        Self { socket, looks: AtomicU64::new(0), dark: AtomicU64::new(0) }
    }

    /// Does not count where HAProxy is not there to be asked.
    pub(super) fn look(&self) {
        let Ok(table) = by_hand(&self.socket, "show servers state app") else { return };
        self.looks.fetch_add(1, Ordering::Relaxed);
        if !table.lines().any(gets_requests) {
            self.dark.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn weighed(&self) -> Weighed {
        Weighed { looks: self.looks.load(Ordering::Relaxed), dark: self.dark.load(Ordering::Relaxed) }
    }
}

/// Whether a line is of a server with weight, in neither maintenance nor drain.
fn gets_requests(line: &str) -> bool {
    let cells: Vec<&str> = line.split(' ').collect();
    cells.get(6) == Some(&"0")
        && cells.get(7).is_some_and(|weight| weight.parse::<u32>().is_ok_and(|w| w > 0))
}
