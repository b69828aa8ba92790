//! How much memory is in use: of this process's group, where it is limited, or of the machine.

mod cgroup;
mod meminfo;
mod probe;

pub use self::probe::MemoryProbe;

/// Bytes in use, out of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Usage {
    used: u64,
    of: u64,
}

impl Usage {
    /// Rounded down.
    fn percent(self) -> u64 {
        u64::try_from(u128::from(self.used) * 100 / u128::from(self.of.max(1))).unwrap_or(u64::MAX)
    }
}
