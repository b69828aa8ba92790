//! The agent's "no", built where it is decided.

use std::error::Error;

use handover_core::{Fence, RunId, Timestamp};
use handover_traffic::SwitchError;

use crate::ReleaseError;
use crate::api::{ApiError, ApiErrorKind, LeaseView};
use crate::state::StateError;

/// An [`ApiError`] on its way out; boxed, because it is larger than most answers.
#[derive(Debug, Clone)]
pub(crate) struct Denied(Box<ApiError>);

impl Denied {
    fn new(kind: ApiErrorKind, message: impl Into<String>, causes: Vec<String>) -> Self {
        Self(Box::new(ApiError { kind, message: message.into(), causes }))
    }

    /// The request makes no sense, or not now.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(ApiErrorKind::Refused, message, Vec::new())
    }

    /// The request makes no sense, and why.
    pub(crate) fn refused_because(message: impl Into<String>, cause: &(dyn Error + 'static)) -> Self {
        Self::new(ApiErrorKind::Refused, message, chain(cause))
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(ApiErrorKind::NotFound, message, Vec::new())
    }

    /// The agent's own trouble.
    pub(crate) fn failed(message: impl Into<String>, cause: &(dyn Error + 'static)) -> Self {
        Self::new(ApiErrorKind::Failed, message, chain(cause))
    }

    pub(crate) fn fenced(offered: Fence, seen: Fence) -> Self {
        let message = format!("fence {offered} is behind {seen}: somebody with a newer lease has acted");
        Self::new(ApiErrorKind::Fenced { offered, seen }, message, Vec::new())
    }

    pub(crate) fn held(
        message: String,
        lease: Option<LeaseView>,
        run: Option<RunId>,
        since: Timestamp,
    ) -> Self {
        Self::new(ApiErrorKind::Held { lease, run, since }, message, Vec::new())
    }

    pub(crate) fn into_inner(self) -> ApiError {
        *self.0
    }
}

impl From<StateError> for Denied {
    fn from(error: StateError) -> Self {
        let causes = error.source().map(chain).unwrap_or_default();
        Self::new(ApiErrorKind::Failed, error.to_string(), causes)
    }
}

impl From<ReleaseError> for Denied {
    fn from(error: ReleaseError) -> Self {
        let kind = match error {
            ReleaseError::NotFound { .. } => ApiErrorKind::NotFound,
            _ => ApiErrorKind::Refused,
        };
        let causes = error.source().map(chain).unwrap_or_default();
        Self::new(kind, error.to_string(), causes)
    }
}

impl From<SwitchError> for Denied {
    fn from(error: SwitchError) -> Self {
        let kind = match error {
            SwitchError::Conflict { expected, found } => ApiErrorKind::Conflict { expected, found },
            SwitchError::Fenced { offered, seen } => ApiErrorKind::Fenced { offered, seen },
            _ => ApiErrorKind::Refused,
        };
        // What the edge refused is said by its own cause; that the edge refused it is the status code.
        let (message, causes) = match (&error, error.source()) {
            (SwitchError::Refused { .. }, Some(cause)) => {
                (cause.to_string(), cause.source().map(chain).unwrap_or_default())
            }
            (_, cause) => (error.to_string(), cause.map(chain).unwrap_or_default()),
        };
        Self::new(kind, message, causes)
    }
}

/// The error and everything under it, outermost first.
fn chain(error: &(dyn Error + 'static)) -> Vec<String> {
    std::iter::successors(Some(error), |&e| e.source()).map(ToString::to_string).collect()
}
