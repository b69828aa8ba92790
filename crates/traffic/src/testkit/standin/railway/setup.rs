use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// How the stand-in is to be.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Setup {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The published schema; with it each document is checked before it is executed.
    pub schema: Option<String>,
    /// How fast things go.
    pub pace: Pace,
    /// Requests that a token may make in an hour.
    pub quota: Option<u64>,
    /// How far its clock is off, in seconds.
    pub skew: i64,
}

/// How fast things go.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Pace {
    /// How long a second of the platform's lasts.
    pub second: Duration,
    /// Seconds until a build begins.
    pub initializing: u32,
    /// Seconds of a build; an image is not built.
    pub building: u32,
    /// Seconds until the health check has passed.
    pub deploying: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { second: Duration::from_secs(1), initializing: 1, building: 20, deploying: 4 }
    }
}

impl Pace {
    /// A second of the platform's lasts this long.
    #[must_use]
    pub const fn with_second(mut self, second: Duration) -> Self {
        self.second = second;
        self
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            schema: None,
            pace: Pace::default(),
            quota: None,
            skew: 0,
        }
    }
}

impl Setup {
    /// Listening here.
    #[must_use]
    pub const fn at(mut self, listen: SocketAddr) -> Self {
        self.listen = listen;
        self
    }

    /// Checking each document against this schema, as SDL.
    #[must_use]
    pub fn with_schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = Some(schema.into());
        self
    }

    /// This fast.
    #[must_use]
    pub const fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// With so many requests an hour.
    #[must_use]
    pub const fn with_quota(mut self, quota: u64) -> Self {
        self.quota = Some(quota);
        self
    }

    /// With a clock that is this many seconds ahead.
    #[must_use]
    pub const fn with_skew(mut self, skew: i64) -> Self {
        self.skew = skew;
        self
    }
}
