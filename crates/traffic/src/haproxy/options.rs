use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use handover_core::BySlot;

/// Where HAProxy takes commands; a `stats socket` of level `admin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuntimeSocket {
    /// At a Unix socket: `stats socket /run/haproxy/admin.sock level admin`.
    Unix(PathBuf),
    /// At an address: `stats socket ipv4@127.0.0.1:9999 level admin`.
    Tcp(SocketAddr),
}

impl fmt::Display for RuntimeSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => path.display().fmt(f),
            Self::Tcp(address) => address.fmt(f),
        }
    }
}

/// Which servers of which backend are which slot.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct HaproxyOptions {
    /// Where commands go.
    pub socket: RuntimeSocket,
    /// The backend.
    pub backend: String,
    /// The names of each slot's servers in it.
    pub servers: BySlot<Vec<String>>,
    /// What HAProxy loads when it starts again; written with each change.
    pub state_file: Option<PathBuf>,
    /// The configuration has a rule by which a request can name its slot.
    pub pinned: bool,
    /// For one command; 2 s by default.
    pub timeout: Duration,
    /// How long HAProxy's own health check may take to find a release that has just come up; 6 s by default, since its
    /// checks are 2 s apart by default and one may be missed.
    pub check_patience: Duration,
}

/// Options that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HaproxyOptionsError {
    /// A slot would be more than its weight.
    #[error("blue has {blue} servers and green {green}: a share is only exact where both have as many")]
    Uneven {
        /// Blue's servers.
        blue: usize,
        /// Green's servers.
        green: usize,
    },
    /// A slot without servers.
    #[error("neither slot may be without a server")]
    Empty,
    /// The Runtime API takes its commands apart at spaces, semicolons and line ends.
    #[error("`{0}` is no name of a backend or a server")]
    Name(String),
}

impl HaproxyOptions {
    /// Servers of one backend.
    ///
    /// # Errors
    ///
    /// [`HaproxyOptionsError`]: names that cannot be sent, or slots of different size.
    pub fn new(
        socket: RuntimeSocket,
        backend: impl Into<String>,
        servers: BySlot<Vec<String>>,
    ) -> Result<Self, HaproxyOptionsError> {
        let backend = backend.into();
        let names = servers.blue.iter().chain(&servers.green).chain([&backend]);
        if let Some(bad) = names.into_iter().find(|name| !is_name(name)) {
            return Err(HaproxyOptionsError::Name(bad.clone()));
        }
        match (servers.blue.len(), servers.green.len()) {
            (0, _) | (_, 0) => Err(HaproxyOptionsError::Empty),
            (blue, green) if blue != green => Err(HaproxyOptionsError::Uneven { blue, green }),
            _ => Ok(Self {
                socket,
                backend,
                servers,
                state_file: None,
                pinned: false,
                timeout: Duration::from_secs(2),
                check_patience: Duration::from_secs(6),
            }),
        }
    }

    /// Writes this file with each change.
    #[must_use]
    pub fn with_state_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.state_file = Some(file.into());
        self
    }

    /// Says that the configuration has a pin rule.
    #[must_use]
    pub const fn with_pin(mut self) -> Self {
        self.pinned = true;
        self
    }

    /// Waits so long for HAProxy's health check to find a release.
    #[must_use]
    pub const fn with_check_patience(mut self, patience: Duration) -> Self {
        self.check_patience = patience;
        self
    }

    /// Waits so long for one command's answer.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

/// As HAProxy's own configuration has it: letters, digits and `-_.:`.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(backend: &str, blue: &[&str], green: &[&str]) -> HaproxyOptionsError {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let servers = BySlot { blue: names(blue), green: names(green) };
        HaproxyOptions::new(RuntimeSocket::Unix("/s".into()), backend, servers).unwrap_err()
    }

    #[test]
    fn what_cannot_be_meant_is_said() {
        insta::assert_snapshot!(with("app", &["b1", "b2"], &["g"]), @"blue has 2 servers and green 1: a share is only exact where both have as many");
        insta::assert_snapshot!(with("app", &[], &[]), @"neither slot may be without a server");
        insta::assert_snapshot!(with("app", &["b"], &["g weight 1;"]), @"`g weight 1;` is no name of a backend or a server");
        insta::assert_snapshot!(with("", &["b"], &["g"]), @"`` is no name of a backend or a server");
    }
}
