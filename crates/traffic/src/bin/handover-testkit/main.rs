//! Strict local stand-ins for what cannot be had on one's own machine, one per subcommand.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program says where it listens and why it ends"
)]

mod railway;
mod switcher;
mod until;
mod vercel;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Stands in for a platform on loopback until it is told to stop, or for a switcher program.
#[derive(Debug, Parser)]
#[command(name = "handover-testkit", version)]
struct Arguments {
    #[command(subcommand)]
    platform: Platform,
}

#[derive(Debug, Subcommand)]
enum Platform {
    /// Railway's control plane: GraphQL over HTTP and WebSocket.
    Railway(railway::Arguments),
    /// Vercel's control plane and its public side.
    Vercel(vercel::Arguments),
    /// A switcher program for `Exec`: answers one request on standard input, for a router that is a folder.
    Switcher(switcher::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let served = match Arguments::parse().platform {
        Platform::Railway(arguments) => railway::serve(arguments).await,
        Platform::Vercel(arguments) => vercel::serve(arguments).await,
        Platform::Switcher(arguments) => switcher::answer(arguments).await,
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
