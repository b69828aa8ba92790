//! What the platform answers, as far as it is of use here. Fields that are not named are passed over.

mod deployment;
mod project;
mod rolling;
mod words;

use serde::{Deserialize, Deserializer};

pub use deployment::{Deployment, Event, Link, Source};
pub use project::{Alias, AliasRequest, Domain, FailedAlias, Production, Project};
pub(crate) use project::{Aliases, Domains};
pub(crate) use rolling::Wrapped;
pub use rolling::{Billing, ConfigStage, Named, RollingConfig, RollingRelease, Stage};
pub use words::{BillingReason, JobKind, JobStatus, ReadyState, RollingState, Substate};

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The login name.
    pub username: String,
    /// Where mail reaches them.
    pub email: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WhoAmI {
    pub(crate) user: User,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Deployments {
    pub(crate) deployments: Vec<Deployment>,
    #[serde(default)]
    pub(crate) pagination: Option<Pagination>,
}

/// Where the next page begins.
#[derive(Debug, Deserialize)]
pub(crate) struct Pagination {
    #[serde(default)]
    next: Option<f64>,
}

impl Pagination {
    pub(crate) fn next(&self) -> Option<u64> {
        self.next.map(whole)
    }
}

/// What every refusal carries.
#[derive(Debug, Deserialize)]
pub(crate) struct Failure {
    pub(crate) error: Fault,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Fault {
    #[serde(default)]
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) message: String,
}

/// The platform's numbers are JavaScript's.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970, or 0")]
fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}

fn millis<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    f64::deserialize(from).map(whole)
}
