use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use handover_core::{Hint, Retry, Slot};

/// How long to wait before asking a system again that did not answer well.
const PAUSE: Duration = Duration::from_secs(1);

/// Why there are no windows. Nothing was changed anywhere, and nothing was lost: counters go on.
#[derive(Debug)]
#[non_exhaustive]
pub enum SourceError {
    /// Windows were asked for before any were begun.
    NotBegun,
    /// The system that counts cannot be reached, or does not answer in time.
    Unreachable {
        /// Which system, and where.
        what: String,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// It answered, and said no.
    Refused {
        /// Which system, and where.
        what: String,
        /// What it said, cut short; the status where that is all there is.
        said: String,
    },
    /// It answered with something that is not what such a system answers.
    NotUnderstood {
        /// Which system, and where.
        what: String,
        /// What is wrong with it.
        because: String,
    },
    /// It has nothing about this slot. That is not the same as a slot without errors.
    NoData {
        /// The slot.
        slot: Slot,
        /// What it was asked.
        query: String,
    },
    /// What it has about this slot is old.
    Stale {
        /// The slot.
        slot: Slot,
        /// How old the newest count is.
        age: Duration,
    },
    /// It says itself that its answer is not whole.
    Partial {
        /// In its words, cut short.
        said: String,
    },
    /// A count that is no count: not a number, infinite, negative, or more than can be counted.
    NotACount {
        /// What it was asked.
        query: String,
        /// What it answered.
        found: String,
    },
    /// Counts that cannot all be true.
    Impossible {
        /// The slot.
        slot: Slot,
        /// What contradicts what.
        because: String,
    },
    /// Its clock and ours are too far apart for its windows to belong to our moves of traffic.
    Skewed {
        /// By how much.
        by: Duration,
    },
    /// Its clock went back.
    WentBack {
        /// By how much.
        by: Duration,
    },
    /// The limit for slow requests lies inside a bucket: how many were slower is not known.
    LimitInsideBucket {
        /// The limit.
        limit: Duration,
        /// Where the bucket begins.
        low: Duration,
        /// Where it ends; [`Duration::MAX`] for the last one.
        high: Duration,
    },
    /// More requests were counted than reported, so what was reported cannot be believed.
    Lost {
        /// How many were counted since the last time that nothing was missing.
        counted: u64,
        /// How many of those were reported.
        reported: u64,
    },
    /// A source of somebody else's failed.
    Other {
        /// What a caller may do next.
        retry: Retry,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl SourceError {
    /// What a caller may do next; every variant has exactly one answer.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::NotBegun | Self::LimitInsideBucket { .. } => Retry::Never,
            Self::Unreachable { .. }
            | Self::Refused { .. }
            | Self::NotUnderstood { .. }
            | Self::NoData { .. }
            | Self::Stale { .. }
            | Self::Partial { .. }
            | Self::NotACount { .. }
            | Self::Impossible { .. }
            | Self::Skewed { .. }
            | Self::WentBack { .. }
            | Self::Lost { .. } => Retry::After(PAUSE),
            Self::Other { retry, .. } => *retry,
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBegun => write!(f, "no run is being watched"),
            Self::Unreachable { what, .. } => write!(f, "{what} does not answer"),
            Self::Refused { what, said } => write!(f, "{what} refused: {said}"),
            Self::NotUnderstood { what, because } => {
                write!(f, "{what} gave an answer that makes no sense: {because}")
            }
            Self::NoData { slot, query } => {
                write!(f, "there is no series for {slot}: `{query}` gives nothing")
            }
            Self::Stale { slot, age } => write!(f, "the newest count for {slot} is {} old", rounded(*age)),
            Self::Partial { said } => write!(f, "the answer is not whole: {said}"),
            Self::NotACount { query, found } => write!(f, "`{query}` gives {found}, which is no count"),
            Self::Impossible { slot, because } => {
                write!(f, "the counts for {slot} cannot be true: {because}")
            }
            Self::Skewed { by } => write!(f, "its clock and this machine's are {} apart", rounded(*by)),
            Self::WentBack { by } => write!(f, "its clock went back by {}", rounded(*by)),
            Self::LimitInsideBucket { limit, low, high } => inside(f, *limit, *low, *high),
            Self::Lost { counted, reported } => {
                write!(f, "only {reported} of {counted} requests were reported")
            }
            Self::Other { .. } => write!(f, "the source of windows failed"),
        }
    }
}

fn inside(f: &mut fmt::Formatter<'_>, limit: Duration, low: Duration, high: Duration) -> fmt::Result {
    if high == Duration::MAX {
        return write!(f, "the limit of {limit:?} lies inside the last bucket, which begins at {low:?}");
    }
    write!(f, "the limit of {limit:?} lies inside the bucket from {low:?} to {high:?}")
}

fn rounded(time: Duration) -> String {
    format!("{:?}", Duration::from_millis(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)))
}

impl Error for SourceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreachable { source, .. } | Self::Other { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}

