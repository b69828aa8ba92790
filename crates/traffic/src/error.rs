use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;

use handover_core::{Fence, Hint, Retry};

use crate::{Feature, Revision};

/// A foreign error, boxed so that a dependency's major version is not ours.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Why traffic was not moved, or was not provably moved.
///
/// Each variant answers the first question of an operator: did anything change?
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SwitchError {
    /// Somebody else moved the traffic since it was last read. Nothing changed.
    #[error("traffic was at revision {found}, not {expected}")]
    Conflict {
        /// The revision the change was planned on.
        expected: Revision,
        /// The revision in force.
        found: Revision,
    },
    /// Somebody with a newer lease has acted. Nothing changed.
    #[error("fence {offered} is behind {seen}: somebody with a newer lease has acted")]
    Fenced {
        /// The fence of the change.
        offered: Fence,
        /// The highest fence the backend has seen.
        seen: Fence,
    },
    /// Traffic goes to something that neither slot stands for: somebody else moved it. Nothing changed.
    #[error("{backend} sends traffic neither to blue nor to green, but to {found}")]
    Elsewhere {
        /// Which backend.
        backend: &'static str,
        /// What has the traffic.
        found: String,
    },
    /// The backend cannot express the change. Nothing was sent.
    #[error("{backend} cannot express {feature}")]
    Unsupported {
        /// Which backend.
        backend: &'static str,
        /// What it lacks.
        feature: Feature,
    },
    /// The backend refused. Nothing changed.
    #[error("{backend} refused the change")]
    Refused {
        /// Which backend.
        backend: &'static str,
        /// What it said.
        #[source]
        source: BoxError,
    },
    /// The backend asks for patience. Nothing changed.
    #[error("{backend} asks to wait {}", rounded(*after))]
    Throttled {
        /// Which backend.
        backend: &'static str,
        /// How long.
        after: Duration,
    },
    /// The backend could not be reached. Nothing was sent.
    #[error("{backend} could not be reached")]
    Unreachable {
        /// Which backend.
        backend: &'static str,
        /// Why.
        #[source]
        source: BoxError,
    },
    /// No answer in time: the change may or may not have been made.
    #[error("{backend} did not confirm{}", within(*after))]
    Unconfirmed {
        /// Which backend.
        backend: &'static str,
        /// How long was waited.
        after: Duration,
        /// What broke, where known.
        #[source]
        source: Option<BoxError>,
    },
}

/// How long was waited, where that is why there is no answer.
fn within(after: Duration) -> String {
    if after.is_zero() { String::new() } else { format!(" within {after:?}") }
}

impl SwitchError {
    /// One word for it, the same for ever: for traces, and for programs that are told of errors in JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "conflict",
            Self::Fenced { .. } => "fenced",
            Self::Elsewhere { .. } => "elsewhere",
            Self::Unsupported { .. } => "unsupported",
            Self::Refused { .. } => "refused",
            Self::Throttled { .. } => "throttled",
            Self::Unreachable { .. } => "unreachable",
            Self::Unconfirmed { .. } => "unconfirmed",
        }
    }

    /// What a caller may do next; every variant has exactly one answer.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Unconfirmed { .. } => Retry::AfterReadBack,
            Self::Throttled { after, .. } => Retry::After(*after),
            Self::Unreachable { .. } => Retry::After(UNREACHABLE_PAUSE),
            Self::Conflict { .. }
            | Self::Fenced { .. }
            | Self::Elsewhere { .. }
            | Self::Unsupported { .. }
            | Self::Refused { .. } => Retry::Never,
        }
    }
}

/// Long enough for a restarted backend to listen again (the edge takes milliseconds), short for an operator.
const UNREACHABLE_PAUSE: Duration = Duration::from_millis(200);

impl Hint for SwitchError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Conflict { .. } => {
                Some("run `handover status` to see who moved it, then plan again".into())
            }
            Self::Fenced { .. } => Some("run `handover lease show` to see who holds the lease now".into()),
            Self::Elsewhere { .. } => {
                Some("`handover traffic shift --stable --now` takes it back to the stable release".into())
            }
            Self::Unsupported { feature: Feature::Weight(_), .. } => {
                Some("choose blue-green, or a backend with weighted routing".into())
            }
            Self::Unsupported { feature: Feature::Hold, .. } => {
                Some("plan without a hold, or choose a backend that can keep requests waiting".into())
            }
            Self::Unreachable { .. } => {
                Some("run `handover doctor` to see what answers and what does not".into())
            }
            Self::Unconfirmed { .. } => Some("`handover resume` reads the split back first".into()),
            Self::Refused { .. } | Self::Throttled { .. } => None,
        }
    }
}

/// To the second, where it is longer than a few.
fn rounded(time: Duration) -> String {
    if time < Duration::from_secs(10) { format!("{time:?}") } else { format!("{}s", time.as_secs()) }
}
