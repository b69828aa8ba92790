//! Strict local stand-ins for platforms that cannot be had on one's own machine.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program says where it listens")]

mod railway;
mod until;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Serves a stand-in for a platform until it is told to stop.
#[derive(Parser)]
#[command(version)]
struct Args {
    #[command(subcommand)]
    platform: Platform,
}

#[derive(Subcommand)]
enum Platform {
    Railway(railway::Args),
}

#[tokio::main]
async fn main() -> ExitCode {
    let served = match Args::parse().platform {
        Platform::Railway(args) => railway::serve(args).await,
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
