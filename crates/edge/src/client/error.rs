use std::borrow::Cow;
use std::ops::Deref;
use std::path::PathBuf;
use std::time::Duration;
use std::{error, fmt, io};

use handover_core::{Hint, Retry};
use handover_traffic::BoxError;

use crate::api::{ApiError, ApiErrorKind};

/// Why a call to the agent, or to an edge of its own, brought no answer, or not the wished one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Nobody answers there. Nothing was sent.
    #[error("no {} answers at {at}", at.kind())]
    Unreachable {
        /// Where it was looked for.
        at: Place,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The request was sent, the answer never came or made no sense: it may have happened.
    #[error("{call} was not confirmed{}", if source.is_none() { format!(" within {after:?}") } else { String::new() })]
    Unconfirmed {
        /// Method and path.
        call: String,
        /// How long was waited.
        after: Duration,
        /// What broke, where known.
        #[source]
        source: Option<BoxError>,
    },
    /// The agent said no. Nothing changed.
    #[error(transparent)]
    Api(#[from] Refusal),
}

impl ClientError {
    /// What a caller may do next; every variant has exactly one answer.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Unreachable { .. } => Retry::After(RESTART_PAUSE),
            Self::Unconfirmed { .. } => Retry::AfterReadBack,
            Self::Api(refusal) => match refusal.kind {
                ApiErrorKind::Failed => Retry::After(FAILED_PAUSE),
                ApiErrorKind::Conflict { .. }
                | ApiErrorKind::Fenced { .. }
                | ApiErrorKind::Held { .. }
                | ApiErrorKind::Refused
                | ApiErrorKind::NotFound => Retry::Never,
            },
        }
    }

    /// What kind of refusal it was, where the agent answered.
    pub fn kind(&self) -> Option<&ApiErrorKind> {
        match self {
            Self::Api(refusal) => Some(&refusal.kind),
            Self::Unreachable { .. } | Self::Unconfirmed { .. } => None,
        }
    }
}

/// Where an agent, or an edge of its own, is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// An agent's socket.
    Socket(PathBuf),
    /// An edge's admin side.
    Address(String),
}

impl Place {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Socket(_) => "agent",
            Self::Address(_) => "edge",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => path.display().fmt(f),
            Self::Address(url) => f.write_str(url),
        }
    }
}

/// Long enough for a restarted agent to listen again.
const RESTART_PAUSE: Duration = Duration::from_millis(200);

/// The agent's own trouble (a full disk, say) seldom passes faster than a person acts.
const FAILED_PAUSE: Duration = Duration::from_secs(1);

impl From<ApiError> for ClientError {
    fn from(error: ApiError) -> Self {
        Self::Api(error.into())
    }
}

impl Hint for ClientError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Unreachable { at: Place::Socket(_), .. } => {
                Some("`handover agent run` starts the agent".into())
            }
            Self::Unreachable { at: Place::Address(_), .. } => {
                Some("check its address, and that the edge runs there".into())
            }
            Self::Unconfirmed { .. } => Some("`handover status` shows what is in force now".into()),
            Self::Api(refusal) => match refusal.kind {
                ApiErrorKind::Conflict { .. } => {
                    Some("run `handover status` to see who moved it, then plan again".into())
                }
                ApiErrorKind::Fenced { .. } => {
                    Some("run `handover lease show` to see who holds the lease now".into())
                }
                ApiErrorKind::Held { .. } => Some(
                    "`handover status --watch` follows it; `handover lease take-over` takes it over".into(),
                ),
                ApiErrorKind::Failed => {
                    Some("the agent's log has more; `handover doctor` checks the disk".into())
                }
                ApiErrorKind::Refused | ApiErrorKind::NotFound => None,
            },
        }
    }
}

/// What the agent said when it said no; reads like the [`ApiError`] it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    error: Box<ApiError>,
    cause: Option<Cause>,
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        let cause = Cause::chain(&error.causes);
        Self { error: Box::new(error), cause }
    }
}

impl Deref for Refusal {
    type Target = ApiError;

    fn deref(&self) -> &ApiError {
        &self.error
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.message)
    }
}

impl error::Error for Refusal {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

/// One cause the agent named, and the one under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    message: String,
    under: Option<Box<Self>>,
}

impl Cause {
    /// The causes, outermost first, as a chain; `None` for none.
    pub fn chain(causes: &[String]) -> Option<Self> {
        let (first, rest) = causes.split_first()?;
        Some(Self { message: first.clone(), under: Self::chain(rest).map(Box::new) })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for Cause {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.under.as_deref().map(|cause| cause as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_causes_an_agent_names_come_back_as_a_chain() {
        let error = ClientError::from(ApiError {
            kind: ApiErrorKind::Failed,
            message: "the state could not be saved".into(),
            causes: vec!["cannot write agent.json".into(), "no space left on device".into()],
        });
        let mut said = vec![error.to_string()];
        let mut cause = error::Error::source(&error);
        while let Some(under) = cause {
            said.push(under.to_string());
            cause = under.source();
        }
        insta::assert_snapshot!(said.join("\n"), @r"
        the state could not be saved
        cannot write agent.json
        no space left on device
        ");
        assert_eq!(error.retry(), Retry::After(FAILED_PAUSE));
    }
}
