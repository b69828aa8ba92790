//! Long runs of the real thing under load, with their figures by name.
//!
//! Started by `cargo xtask soak`. Counts decide whether a soak holds; times are printed and decide nothing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

mod binary;
mod book;
mod client;
mod connection;
mod cutovers;
mod demo;
mod deployment;
mod detect;
#[cfg(feature = "flags")]
mod flags;
mod haproxy;
mod kills;
mod kind;
mod load;
mod report;
mod service;
mod stage;
mod times;
mod upstream;
mod users;
mod windows;

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
    Detect(detect::Args),
    #[cfg(feature = "flags")]
    Flags(flags::Args),
    Kills(kills::Args),
    Demo(demo::Args),
    Windows(windows::Args),
}

impl Soak {
    async fn run(self) -> Result<Report, String> {
        match self {
            Self::Cutovers(args) => cutovers::run(&args).await,
            Self::Detect(args) => detect::run(&args).await,
            #[cfg(feature = "flags")]
            Self::Flags(args) => flags::run(args).await,
            Self::Kills(args) => kills::run(&args).await,
            Self::Demo(args) => demo::run(&args).await,
            Self::Windows(args) => windows::run(&args).await,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let soak = Cli::parse().soak;
    // What the soak has started is stopped when its future is dropped.
    let ran = tokio::select! {
        ran = soak.run() => ran,
        _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
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
