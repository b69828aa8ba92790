use std::fmt;
use std::time::Duration;

use handover_traffic::testkit::Verdict;

/// What the columns of a [`Sum`] are.
pub(super) const HEAD: &str =
    "backend         schedules      made   refused   unknown    struck   weighed  broken   seconds";

/// How the schedules of one backend came out.
///
/// Calls are made, refused (nothing changed), or unknown until somebody looked; `struck` are those during which something
/// went wrong behind the switcher, `weighed` the times that the weights were read past it, and were not all zero.
#[derive(Debug, Clone, Default)]
pub(super) struct Sum {
    name: &'static str,
    schedules: u64,
    made: u64,
    refused: u64,
    unknown: u64,
    struck: u64,
    weighed: u64,
    /// Each with its seed and what was done.
    pub(super) broken: Vec<String>,
    /// Why it could not be started.
    pub(super) not_run: Option<String>,
    pub(super) took: Duration,
}

impl Sum {
    pub(super) fn of(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    pub(super) fn add(&mut self, verdict: &Verdict) {
        let tally = verdict.tally();
        self.schedules += verdict.schedules();
        self.made += tally.made;
        self.refused += tally.refused;
        self.unknown += tally.unknown;
        self.struck += tally.struck;
        self.weighed += tally.looks;
        if !verdict.is_sound() {
            self.broken.push(verdict.to_string());
        }
    }

    /// Whether something ran, and nothing was broken.
    pub(super) fn is_sound(&self) -> bool {
        self.broken.is_empty() && self.not_run.is_none() && self.schedules > 0
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<14}", self.name)?;
        write!(f, " {:>10}", self.schedules)?;
        for count in [self.made, self.refused, self.unknown, self.struck, self.weighed] {
            write!(f, " {count:>9}")?;
        }
        write!(f, " {:>7} {:>9.1}", self.broken.len(), self.took.as_secs_f64())?;
        self.broken.iter().try_for_each(|how| write!(f, "\n{how}"))?;
        self.not_run.iter().try_for_each(|why| write!(f, "\n{} could not be run: {why}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use handover_traffic::InMemory;
    use handover_traffic::testkit::mutants::{Flaw, Mutant};
    use handover_traffic::testkit::schedules;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_line_says_what_ran_and_below_it_what_was_broken() {
        let mut sum = Sum::of("a backend");
        assert!(!sum.is_sound(), "nothing was run");
        sum.add(&schedules(&InMemory::new(), 0..20).await);
        assert!(sum.is_sound());
        sum.add(&schedules(&Mutant::new(Flaw::Unfenced), 0..500).await);
        assert!(!sum.is_sound());
        let lines = format!("{HEAD}\n{sum}");
        insta::assert_snapshot!(lines.lines().take(3).collect::<Vec<_>>().join("\n"), @"
        backend         schedules      made   refused   unknown    struck   weighed  broken   seconds
        a backend              24       119        56        56         0         0       1       0.0
        4 fault schedules ended in a known state (calls: 13 made, 10 refused, 13 unknown until observed); seed 4 BROKEN: a lower fence won
        ");
    }

    #[test]
    fn a_backend_that_cannot_be_run_is_no_sound_one() {
        let mut sum = Sum { schedules: 7, ..Sum::of("a backend") };
        assert!(sum.is_sound());
        sum.not_run = Some("it is not installed".into());
        assert!(!sum.is_sound());
        insta::assert_snapshot!(sum.to_string(), @"
        a backend               7         0         0         0         0         0       0       0.0
        a backend could not be run: it is not installed
        ");
    }
}
