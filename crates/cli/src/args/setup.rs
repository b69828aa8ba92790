use clap::Args;
use clap_complete::Shell;
use handover_core::ServiceName;

use crate::settings::{Backend, Command, Kind, Listen};

/// `handover init`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  handover init
  handover init --name shop --listen 0.0.0.0:8080 --command './server --port $PORT' --artifact dist
  handover init --backend haproxy
  handover init --schema > handover.schema.json")]
pub(crate) struct Init {
    /// The service's name; by default that of the folder
    #[arg(long)]
    pub(crate) name: Option<ServiceName>,
    /// Address and port where users arrive
    #[arg(long, value_name = "ADDRESS", default_value = "0.0.0.0:8080")]
    pub(crate) listen: Listen,
    /// What moves the traffic; for "haproxy" a configuration for it is written too
    #[arg(long, value_name = "BACKEND", default_value = "edge")]
    pub(crate) backend: Backend,
    /// What runs a release; it must listen on $HOST:$PORT
    #[arg(long, value_name = "COMMAND", default_value = "./server --port $PORT")]
    pub(crate) command: Command,
    /// The folder or file that makes up a release; without it, what `git archive` makes of a commit
    #[arg(long, value_name = "PATH")]
    pub(crate) artifact: Option<String>,
    /// How a new release takes over; by default "canary", and "blue-green" where a platform knows only all or nothing
    #[arg(long, value_name = "KIND")]
    pub(crate) strategy: Option<Kind>,
    /// Overwrites a file that is there
    #[arg(long)]
    pub(crate) force: bool,
    /// Shows the file and writes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Prints the JSON schema of handover.toml and writes nothing
    #[arg(long, conflicts_with_all = ["name", "artifact", "force", "dry_run"])]
    pub(crate) schema: bool,
}

/// `handover doctor`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  handover doctor
  handover doctor --fix    sets at Railway or Vercel what stands in the way: health path, overlap, draining, deploying by itself")]
pub(crate) struct Doctor {
    /// Sets at the platform what stands in the way and can be set; nothing else is changed
    #[arg(long)]
    pub(crate) fix: bool,
}

/// `handover completions`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  handover completions bash > /etc/bash_completion.d/handover")]
pub(crate) struct Completions {
    /// Which shell
    pub(crate) shell: Shell,
}

/// `handover demo`.
#[derive(Debug, Args)]
#[command(
    after_help = "It uses a folder of its own under the system's temporary one, free ports on 127.0.0.1, and at most a minute."
)]
pub(crate) struct Demo {
    /// Requests per second that its users send
    #[arg(long, value_name = "RATE", default_value_t = 300, value_parser = clap::value_parser!(u32).range(10..=5_000))]
    pub(crate) rate: u32,
}
