//! Recording a sample and reading the last minute's p95, beside what others offer: one table of ratios.
//!
//! Each figure is a multiple of one bare relaxed `fetch_add`, timed in the same round; the first row says what that
//! took. One thread: CPU time of the thread. Two threads: bursts on two cores that begin together, and only those that
//! truly overlapped. Rivals are used as their documentation would have a hot path use them: handles resolved
//! beforehand, drains and rotations outside the timed part.
#![expect(clippy::print_stdout, reason = "a bench prints")]

mod counting;
// The very data that the monitor's tests hold its error bound to.
#[path = "../../../crates/monitor/tests/it/data.rs"]
mod data;
mod ours;
mod rivals;
mod strategy;
mod subject;
mod table;
mod timing;

use crate::subject::Subject;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match &arguments[..] {
        [] => println!("{}", table::measured(&everyone())),
        [only] if only == "--names" => everyone().iter().for_each(|subject| println!("{}", subject.name())),
        [only, name, thousands] if only == "--record" => record(name, thousands.parse().unwrap_or(1)),
        other => println!("unknown: {}", other.join(" ")),
    }
}

/// In the order of the table; the first is what all are measured by.
fn everyone() -> Vec<Box<dyn Subject>> {
    let mut all = ours::subjects();
    all.extend(rivals::subjects());
    all.extend(strategy::subjects());
    all
}

/// One subject and nothing else, for a counter of instructions.
fn record(name: &str, thousands: usize) {
    for subject in everyone().iter().filter(|subject| subject.name() == name) {
        timing::record_thousands(subject.as_ref(), thousands);
    }
}
