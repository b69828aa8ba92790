use std::time::Duration;

use crate::control::Token;

/// The address of the platform itself.
pub const BASE: &str = "https://api.vercel.com";

/// Which project, as whom, and how patiently.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct VercelOptions {
    /// Where the control plane answers; [`BASE`] unless said otherwise.
    pub base: String,
    /// The project's id (`prj_…`) or name.
    pub project: String,
    /// The team's id (`team_…`) or slug; `None` for a personal account.
    pub team: Option<String>,
    /// The credential.
    pub token: Token,
    /// How long one request may take. 30 s.
    pub request_limit: Duration,
    /// Between two looks at a job. 1 s: the platform's own client asks four times as often.
    pub poll: Duration,
    /// How long a job that moves aliases may take. 3 min, as the platform's own client has it.
    pub job_limit: Duration,
    /// How long a request whose answer was lost is looked for before it is made again. 10 s: what the platform
    /// shows may be a few seconds old.
    pub settle: Duration,
}

impl VercelOptions {
    /// This project on the platform itself, as whoever `token` belongs to.
    pub fn new(project: impl Into<String>, token: Token) -> Self {
        Self {
            base: BASE.to_owned(),
            project: project.into(),
            team: None,
            token,
            request_limit: Duration::from_secs(30),
            poll: Duration::from_secs(1),
            job_limit: Duration::from_mins(3),
            settle: Duration::from_secs(10),
        }
    }

    /// At another address.
    #[must_use]
    pub fn with_base(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// On behalf of this team, by id or slug.
    #[must_use]
    pub fn with_team(mut self, team: impl Into<String>) -> Self {
        self.team = Some(team.into());
        self
    }

    /// With these limits: one request, between two looks, one job, a lost request.
    #[must_use]
    pub const fn with_patience(
        mut self,
        request: Duration,
        poll: Duration,
        job: Duration,
        settle: Duration,
    ) -> Self {
        (self.request_limit, self.poll) = (request, poll);
        (self.job_limit, self.settle) = (job, settle);
        self
    }
}
