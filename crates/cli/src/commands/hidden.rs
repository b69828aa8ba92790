//! Verbs that nobody types: the demo and the soaks start them.

use std::time::Duration;

use clap::Args;
use http::Uri;

use crate::context::Context;
use crate::exit::Exit;
use crate::load::{self, LoadOptions};
use crate::report::Failure;
use crate::sample::{self, SampleOptions};

/// `handover sample-service`.
#[derive(Debug, Args)]
pub(crate) struct SampleService {
    #[command(flatten)]
    options: SampleOptions,
}

/// `handover load`.
#[derive(Debug, Args)]
pub(crate) struct Load {
    /// What is asked for, such as `http://127.0.0.1:8080/`
    target: Uri,
    /// Requests per second, whatever the answers do
    #[arg(long, default_value_t = 300)]
    rate: u32,
    /// For how long
    #[arg(long = "for", value_name = "TIME", default_value = "10s", value_parser = humantime::parse_duration)]
    time: Duration,
}

/// Runs the sample service until it is told to stop.
pub(super) async fn sample_service(args: SampleService) -> Result<Exit, Failure> {
    match sample::run(args.options).await {
        Ok(()) => Ok(Exit::Done),
        Err(error) => Err(Failure::new("could not run the sample service", Exit::Bug).because_of(&error)),
    }
}

/// Sends requests, then shows how they were answered.
pub(super) async fn load(args: Load, context: &Context) -> Result<Exit, Failure> {
    let options = LoadOptions::new(args.target).with_rate(args.rate);
    let load = load::Load::start(options)
        .map_err(|error| Failure::new("could not send requests", Exit::Usage).because_of(&error))?;
    let interrupted = tokio::signal::ctrl_c();
    tokio::select! {
        _ = interrupted => {}
        () = tokio::time::sleep(args.time) => {}
    }
    let report = load.stop().await;
    context.output.result(&report, &report);
    Ok(Exit::Done)
}
