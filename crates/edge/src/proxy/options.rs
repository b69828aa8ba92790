//! How a proxy is set up, and what is refused before it starts.

use std::path::PathBuf;
use std::time::Duration;

use http::header::{HeaderName, HeaderValue};

use super::log::AccessLog;
use super::secret::Secret;
use super::sticky::Key;

/// Which users stay on the slot they were first sent to, while the split allows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sticky {
    /// Each request is drawn anew.
    #[default]
    None,
    /// By a cookie, which the proxy gives to whoever has none.
    Cookie {
        /// The cookie's name.
        name: String,
    },
    /// By a header that the client sends (a user id, say); requests without it are drawn anew.
    Header {
        /// The header's name.
        name: String,
    },
}

/// How large a request may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of request line and headers; above: 431. Default 32 KiB.
    pub header_bytes: usize,
    /// Number of header lines; above: 431. Default 100.
    pub headers: usize,
    /// Bytes of a request's body; above: 413. No limit by default: the release knows its uploads better.
    pub body_bytes: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { header_bytes: 32 * 1024, headers: 100, body_bytes: None }
    }
}

/// How long each thing may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// From the first byte of a request's head to its last; then the connection is closed. Default 10 s.
    pub client_header: Duration,
    /// A client connection without a request; then it is closed. Default 75 s.
    pub client_idle: Duration,
    /// Connecting to an instance; then 504. Default 2 s.
    pub connect: Duration,
    /// From the end of the request to the head of the answer; then 504. Default 60 s.
    pub response_header: Duration,
    /// Without a byte of a body in either direction; then the request is given up. Default 60 s.
    pub body_idle: Duration,
    /// A connection kept open to an instance; below the 5 s after which many servers close theirs. Default 4 s.
    pub pool_idle: Duration,
    /// When stopping: how long idle clients may still send a request, and learn by its answer. Default 2 s.
    pub stop_idle: Duration,
    /// When stopping: how long everything else may go on. Default 30 s.
    pub stop: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            client_header: Duration::from_secs(10),
            client_idle: Duration::from_secs(75),
            connect: Duration::from_secs(2),
            response_header: Duration::from_mins(1),
            body_idle: Duration::from_mins(1),
            pool_idle: Duration::from_secs(4),
            stop_idle: Duration::from_secs(2),
            stop: Duration::from_secs(30),
        }
    }
}

/// A log of one JSON object per request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessLogOptions {
    /// The file; created, then appended to. Rotated, it is kept as `<path>.1`.
    pub path: PathBuf,
    /// Rotated at this many bytes. Default 64 MiB.
    pub cap: u64,
}

impl AccessLogOptions {
    /// A log in this file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), cap: 64 * 1024 * 1024 }
    }

    /// Rotated at this many bytes instead.
    #[must_use]
    pub const fn with_cap(mut self, cap: u64) -> Self {
        self.cap = cap;
        self
    }
}

/// How a proxy behaves; everything has a default that suits one service on one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxyOptions {
    /// Which users stay together.
    pub sticky: Sticky,
    /// Whether every answer names its release in `handover-release`; pinned requests and probes always learn it.
    pub release_header: bool,
    /// What a request must carry in `handover-probe` (32 hexadecimal digits) to be routed as a user's, learn its
    /// release, and be counted nowhere. `None`: nothing is a probe.
    pub probe_secret: Option<String>,
    /// Whether `X-Forwarded-Host` and `X-Forwarded-Proto` of the client are believed: only behind a proxy of your
    /// own. `X-Forwarded-For` is appended to either way.
    pub trust_forwarded: bool,
    /// Added as `Via: 1.1 <name>` in both directions.
    pub via: Option<String>,
    /// How long after the start a request waits for a slot whose targets are not known yet. Default 10 s.
    pub ready_gate: Duration,
    /// How many requests may wait, held or at the ready gate; above: 503. Default 10,000.
    pub max_waiting: usize,
    /// How large a request may be.
    pub limits: Limits,
    /// How long each thing may take.
    pub timeouts: Timeouts,
    /// Where requests are logged; `None`: nowhere.
    pub access_log: Option<AccessLogOptions>,
}

impl Default for ProxyOptions {
    fn default() -> Self {
        Self {
            sticky: Sticky::default(),
            release_header: false,
            probe_secret: None,
            trust_forwarded: false,
            via: None,
            ready_gate: Duration::from_secs(10),
            max_waiting: 10_000,
            limits: Limits::default(),
            timeouts: Timeouts::default(),
            access_log: None,
        }
    }
}

