use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use super::probe::InstanceProbe;
use crate::{InvalidProbe, ProbeError};

/// One request that a release has to answer as expected before it gets a user.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SmokeTest {
    /// What the report calls it.
    pub name: String,
    /// Asked for; it begins with `/` and may have a query.
    pub path: String,
    /// By `POST` instead of `GET`.
    pub posts: bool,
    /// The only status that passes.
    pub expect: u16,
    /// For the whole answer.
    pub timeout: Duration,
    /// Sent as well: the pin that reaches the release, say. Values are never printed.
    pub headers: Vec<(String, String)>,
}

/// How one step went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmokeStep {
    /// The test's name.
    pub name: String,
    /// The path asked for.
    pub path: String,
    /// What came of it.
    pub end: SmokeEnd,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmokeEnd {
    /// The expected status, after this long.
    Passed(Duration),
    /// Another status.
    Status {
        /// What was expected.
        wanted: u16,
        /// What came.
        found: u16,
        /// The beginning of the body, made printable.
        body: String,
    },
    /// No answer.
    Failed(ProbeError),
    /// It could not be asked; nothing was sent.
    Invalid(InvalidProbe),
}

/// Every step, in order. It prints as one line a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmokeReport {
    /// The steps, as they were given.
    pub steps: Vec<SmokeStep>,
}

impl SmokeTest {
    /// A test that wants 200 for `path` within 5 s, named after its path.
    pub fn new(path: &str) -> Self {
        Self {
            name: path.to_owned(),
            path: path.to_owned(),
            posts: false,
            expect: 200,
            timeout: Duration::from_secs(5),
            headers: Vec::new(),
        }
    }

    /// With this name in the report.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// With this status as the only one that passes.
    #[must_use]
    pub fn expecting(mut self, status: u16) -> Self {
        self.expect = status;
        self
    }

    /// With this much time for the answer.
    #[must_use]
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Asked by `POST` with an empty body: what does something in the service, and must not be done by whoever looks.
    #[must_use]
    pub fn posting(mut self) -> Self {
        self.posts = true;
        self
    }

    /// With this header sent.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Asks `addr` once.
    pub async fn run(&self, addr: SocketAddr) -> SmokeStep {
        let end = match self.probe(addr) {
            Ok(probe) => self.ask(&probe).await,
            Err(invalid) => SmokeEnd::Invalid(invalid),
        };
        SmokeStep { name: self.name.clone(), path: self.path.clone(), end }
    }

    /// Runs every test in order, those after a failed one too: a report of all is worth a little more time.
    pub async fn run_all(tests: &[Self], addr: SocketAddr) -> SmokeReport {
        let mut steps = Vec::with_capacity(tests.len());
        for test in tests {
            steps.push(test.run(addr).await);
        }
        SmokeReport { steps }
    }

    fn probe(&self, addr: SocketAddr) -> Result<InstanceProbe, InvalidProbe> {
        let probe = InstanceProbe::new(addr, &self.path)?.with_statuses(self.expect..=self.expect);
        let probe = if self.posts { probe.posting() } else { probe };
        self.headers.iter().try_fold(probe, |probe, (name, value)| probe.with_header(name, value))
    }

    async fn ask(&self, probe: &InstanceProbe) -> SmokeEnd {
        match probe.fetch(self.timeout).await {
            Ok(answer) if answer.status() == self.expect => SmokeEnd::Passed(answer.elapsed()),
            Ok(answer) => {
                SmokeEnd::Status { wanted: self.expect, found: answer.status(), body: answer.excerpt() }
            }
            Err(error) => SmokeEnd::Failed(error),
        }
    }
}

impl SmokeReport {
    /// Whether every step passed.
    pub fn passed(&self) -> bool {
        self.failures().next().is_none()
    }

    /// The steps that did not.
    pub fn failures(&self) -> impl Iterator<Item = &SmokeStep> {
        self.steps.iter().filter(|step| !step.passed())
    }
}

impl SmokeStep {
    /// Whether the expected status came.
    pub const fn passed(&self) -> bool {
        matches!(self.end, SmokeEnd::Passed(_))
    }
}

impl fmt::Display for SmokeStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A test that has no name of its own is called by its path, which the rest of the line names as well.
        if self.name != self.path || !matches!(self.end, SmokeEnd::Status { .. } | SmokeEnd::Failed(_)) {
            write!(f, "{}: ", self.name)?;
        }
        match &self.end {
            SmokeEnd::Passed(elapsed) => write!(f, "passed in {} ms", elapsed.as_millis()),
            SmokeEnd::Status { wanted, found, body } if body.is_empty() => {
                write!(f, "{} answered {found}, not {wanted}", self.path)
            }
            SmokeEnd::Status { wanted, found, body } => {
                write!(f, "{} answered {found}, not {wanted}: {body}", self.path)
            }
            SmokeEnd::Failed(error) => write!(f, "{}: {error}", self.path),
            SmokeEnd::Invalid(invalid) => write!(f, "{invalid}"),
        }
    }
}

impl fmt::Display for SmokeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            let begin = if index > 0 { "\n" } else { "" };
            write!(f, "{begin}{step}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for SmokeTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|header| header.0.as_str()).collect();
        let mut shown = f.debug_struct("SmokeTest");
        shown.field("name", &self.name).field("path", &self.path).field("expect", &self.expect);
        shown.field("posts", &self.posts).field("timeout", &self.timeout).field("headers", &headers).finish()
    }
}
