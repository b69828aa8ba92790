use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use handover_core::{Hint, Retry};
use serde::{Deserialize, Serialize};

/// What kind of failure a probe met: all that the public may learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProbeClass {
    /// No complete answer before the deadline.
    Timeout,
    /// Nobody listens there.
    Refused,
    /// The connection broke before the answer was complete.
    Reset,
    /// An answer with a status that was not expected.
    Status(u16),
    /// An answer that is not of the protocol asked.
    Protocol,
    /// The credentials were not taken.
    Auth,
    /// No TLS session came about.
    Tls,
    /// It is there, but not yet ready for use: still starting, still loading.
    Unready,
    /// It answered, and refused what was asked.
    Rejected,
    /// Too little is left: of space, of memory, of connections.
    Exhausted,
    /// A program ended with a failure.
    Failed,
    /// The probe itself panicked.
    Panicked,
    /// A good answer, but not from whom it was expected: another release, another process.
    Mismatch,
    /// The name could not be resolved.
    Dns,
    /// An answer larger than a probe is willing to read.
    TooLarge,
    /// Anything else.
    Other,
}

/// Why a probe failed. A probe only asks, so nothing changed.
///
/// It prints as its class, by `Debug` too; [`detail`](Self::detail) may hold addresses, names or messages of others: it is
/// for whoever owns the target.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{class}")]
pub struct ProbeError {
    class: ProbeClass,
    detail: String,
}

/// What a failed probe suggests to wait before the next; a schedule has its own period.
const AGAIN: Duration = Duration::from_secs(1);

impl ProbeClass {
    /// The class as one word, for machines; of a status its first digit.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::Reset => "reset",
            Self::Status(..200) => "status_1xx",
            Self::Status(..300) => "status_2xx",
            Self::Status(..400) => "status_3xx",
            Self::Status(..500) => "status_4xx",
            Self::Status(_) => "status_5xx",
            Self::Protocol => "protocol",
            Self::Auth => "auth",
            Self::Tls => "tls",
            Self::Unready => "unready",
            Self::Rejected => "rejected",
            Self::Exhausted => "exhausted",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::Mismatch => "mismatch",
            Self::Dns => "dns",
            Self::TooLarge => "too_large",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for ProbeClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("no answer in time"),
            Self::Refused => f.write_str("connection refused"),
            Self::Reset => f.write_str("connection closed before the answer was complete"),
            Self::Status(status) => write!(f, "answered {status}"),
            Self::Protocol => f.write_str("the answer is of another protocol"),
            Self::Auth => f.write_str("the credentials were not taken"),
            Self::Tls => f.write_str("no TLS session came about"),
            Self::Unready => f.write_str("not ready yet"),
            Self::Rejected => f.write_str("refused what was asked"),
            Self::Exhausted => f.write_str("too little is left"),
            Self::Failed => f.write_str("the program failed"),
            Self::Panicked => f.write_str("the probe panicked"),
            Self::Mismatch => f.write_str("somebody else answered"),
            Self::Dns => f.write_str("the name does not resolve"),
            Self::TooLarge => f.write_str("the answer is too large"),
            Self::Other => f.write_str("the probe failed"),
        }
    }
}

impl ProbeError {
    /// A failure of this class; `detail` is kept from the public.
    pub fn new(class: ProbeClass, detail: impl Into<String>) -> Self {
        Self { class, detail: detail.into() }
    }

    /// A failure of no known class, with what somebody's error says: for a probe of one's own.
    pub fn other(error: impl fmt::Display) -> Self {
        Self::new(ProbeClass::Other, error.to_string())
    }

    /// What kind of failure; safe to publish.
    pub const fn class(&self) -> ProbeClass {
        self.class
    }

    /// What exactly happened, for whoever owns the target; it may hold what the public must not see.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Whether the target says of itself that it wants no traffic now: a 503, which needs no second opinion.
    pub const fn unready_now(&self) -> bool {
        matches!(self.class, ProbeClass::Status(503))
    }

