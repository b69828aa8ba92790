//! The one place that prints: progress to standard error, beside cargo's own, results to standard output.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command for people; this file is its mouth"
)]

use std::fmt::Display;

/// A part begins.
pub(crate) fn part(title: &str) {
    eprintln!("\n==> {title}");
}

/// A command is about to run.
pub(crate) fn command(line: impl Display) {
    eprintln!("  $ {line}");
}

/// Something worth knowing that is no failure.
pub(crate) fn note(text: impl Display) {
    eprintln!("  {text}");
}

/// The verb failed.
pub(crate) fn error(why: impl Display) {
    eprintln!("\nerror: {why}");
}

/// A line of the result.
pub(crate) fn result(line: impl Display) {
    println!("{line}");
}