macro_rules! with {
    ($($(#[$doc:meta])* $with:ident: $field:ident, $type:ty),* $(,)?) => {
        impl ProxyOptions {
            $($(#[$doc])*
            #[must_use]
            pub fn $with(mut self, value: $type) -> Self {
                self.$field = value;
                self
            })*
        }
    };
}

with! {
    /// Sets [`ProxyOptions::sticky`].
    with_sticky: sticky, Sticky,
    /// Sets [`ProxyOptions::release_header`].
    with_release_header: release_header, bool,
    /// Sets [`ProxyOptions::probe_secret`].
    with_probe_secret: probe_secret, Option<String>,
    /// Sets [`ProxyOptions::trust_forwarded`].
    with_trust_forwarded: trust_forwarded, bool,
    /// Sets [`ProxyOptions::via`].
    with_via: via, Option<String>,
    /// Sets [`ProxyOptions::ready_gate`].
    with_ready_gate: ready_gate, Duration,
    /// Sets [`ProxyOptions::max_waiting`].
    with_max_waiting: max_waiting, usize,
    /// Sets [`ProxyOptions::limits`].
    with_limits: limits, Limits,
    /// Sets [`ProxyOptions::timeouts`].
    with_timeouts: timeouts, Timeouts,
    /// Sets [`ProxyOptions::access_log`].
    with_access_log: access_log, Option<AccessLogOptions>,
}

/// Why a proxy could not be set up. Nothing was started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// A field's value makes no sense.
    #[error("{field} {because}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        because: &'static str,
    },
    /// The access log could not be opened.
    #[error("could not open the access log {}", path.display())]
    AccessLog {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The options in the form that the request path reads.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) key: Key,
    pub(super) release_header: bool,
    pub(super) probe: Option<Secret>,
    pub(super) trust_forwarded: bool,
    pub(super) via: Option<HeaderValue>,
    pub(super) ready_gate: Duration,
    pub(super) max_waiting: usize,
    pub(super) limits: Limits,
    pub(super) timeouts: Timeouts,
    pub(super) log: Option<AccessLog>,
}

impl Settings {
    pub(super) fn new(options: ProxyOptions) -> Result<Self, OptionsError> {
        check(&options.limits, &options.timeouts)?;
        Ok(Self {
            key: key(options.sticky)?,
            release_header: options.release_header,
            probe: options.probe_secret.map(|text| probe(&text)).transpose()?,
            trust_forwarded: options.trust_forwarded,
            via: options.via.map(|name| via(&name)).transpose()?,
            ready_gate: options.ready_gate,
            max_waiting: options.max_waiting,
            limits: options.limits,
            timeouts: options.timeouts,
            // Last, since it is the only one that leaves something behind.
            log: options.access_log.as_ref().map(AccessLog::open).transpose()?,
        })
    }
}

const fn invalid<T>(field: &'static str, because: &'static str) -> Result<T, OptionsError> {
    Err(OptionsError::Invalid { field, because })
}

fn check(limits: &Limits, timeouts: &Timeouts) -> Result<(), OptionsError> {
    if limits.header_bytes < 1024 || limits.header_bytes > 1024 * 1024 {
        return invalid("limits.header_bytes", "is not between 1 KiB and 1 MiB");
    }
    if limits.headers == 0 || limits.headers > 10_000 {
        return invalid("limits.headers", "is not between 1 and 10000");
    }
    let all = [
        ("timeouts.client_header", timeouts.client_header),
        ("timeouts.client_idle", timeouts.client_idle),
        ("timeouts.connect", timeouts.connect),
        ("timeouts.response_header", timeouts.response_header),
        ("timeouts.body_idle", timeouts.body_idle),
    ];
    match all.into_iter().find(|(_, time)| time.is_zero() || *time > LONGEST) {
        Some((field, _)) => invalid(field, "is not between 1 ns and 7 days"),
        None => Ok(()),
    }
}

/// Longer than any sensible time-out; far from what a clock cannot add.
const LONGEST: Duration = Duration::from_hours(7 * 24);

fn key(sticky: Sticky) -> Result<Key, OptionsError> {
    match sticky {
        Sticky::None => Ok(Key::None),
        Sticky::Header { name } => match HeaderName::try_from(name) {
            Ok(name) => Ok(Key::Header(name)),
            Err(_) => invalid("sticky.header", "is not a header name"),
        },
        // A cookie's name is a token, as a header's is.
        Sticky::Cookie { name } => match HeaderName::try_from(name.as_str()) {
            Ok(_) => Ok(Key::Cookie(name)),
            Err(_) => invalid("sticky.cookie", "is not a cookie name"),
        },
    }
}

fn probe(text: &str) -> Result<Secret, OptionsError> {
    match Secret::parse(text.as_bytes()) {
        Some(secret) => Ok(secret),
        None => invalid("probe_secret", "is not 32 hexadecimal digits"),
    }
}

fn via(name: &str) -> Result<HeaderValue, OptionsError> {
    match HeaderValue::try_from(format!("1.1 {name}")) {
        Ok(value) if !name.is_empty() && !name.contains([' ', ',']) => Ok(value),
        _ => invalid("via", "is not a host name or a pseudonym"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(options: ProxyOptions) -> String {
        Settings::new(options).unwrap_err().to_string()
    }

    #[test]
    fn a_value_that_makes_no_sense_is_named() {
        let plain = ProxyOptions::default;
        insta::assert_snapshot!(refused(plain().with_sticky(Sticky::Cookie { name: "a b".into() })), @"sticky.cookie is not a cookie name");
        insta::assert_snapshot!(refused(plain().with_sticky(Sticky::Header { name: String::new() })), @"sticky.header is not a header name");
        insta::assert_snapshot!(refused(plain().with_probe_secret(Some("short".into()))), @"probe_secret is not 32 hexadecimal digits");
        insta::assert_snapshot!(refused(plain().with_via(Some("a\nb".into()))), @"via is not a host name or a pseudonym");
        let timeouts = Timeouts { connect: Duration::ZERO, ..Timeouts::default() };
        insta::assert_snapshot!(refused(plain().with_timeouts(timeouts)), @"timeouts.connect is not between 1 ns and 7 days");
        let limits = Limits { header_bytes: 10, ..Limits::default() };
        insta::assert_snapshot!(refused(plain().with_limits(limits)), @"limits.header_bytes is not between 1 KiB and 1 MiB");
    }

    #[test]
    fn a_log_that_cannot_be_opened_is_named() {
        let options = ProxyOptions::default().with_access_log(Some(AccessLogOptions::new("/nowhere/at/all")));
        insta::assert_snapshot!(refused(options), @"could not open the access log /nowhere/at/all");
    }
}
