use std::time::Duration;

use http::Uri;

/// What is asked for, and how often.
#[derive(Debug, Clone)]
pub(crate) struct LoadOptions {
    /// An `http://` address.
    pub(super) target: Uri,
    /// Requests per second.
    pub(super) rate: u32,
    /// More requests than this waiting for an answer, and the next one counts as failed.
    pub(super) most_in_flight: usize,
    /// For one request, to the end of the answer.
    pub(super) timeout: Duration,
}

/// Why no load could be made. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    /// The address is not one that can be asked.
    #[error("`{target}` is not an address such as http://127.0.0.1:8080/")]
    Target {
        /// The address.
        target: Uri,
    },
    /// The rate cannot be kept.
    #[error("a rate of {rate} requests/s is not between 1 and 100000")]
    Rate {
        /// The rate.
        rate: u32,
    },
}

impl LoadOptions {
    /// 300 requests/s, at most 2,000 of them in flight, each for at most 10 s.
    pub(crate) fn new(target: Uri) -> Self {
        Self { target, rate: 300, most_in_flight: 2_000, timeout: Duration::from_secs(10) }
    }

    /// Sets the requests per second.
    #[must_use]
    pub(crate) fn with_rate(self, rate: u32) -> Self {
        Self { rate, ..self }
    }

    /// Sets how many requests may wait for an answer.
    #[cfg(test)]
    pub(crate) fn with_most_in_flight(self, most_in_flight: usize) -> Self {
        Self { most_in_flight, ..self }
    }

    /// Sets how long one request may take.
    #[cfg(test)]
    pub(crate) fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    pub(super) fn check(&self) -> Result<(), LoadError> {
        if self.target.scheme_str() != Some("http") || self.target.host().is_none() {
            return Err(LoadError::Target { target: self.target.clone() });
        }
        if !(1..=100_000).contains(&self.rate) {
            return Err(LoadError::Rate { rate: self.rate });
        }
        Ok(())
    }
}
