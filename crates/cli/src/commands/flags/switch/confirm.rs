//! Whether every instance has taken up a change.

use std::fmt;
use std::time::Duration;

use handover_flags::{FlagStore, Revision, Seen};
use serde::Serialize;
use tokio::time::{Instant, sleep};

use crate::commands::flags::words::{counted, delay};
use crate::output::{Output, short_duration};
use crate::text::one_line;

/// The pause before the next look: from the first to the last it doubles.
const FIRST: Duration = Duration::from_millis(2);
const LAST: Duration = Duration::from_millis(50);
/// Whoever lives says so at once when it takes up a change, and a store that is polled is polled each second.
const NOBODY: Duration = Duration::from_secs(3);
/// Whoever waits for less than this wants no word about it.
const PATIENCE: Duration = Duration::from_millis(500);
/// How many silent instances are named.
const NAMED: usize = 20;

/// What the instances have said; also its `--json` form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Confirmation {
    pub(super) instances: usize,
    pub(super) confirmed: usize,
    /// Those that live, and have not taken it up.
    silent: Vec<Seen>,
    elapsed_ms: f64,
    /// Why they could not be asked, at the end.
    error: Option<String>,
}

/// Waits until every living instance has taken up `revision`, or until the time is over.
pub(super) async fn wait(
    store: &dyn FlagStore,
    revision: Revision,
    limit: Duration,
    output: Output,
) -> Confirmation {
    let (began, mut pause) = (Instant::now(), FIRST);
    let mut last = Confirmation::of(Vec::new(), revision);
    loop {
        match store.seen().await {
            Ok(seen) => last = Confirmation::of(seen, revision),
            Err(error) => last.error = Some(error.in_full()),
        }
        let elapsed = began.elapsed();
        let nobody = last.instances == 0 && last.error.is_none() && elapsed >= NOBODY;
        if last.is_whole() || nobody || elapsed >= limit {
            if elapsed > PATIENCE {
                output.passing("");
            }
            return Confirmation { elapsed_ms: (elapsed.as_secs_f64() * 1e6).round() / 1e3, ..last };
        }
        if elapsed > PATIENCE {
            output.passing(format_args!(
                "waiting: {} of {} confirmed, {}",
                last.confirmed,
                counted(last.instances, "instance"),
                short_duration(elapsed)
            ));
        }
        sleep(pause.min(limit.saturating_sub(elapsed))).await;
        pause = (pause * 2).min(LAST);
    }
}

impl Confirmation {
    fn of(seen: Vec<Seen>, revision: Revision) -> Self {
        let instances = seen.len();
        let silent: Vec<_> = seen.into_iter().filter(|seen| seen.revision < revision).collect();
        Self { instances, confirmed: instances - silent.len(), silent, elapsed_ms: 0.0, error: None }
    }

    /// Whether there are any, and all have taken it up.
    pub(super) fn is_whole(&self) -> bool {
        self.instances > 0 && self.silent.is_empty() && self.error.is_none()
    }

    fn took(&self) -> Duration {
        Duration::try_from_secs_f64(self.elapsed_ms / 1e3).unwrap_or_default()
    }

    /// The silent ones, a line each.
    fn names(&self) -> impl Iterator<Item = String> {
        let all = self.silent.len();
        let name = |seen: &Seen| format!("  {}, at revision {}", one_line(&seen.instance), seen.revision);
        let more = (all > NAMED).then(|| format!("  and {} more", all - NAMED));
        self.silent.iter().take(NAMED).map(name).chain(more)
    }
}

/// What follows the name of the flag.
impl fmt::Display for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = delay(self.took());
        let all = counted(self.instances, "instance");
        if let Some(error) = &self.error {
            return write!(f, " in the store; who has taken it up could not be read: {}", one_line(error));
        }
        if self.is_whole() {
            return write!(f, ": {} of {all} confirmed in {took}", self.confirmed);
        }
        if self.instances == 0 {
            return write!(f, " in the store; no process has said that it listens there");
        }
        write!(f, ", but only {} of {all} confirmed within {took}; silent:", self.confirmed)?;
        self.names().try_for_each(|name| write!(f, "\n{name}"))
    }
}

#[cfg(test)]
mod tests {
    use handover_flags::MemoryStore;

    use super::*;
    use crate::output::Colour;

    async fn with(seen: &[(&str, u64)], limit: Duration) -> (Confirmation, Duration) {
        let store = MemoryStore::new();
        for (instance, revision) in seen {
            let seen = Seen { instance: (*instance).into(), revision: Revision(*revision) };
            store.report_seen(&seen).await.unwrap();
        }
        let began = Instant::now();
        let confirmation = wait(&store, Revision(7), limit, Output::new(true, Colour::Never)).await;
        (confirmation, began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_is_further_has_confirmed_and_nobody_is_waited_for() {
        let (confirmation, took) = with(&[("a", 7), ("b", 8)], Duration::from_secs(10)).await;
        assert!(confirmation.is_whole() && took.is_zero(), "{took:?}");
        assert_eq!(confirmation.to_string(), ": 2 of 2 instances confirmed in 0 ms");
    }

    #[tokio::test(start_paused = true)]
    async fn silent_instances_are_named_when_the_time_is_over() {
        let (confirmation, took) = with(&[("a", 7), ("b\u{1b}[2J", 6)], Duration::from_secs(10)).await;
        assert!(!confirmation.is_whole() && took == Duration::from_secs(10), "{took:?}");
        insta::assert_snapshot!(confirmation, @r"
        , but only 1 of 2 instances confirmed within 10s; silent:
          b\u{1b}[2J, at revision 6
        ");
    }

    #[tokio::test(start_paused = true)]
    async fn where_nobody_listens_that_is_said_before_the_time_is_over() {
        let (confirmation, took) = with(&[], Duration::from_mins(1)).await;
        assert!(!confirmation.is_whole() && took < Duration::from_secs(4), "{took:?}");
        assert_eq!(confirmation.to_string(), " in the store; no process has said that it listens there");
    }

    #[test]
    fn hundreds_of_silent_instances_are_counted() {
        let seen = (0..300).map(|n| Seen { instance: format!("{n}").into(), revision: Revision(1) });
        let confirmation = Confirmation::of(seen.collect(), Revision(2));
        assert_eq!(confirmation.names().count(), 21);
        assert_eq!(confirmation.names().last().unwrap(), "  and 280 more");
    }
}