impl Hint for SourceError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::Unreachable { .. } => "check its address, and that it runs".into(),
            Self::Refused { .. } => "ask it the same by hand".into(),
            Self::NotUnderstood { .. } => "check that its address leads to the right system".into(),
            Self::NoData { .. } => {
                "check names and labels of the query, and that the slot's metrics are read".into()
            }
            Self::Stale { .. } => "check that its targets are still read".into(),
            Self::Partial { .. } => "ask a single server, or mend the one that is missing".into(),
            Self::NotACount { .. } => "ask for the counters themselves, without `rate` or division".into(),
            Self::Impossible { .. } => "check that all queries of the slot count the same requests".into(),
            Self::Skewed { .. } | Self::WentBack { .. } => "set both clocks by one time server".into(),
            Self::LimitInsideBucket { low, high, .. } => between(*low, *high),
            Self::Lost { .. } => "check the log's address and format, and let it log every request".into(),
            Self::NotBegun | Self::Other { .. } => return None,
        })
    }
}

fn between(low: Duration, high: Duration) -> Cow<'static, str> {
    match (low, high) {
        (Duration::ZERO, high) => format!("choose {high:?}, or add a bucket that ends at the limit"),
        (low, Duration::MAX) => format!("choose {low:?}, or add a bucket that ends at the limit"),
        (low, high) => format!("choose {low:?} or {high:?}, or add a bucket that ends at the limit"),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn every() -> Vec<SourceError> {
        let (what, slot) = ("Prometheus at http://127.0.0.1:9090".to_owned(), Slot::Green);
        let query = "requests_total{slot=\"green\"}".to_owned();
        vec![
            SourceError::NotBegun,
            SourceError::Unreachable { what: what.clone(), source: "connection refused".into() },
            SourceError::Refused { what: what.clone(), said: "bad_data: parse error".into() },
            SourceError::NotUnderstood { what, because: "it is not JSON".into() },
            SourceError::NoData { slot, query: query.clone() },
            SourceError::Stale { slot, age: ms(61_500) },
            SourceError::Partial { said: "store 2 of 3 is away".into() },
            SourceError::NotACount { query, found: "NaN".into() },
            SourceError::Impossible { slot, because: "9 of 3 requests failed".into() },
            SourceError::Skewed { by: ms(90_000) },
            SourceError::WentBack { by: ms(10) },
            SourceError::LimitInsideBucket { limit: ms(300), low: ms(250), high: ms(500) },
            SourceError::LimitInsideBucket { limit: ms(300), low: ms(250), high: Duration::MAX },
            SourceError::Lost { counted: 100, reported: 60 },
            SourceError::Other { retry: Retry::Never, source: "no".into() },
        ]
    }

    #[test]
    fn every_error_says_what_is_wrong_and_what_to_do() {
        let said: Vec<_> = every()
            .iter()
            .map(|error| match error.hint() {
                Some(hint) => format!("{error}\n  hint: {hint}"),
                None => error.to_string(),
            })
            .collect();
        insta::assert_snapshot!(said.join("\n"), @r#"
        no run is being watched
        Prometheus at http://127.0.0.1:9090 does not answer
          hint: check its address, and that it runs
        Prometheus at http://127.0.0.1:9090 refused: bad_data: parse error
          hint: ask it the same by hand
        Prometheus at http://127.0.0.1:9090 gave an answer that makes no sense: it is not JSON
          hint: check that its address leads to the right system
        there is no series for green: `requests_total{slot="green"}` gives nothing
          hint: check names and labels of the query, and that the slot's metrics are read
        the newest count for green is 61.5s old
          hint: check that its targets are still read
        the answer is not whole: store 2 of 3 is away
          hint: ask a single server, or mend the one that is missing
        `requests_total{slot="green"}` gives NaN, which is no count
          hint: ask for the counters themselves, without `rate` or division
        the counts for green cannot be true: 9 of 3 requests failed
          hint: check that all queries of the slot count the same requests
        its clock and this machine's are 90s apart
          hint: set both clocks by one time server
        its clock went back by 10ms
          hint: set both clocks by one time server
        the limit of 300ms lies inside the bucket from 250ms to 500ms
          hint: choose 250ms or 500ms, or add a bucket that ends at the limit
        the limit of 300ms lies inside the last bucket, which begins at 250ms
          hint: choose 250ms, or add a bucket that ends at the limit
        only 60 of 100 requests were reported
          hint: check the log's address and format, and let it log every request
        the source of windows failed
        "#);
    }

    #[test]
    fn only_what_a_person_must_change_is_not_worth_another_try() {
        let never: Vec<_> = every().into_iter().filter(|error| error.retry() == Retry::Never).collect();
        assert!(
            matches!(
                never[..],
                [
                    SourceError::NotBegun,
                    SourceError::LimitInsideBucket { .. },
                    SourceError::LimitInsideBucket { .. },
                    SourceError::Other { .. }
                ]
            ),
            "{never:?}"
        );
    }
}
