//! The project's own commands: `cargo xtask check`, `test`, `bench`, `soak`, `contracts`, `conformance`, `score`.
//!
//! Each verb is one file. It prints every command it runs, as it could be typed, and at its end how long each part
//! took; an error names the command that failed. CI runs the same verbs and nothing else.

mod bench;
mod check;
mod command;
mod conformance;
mod contracts;
mod failed;
mod leftovers;
mod parts;
mod say;
mod score;
mod soak;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Check(check::Args),
    Test(test::Args),
    Bench(bench::Args),
    Soak(soak::Args),
    Contracts(contracts::Args),
    Conformance(conformance::Args),
    Score(score::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().verb {
        Verb::Check(args) => check::run(&args),
        Verb::Test(args) => test::run(&args),
        Verb::Bench(args) => bench::run(&args),
        Verb::Soak(args) => soak::run(&args),
        Verb::Contracts(args) => contracts::run(&args),
        Verb::Conformance(args) => conformance::run(&args),
        Verb::Score(args) => score::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            say::error(&failed);
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
