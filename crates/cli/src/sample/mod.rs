//! A small service that can be told to misbehave: what `handover demo` releases, and what tests drive.

mod answer;
mod drip;
mod serve;

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

pub(crate) use answer::Answers;

pub(crate) use serve::serve;

/// Where it listens and how it misbehaves.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag, and a fault of its own")]
pub(crate) struct SampleOptions {
    /// The address to listen on
    #[arg(long, env = "HOST", default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    /// The port to listen on
    #[arg(long, env = "PORT")]
    pub(crate) port: u16,
    /// What it calls itself in its answers
    #[arg(long, env = "RELEASE", default_value = "unnamed")]
    pub(crate) release: String,
    /// Answers this share of requests for `/` with 500, evenly spread: 0.2 is each fifth
    #[arg(long, env = "SAMPLE_FAIL_SHARE", default_value_t = 0.0)]
    pub(crate) fail_share: f64,
    /// Waits this long before each answer on `/`
    #[arg(long, env = "SAMPLE_LATENCY", default_value = "0s", value_parser = humantime::parse_duration)]
    pub(crate) latency: Duration,
    /// Answers `/health/ready` with 503 for ever
    #[arg(long)]
    pub(crate) never_ready: bool,
    /// Answers these paths with 503, and everything else well: `/a,/b`
    #[arg(long, value_delimiter = ',')]
    pub(crate) fail_paths: Vec<String>,
    /// Answers `/smoke-test` with 500
    #[arg(long)]
    pub(crate) fail_smoke: bool,
    /// Complains and exits with code 1 before it listens
    #[arg(long)]
    pub(crate) exit_at_once: bool,
    /// Listens on another port than it was given
    #[arg(long)]
    pub(crate) wrong_port: bool,
}

impl SampleOptions {
    /// Whether this path is one that it was told to fail.
    fn fails_at(&self, path: &str) -> bool {
        self.fail_paths.iter().any(|failing| failing == path)
    }
}

/// Serves until SIGTERM or Ctrl-C, then finishes what it began.
///
/// # Errors
///
/// The address cannot be listened on, or it was told to exit at once.
pub(crate) async fn run(options: SampleOptions) -> io::Result<()> {
    if options.exit_at_once {
        return Err(io::Error::other("DATABASE_URL is not set"));
    }
    let mut term = signal(SignalKind::terminate())?;
    let port = if options.wrong_port { 0 } else { options.port };
    let listener = TcpListener::bind(SocketAddr::new(options.host, port)).await?;
    say(&format!("{} listens on {}", options.release, listener.local_addr()?));
    let stop = async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    };
    serve(listener, Arc::new(Answers::new(options)), stop).await;
    Ok(())
}

/// Its own log, as any service has one.
fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
