use std::time::Duration;

use crate::BoxError;
use crate::control::Token;

/// Where Railway's public interface is.
const BASE: &str = "https://backboard.railway.com/graphql/v2";
/// Faster polling than this would use up the quota of a small plan: 1 s is 3,600 an hour of 1,000.
const LEAST_POLL: Duration = Duration::from_secs(5);

/// Which service of which project, and how to get at it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RailwayOptions {
    /// The address of the GraphQL interface; subscriptions use the same one.
    pub base: String,
    /// The project's id.
    pub project: String,
    /// The environment's id.
    pub environment: String,
    /// The service's id.
    pub service: String,
    /// The credential.
    pub token: RailwayToken,
    /// Bounds and paces.
    pub limits: RailwayLimits,
}

/// A credential, by its kind: Railway wants each in a header of its own.
#[derive(Debug, Clone)]
pub enum RailwayToken {
    /// A project token, good for one environment (`Project-Access-Token`).
    Project(Token),
    /// A token of an account or a workspace (`Authorization: Bearer`).
    Account(Token),
}

/// Bounds and paces.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RailwayLimits {
    /// For one request. 30 s, as Railway's own client.
    pub request: Duration,
    /// For one deployment from asking to active: build, health check (Railway's own default is 300 s), overlap. 30 min.
    pub deploy: Duration,
    /// Between two looks where the subscription does not work; a little is added at random. 5 s, which is also the least
    /// that an address of HTTPS is asked.
    pub poll: Duration,
    /// How long a deployment that was asked for without an answer may stay out of the list before it counts as never
    /// made. 15 s.
    pub settle: Duration,
    /// What one step of a change has read is good for the next step of it for so long. 1 s.
    pub fresh: Duration,
    /// How many of a failed deployment's last lines are shown.
    pub lines: usize,
}

impl Default for RailwayLimits {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(30),
            deploy: Duration::from_mins(30),
            poll: LEAST_POLL,
            settle: Duration::from_secs(15),
            fresh: Duration::from_secs(1),
            lines: 10,
        }
    }
}

impl RailwayOptions {
    /// This service, at Railway's own address, with the limits of [`RailwayLimits::default`].
    pub fn new(
        project: impl Into<String>,
        environment: impl Into<String>,
        service: impl Into<String>,
        token: RailwayToken,
    ) -> Self {
        let (project, environment, service) = (project.into(), environment.into(), service.into());
        let limits = RailwayLimits::default();
        Self { base: BASE.to_owned(), project, environment, service, token, limits }
    }

    /// At another address: a stand-in, or a proxy.
    #[must_use]
    pub fn with_base(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// With other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: RailwayLimits) -> Self {
        self.limits = limits;
        self
    }

    /// For another service of the same environment.
    #[must_use]
    pub fn for_service(&self, service: impl Into<String>) -> Self {
        Self { service: service.into(), ..self.clone() }
    }

    /// Names the field at fault, before anything is sent.
    pub(crate) fn validate(&mut self) -> Result<(), BoxError> {
        let named =
            [("project", &self.project), ("environment", &self.environment), ("service", &self.service)];
        if let Some((field, _)) = named.iter().find(|(_, id)| id.trim().is_empty()) {
            return Err(format!("no {field} is named for Railway").into());
        }
        if self.base.starts_with("https:") {
            self.limits.poll = self.limits.poll.max(LEAST_POLL);
        }
        Ok(())
    }
}
