use std::fmt;
use std::time::Duration;

use crate::times::{Summary, Times};

/// What a soak found, figure by figure.
///
/// A count can be declared to be zero or nonzero, and then decides; a time never does, it is printed.
#[derive(Debug)]
pub(crate) struct Report {
    title: String,
    counts: Vec<Count>,
    times: Vec<(&'static str, Option<Summary>)>,
}

#[derive(Debug)]
struct Count {
    name: &'static str,
    found: u64,
    wanted: Wanted,
}

#[derive(Debug, Clone, Copy)]
enum Wanted {
    Anything,
    Exactly(u64),
    /// Otherwise the soak has shown nothing.
    Some,
}

impl Wanted {
    fn met(self, found: u64) -> bool {
        match self {
            Self::Anything => true,
            Self::Exactly(wanted) => found == wanted,
            Self::Some => found > 0,
        }
    }
}

impl Report {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), counts: Vec::new(), times: Vec::new() }
    }

    /// A count that is only told.
    pub(crate) fn count(self, name: &'static str, found: u64) -> Self {
        self.with(Count { name, found, wanted: Wanted::Anything })
    }

    /// A count that must be this.
    pub(crate) fn exactly(self, name: &'static str, found: u64, wanted: u64) -> Self {
        self.with(Count { name, found, wanted: Wanted::Exactly(wanted) })
    }

    /// A count without which the run has shown nothing.
    pub(crate) fn some(self, name: &'static str, found: u64) -> Self {
        self.with(Count { name, found, wanted: Wanted::Some })
    }

    /// How long something took.
    pub(crate) fn times(mut self, name: &'static str, times: &Times) -> Self {
        self.times.push((name, times.summary()));
        self
    }

    /// The names of the counts that are not what they must be.
    pub(crate) fn broken(&self) -> Vec<&'static str> {
        self.counts.iter().filter(|count| !count.wanted.met(count.found)).map(|count| count.name).collect()
    }

    fn with(mut self, count: Count) -> Self {
        self.counts.push(count);
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.title)?;
        self.counts.iter().try_for_each(|count| writeln!(f, "{count}"))?;
        writeln!(f, "\n{:<34} {:>9} {:>10} {:>10} {:>10} {:>10}", "", "n", "min", "p50", "p99", "max")?;
        self.times.iter().try_for_each(|(name, summary)| row(f, name, summary.as_ref()))
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<34} {:>9}", self.name, self.found)?;
        match self.wanted {
            wanted if wanted.met(self.found) => Ok(()),
            Wanted::Exactly(wanted) => write!(f, "   BROKEN: must be {wanted}"),
            Wanted::Some | Wanted::Anything => write!(f, "   BROKEN: must not be 0"),
        }
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, summary: Option<&Summary>) -> fmt::Result {
    let Some(Summary { n, min, p50, p99, max }) = summary else {
        return writeln!(f, "{name:<34} {:>9}", 0);
    };
    write!(f, "{name:<34} {n:>9}")?;
    [min, p50, p99, max].into_iter().try_for_each(|time| write!(f, " {:>10}", shown(*time)))?;
    writeln!(f)
}

/// Three digits or so, in the unit that suits.
fn shown(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1e-3 {
        format!("{:.1} us", seconds * 1e6)
    } else if seconds < 1.0 {
        format!("{:.2} ms", seconds * 1e3)
    } else {
        format!("{seconds:.2} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(failed: u64) -> Report {
        let mut switch = Times::default();
        for us in [40, 1_200, 2_000_000] {
            switch.push(Duration::from_micros(us));
        }
        let report = Report::new("3 cutovers").exactly("cutovers", 3, 3).count("retries", 7);
        let report = report.some("requests", 0).exactly("requests failed", failed, 0);
        report.times("switch", &switch).times("drain", &Times::default())
    }

    #[test]
    fn every_figure_has_its_name_and_a_broken_one_says_what_it_must_be() {
        insta::assert_snapshot!(report(2), @"
        3 cutovers

        cutovers                                   3
        retries                                    7
        requests                                   0   BROKEN: must not be 0
        requests failed                            2   BROKEN: must be 0

                                                   n        min        p50        p99        max
        switch                                     3    40.0 us    1.20 ms     2.00 s     2.00 s
        drain                                      0
        ");
    }

    #[test]
    fn only_counts_decide() {
        assert_eq!(report(2).broken(), ["requests", "requests failed"]);
        assert_eq!(report(0).broken(), ["requests"]);
    }
}
