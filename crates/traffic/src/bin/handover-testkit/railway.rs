use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use handover_traffic::BoxError;
use handover_traffic::testkit::standin::railway::{
    ACCOUNT_TOKEN, ENVIRONMENT, NEIGHBOUR, PROJECT, PROJECT_TOKEN, Pace, RailwayStandIn, SERVICE, Setup,
};

use crate::until::told_to_stop;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// A file with the published schema; with it each document is checked.
    #[arg(long)]
    schema: Option<PathBuf>,
    /// How many milliseconds a second of the platform's lasts.
    #[arg(long, default_value_t = 1_000)]
    second: u64,
    /// Requests a token may make in an hour.
    #[arg(long)]
    quota: Option<u64>,
}

/// Serves until SIGINT or SIGTERM.
pub(crate) async fn serve(args: Arguments) -> Result<(), BoxError> {
    let pace = Pace::default().with_second(Duration::from_millis(args.second));
    let mut setup = Setup::default().at(args.listen).with_pace(pace);
    if let Some(file) = &args.schema {
        setup = setup.with_schema(std::fs::read_to_string(file)?);
    }
    if let Some(quota) = args.quota {
        setup = setup.with_quota(quota);
    }
    let standin = RailwayStandIn::start(setup).await?;
    introduce(&standin);
    told_to_stop().await?;
    Ok(())
}

fn introduce(standin: &RailwayStandIn) {
    println!("railway stand-in");
    println!("  graphql      {}", standin.base());
    println!("  public       {}", standin.public());
    println!("  project      {PROJECT}");
    println!("  environment  {ENVIRONMENT}");
    println!("  services     {SERVICE} (shop), {NEIGHBOUR} (mail)");
    println!("  tokens       {PROJECT_TOKEN} (project), {ACCOUNT_TOKEN} (account)");
}