    /// What a caller may do next: ask again, since asking changes nothing.
    pub const fn retry(&self) -> Retry {
        match self.class {
            ProbeClass::Timeout
            | ProbeClass::Refused
            | ProbeClass::Reset
            | ProbeClass::Status(_)
            | ProbeClass::Protocol
            | ProbeClass::Auth
            | ProbeClass::Tls
            | ProbeClass::Unready
            | ProbeClass::Rejected
            | ProbeClass::Exhausted
            | ProbeClass::Failed
            | ProbeClass::Panicked
            | ProbeClass::Mismatch
            | ProbeClass::Dns
            | ProbeClass::TooLarge
            | ProbeClass::Other => Retry::After(AGAIN),
        }
    }
}

impl fmt::Debug for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ProbeError").field(&self.class).finish()
    }
}

impl Hint for ProbeError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self.class {
            ProbeClass::Refused => {
                Some("the service has to listen on `$HOST` and `$PORT` as it was given them".into())
            }
            ProbeClass::Status(404) => Some("check the path: `health.path`".into()),
            ProbeClass::Status(401 | 403) => Some("a probe has no credentials: exempt `health.path`".into()),
            ProbeClass::Protocol => Some("the port has to speak plain HTTP/1.1, without TLS".into()),
            ProbeClass::Mismatch => Some("see who listens: `ss -ltnp`".into()),
            ProbeClass::TooLarge => Some("point `health.path` at something small".into()),
            ProbeClass::Timeout
            | ProbeClass::Reset
            | ProbeClass::Status(_)
            | ProbeClass::Auth
            | ProbeClass::Tls
            | ProbeClass::Unready
            | ProbeClass::Rejected
            | ProbeClass::Exhausted
            | ProbeClass::Failed
            | ProbeClass::Panicked
            | ProbeClass::Dns
            | ProbeClass::Other => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_a_word_a_message_and_perhaps_a_hint() {
        let classes = [
            ProbeClass::Timeout,
            ProbeClass::Refused,
            ProbeClass::Reset,
            ProbeClass::Status(404),
            ProbeClass::Status(500),
            ProbeClass::Status(403),
            ProbeClass::Protocol,
            ProbeClass::Auth,
            ProbeClass::Tls,
            ProbeClass::Unready,
            ProbeClass::Rejected,
            ProbeClass::Exhausted,
            ProbeClass::Failed,
            ProbeClass::Panicked,
            ProbeClass::Mismatch,
            ProbeClass::Dns,
            ProbeClass::TooLarge,
            ProbeClass::Other,
        ];
        let line = |class: ProbeClass| {
            let error = ProbeError::new(class, "user:secret@10.0.0.1");
            let hint = error.hint().map_or_else(|| "-".into(), Cow::into_owned);
            assert!(!format!("{error:?}{error:#?}").contains("secret"));
            format!("{} | {error} | {hint}", class.as_str())
        };
        insta::assert_snapshot!(classes.map(line).join("\n"), @"
        timeout | no answer in time | -
        refused | connection refused | the service has to listen on `$HOST` and `$PORT` as it was given them
        reset | connection closed before the answer was complete | -
        status_4xx | answered 404 | check the path: `health.path`
        status_5xx | answered 500 | -
        status_4xx | answered 403 | a probe has no credentials: exempt `health.path`
        protocol | the answer is of another protocol | the port has to speak plain HTTP/1.1, without TLS
        auth | the credentials were not taken | -
        tls | no TLS session came about | -
        unready | not ready yet | -
        rejected | refused what was asked | -
        exhausted | too little is left | -
        failed | the program failed | -
        panicked | the probe panicked | -
        mismatch | somebody else answered | see who listens: `ss -ltnp`
        dns | the name does not resolve | -
        too_large | the answer is too large | point `health.path` at something small
        other | the probe failed | -
        ");
    }
}
