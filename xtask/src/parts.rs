use std::fmt;
use std::time::{Duration, Instant};

use crate::failed::{Failed, Outcome};
use crate::say;

/// The parts of one verb, each timed; the first failure ends the verb.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    done: Vec<(&'static str, Duration)>,
}

impl Parts {
    /// Runs one part and remembers how long it took; a failure is told which part it belongs to.
    pub(crate) fn run(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) -> Outcome {
        say::part(name);
        let began = now();
        let outcome = work();
        self.done.push((name, began.elapsed()));
        outcome.map_err(|why| {
            say::result(&*self);
            Failed::new(format!("{name}: {why}"))
        })
    }

    /// Prints the times; for the end of a verb that went well.
    pub(crate) fn finish(&self) {
        say::result(self);
    }
}

#[expect(clippy::disallowed_methods, reason = "the times of real commands are what is printed")]
fn now() -> Instant {
    Instant::now()
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: Duration = self.done.iter().map(|(_, took)| *took).sum();
        writeln!(f)?;
        for (name, took) in self.done.iter().chain([&("total", total)]) {
            writeln!(f, "{name:<24} {:>8.1} s", took.as_secs_f64())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_its_part_and_its_time_is_kept() {
        let mut parts = Parts::default();
        parts.run("first", || Ok(())).unwrap();
        let failed = parts.run("second", || Err(Failed::new("`false` ended with 1"))).unwrap_err();
        assert_eq!(failed.to_string(), "second: `false` ended with 1");
        assert_eq!(parts.done.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["first", "second"]);
    }
}
