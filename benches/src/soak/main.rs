//! Long runs of the real thing under load, with their figures by name.
//!
//! Started by `cargo xtask soak`. Counts decide whether a soak holds; times are printed and decide nothing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

mod book;
mod client;
mod cutovers;
mod kind;
mod load;
mod report;
mod stage;
mod times;
mod upstream;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::report::Report;

/// Long runs of the real thing under load, with their figures by name
#[derive(Debug, Parser)]
#[command(name = "soak", bin_name = "cargo xtask soak", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    soak: Soak,
}

#[derive(Debug, Subcommand)]
enum Soak {
    Cutovers(cutovers::Args),
}

#[tokio::main]
async fn main() -> ExitCode {
    let ran = match Cli::parse().soak {
        Soak::Cutovers(args) => cutovers::run(&args).await,
    };
    match ran {
        Ok(report) => conclude(&report),
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn conclude(report: &Report) -> ExitCode {
    println!("\n{report}");
    match &report.broken()[..] {
        [] => ExitCode::SUCCESS,
        broken => {
            eprintln!("error: the soak does not hold: {}", broken.join(", "));
            ExitCode::FAILURE
        }
    }
}
