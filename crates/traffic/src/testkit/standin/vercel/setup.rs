use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// What the account pays for; it decides who may have rolling releases, and how far back a rollback may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// No rolling releases; back to the last production deployment only.
    Hobby,
    /// Rolling releases for this many projects.
    Pro {
        /// How many projects may have them.
        slots: usize,
    },
    /// Rolling releases for all.
    Enterprise,
}

/// What the stand-in has when it starts.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct VercelSetup {
    /// Where it listens; port 0 is any free one.
    pub listen: SocketAddr,
    /// The one token that it knows.
    pub token: String,
    /// The slug of the one team; `None` for a personal account.
    pub team: Option<String>,
    /// Names of projects. Each has a production domain, `NAME.example`, and `www.NAME.example`.
    pub projects: Vec<String>,
    /// The plan.
    pub plan: Plan,
    /// How long a build takes.
    pub build: Duration,
    /// How long a job takes that moves aliases.
    pub job: Duration,
    /// How many requests a minute; beyond that it answers 429.
    pub quota: Option<u32>,
}

impl Default for VercelSetup {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            token: "standintoken".to_owned(),
            team: Some("my-team".to_owned()),
            projects: vec!["shop".to_owned()],
            plan: Plan::Enterprise,
            build: Duration::ZERO,
            job: Duration::ZERO,
            quota: None,
        }
    }
}

impl VercelSetup {
    /// With these delays.
    #[must_use]
    pub const fn with_delays(mut self, build: Duration, job: Duration) -> Self {
        (self.build, self.job) = (build, job);
        self
    }

    /// On this plan.
    #[must_use]
    pub const fn with_plan(mut self, plan: Plan) -> Self {
        self.plan = plan;
        self
    }

    /// With these projects.
    #[must_use]
    pub fn with_projects<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.projects = names.into_iter().map(Into::into).collect();
        self
    }

    /// With this quota of requests a minute.
    #[must_use]
    pub const fn with_quota(mut self, a_minute: u32) -> Self {
        self.quota = Some(a_minute);
        self
    }
}
