//! What reading a flag costs, beside what others offer: nanoseconds of one thread's CPU time, all in one run.
//!
//! Every subject knows the same hundred flags and is asked by the same stream of callers, whose contexts were made
//! beforehand. Ours have reasons on, and counters where the row says so. The table decides nothing.
#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::expect_used, reason = "what it is made of is made here")]

mod callers;
mod engines;
mod maps;
mod ours;
mod subject;
mod timing;

use crate::subject::Subject;

fn main() {
    let callers = callers::callers();
    let subjects = everyone();
    let times = timing::measured(&subjects, &callers);
    println!("{:<58} {:>8} {:>8} {:>8}", "nanoseconds a read", "median", "least", "asked");
    for (subject, times) in subjects.iter().zip(&times) {
        let [median, least] = [times.median, times.least].map(|nanos| format!("{nanos:.2}"));
        println!("{:<58} {median:>8} {least:>8} {:>8}", subject.name, subject.asked);
    }
    println!(
        "\nof {} rounds of {} reads each; on for {} of 100 callers in each 50 % rollout",
        timing::ROUNDS,
        callers.len(),
        share(&subjects, &callers)
    );
}

fn everyone() -> Vec<Subject> {
    let mut all = ours::subjects();
    all.extend(maps::subjects());
    all.extend(engines::subjects());
    all
}

/// All rollouts of a half agree on the share: they hash alike.
fn share(subjects: &[Subject], callers: &[callers::Caller]) -> String {
    let rollouts = subjects.iter().filter(|subject| subject.name.contains("50 %"));
    let mut shares: Vec<_> = rollouts.map(|subject| (subject.read)(callers) * 100 / callers.len()).collect();
    shares.dedup();
    shares.iter().map(usize::to_string).collect::<Vec<_>>().join(" / ")
}
