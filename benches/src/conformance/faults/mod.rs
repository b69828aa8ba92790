//! Fault schedules by the thousand, over every backend: random calls, struck by random mishaps before and behind the
//! switcher, and after each it must be known where traffic is.
//!
//! A backend runs in several copies side by side, since a schedule mostly waits. Each copy takes seeds in handfuls and is
//! then started anew, so that a seed has little behind it when it is run, and nothing when it is repeated.

mod copies;
mod sum;

use crate::backends::FAULTY;

/// Seeded fault schedules over every backend: always a known state, never without weight
///
/// A schedule is ten random acts: changes good, stale, fenced off or repeated, drains, looks and users, struck by mishaps
/// on the way to the switcher and, where the backend has a stand-in or a path of its own, behind it. One that breaks
/// something is told with its seed and what was done; `--seed` runs it again.
#[derive(Debug, clap::Args)]
#[command(bin_name = "cargo xtask soak faults")]
pub(crate) struct Args {
    /// How many schedules, on each backend
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    count: u64,
    /// Only this backend; can be repeated
    #[arg(long = "backend", value_name = "NAME", value_parser = named)]
    backends: Vec<&'static str>,
    /// Only the schedule of this seed; can be repeated
    #[arg(long = "seed", value_name = "SEED", conflicts_with = "count")]
    seeds: Vec<u64>,
    /// How many copies of a backend run side by side
    #[arg(long, default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    copies: u16,
}

/// A backend's name, however it is spelled.
fn named(wanted: &str) -> Result<&'static str, String> {
    let plain = |name: &str| name.to_lowercase().replace([' ', '-', '_'], "");
    let names = || FAULTY.iter().map(|one| one.name);
    let found = names().find(|name| plain(name) == plain(wanted));
    found.ok_or_else(|| format!("there are {}", names().collect::<Vec<_>>().join(", ")))
}

impl Args {
    fn wants(&self, name: &str) -> bool {
        self.backends.is_empty() || self.backends.contains(&name)
    }

    fn seeds(&self) -> Vec<u64> {
        if self.seeds.is_empty() { (0..self.count).collect() } else { self.seeds.clone() }
    }
}

#[expect(clippy::print_stdout, reason = "a command for people")]
pub(crate) fn run(args: &Args) -> Result<(), String> {
    let mut unsound = Vec::new();
    println!("{}", sum::HEAD);
    for backend in FAULTY.iter().filter(|one| args.wants(one.name)) {
        let sum = copies::run(backend, args.seeds(), args.copies);
        println!("{sum}");
        if !sum.is_sound() {
            unsound.push(backend.name);
        }
    }
    match &unsound[..] {
        [] => Ok(()),
        some => Err(format!("the schedules do not hold on {}", some.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backend_is_known_however_it_is_spelled() {
        assert_eq!(named("Edge"), Ok("edge"));
        assert_eq!(named("nginx"), Err("there are edge".into()), "this test's build has no other");
    }
}
