//! An edge that stands alone.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use handover_core::Slot;
use handover_edge::proxy::Address;

use crate::settings::{self, Period, Size, Sticky};

/// `handover edge`.
#[derive(Debug, Args)]
#[command(
    after_help = "It keeps its route in the folder of `--state-dir`, which must outlive the process: on a platform, a volume.
The token is what `--token-file` holds, else `HANDOVER_EDGE_TOKEN`; 32 characters at least, such as those of
`openssl rand -hex 32`. The admin side speaks plain HTTP: let whoever ends TLS for users end it there too.

Example:
  handover edge --state-dir /data --listen [::]:8080 --admin [::]:9000 \\
    --blue shop-blue.railway.internal:3000 --green shop-green.railway.internal:3000"
)]
pub(crate) struct EdgeArgs {
    /// Address and port where users arrive
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: SocketAddr,
    /// Address and port where it is administered, with the token
    #[arg(long, value_name = "ADDR")]
    pub(crate) admin: SocketAddr,
    /// Where blue's release answers; a name is looked up anew for each connection
    #[arg(long, value_name = "HOST:PORT", required = true, num_args = 1..)]
    pub(crate) blue: Vec<Address>,
    /// Where green's release answers
    #[arg(long, value_name = "HOST:PORT", required = true, num_args = 1..)]
    pub(crate) green: Vec<Address>,
    /// The file with the token of the admin side
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// The slot that gets everything where no route was kept: the one where something runs
    #[arg(long, value_name = "SLOT", default_value = "blue")]
    pub(crate) begin: Slot,
    /// Begins from the copy kept before the last change, where edge.json is damaged
    #[arg(long)]
    pub(crate) recover: bool,
    /// How requests are passed on.
    #[command(flatten)]
    pub(crate) passing: Passing,
}

/// What `[edge]` of the settings says for an agent.
#[derive(Debug, Args)]
#[command(next_help_heading = "How requests are passed on")]
pub(crate) struct Passing {
    /// Keeps a user on one release while weights move: none, cookie, or header:NAME
    #[arg(long, value_name = "HOW", default_value_t = settings::Edge::default().sticky)]
    sticky: Sticky,
    /// Names the slot in every answer (`handover-release`), not only in answers to probes
    #[arg(long)]
    release_header: bool,
    /// Writes a JSON object per request to access.log in the state folder
    #[arg(long)]
    access_log: bool,
    /// A request body above this is refused with 413, such as 10MB
    #[arg(long, value_name = "SIZE")]
    body_limit: Option<Size>,
    /// Believes the client's X-Forwarded-Host and X-Forwarded-Proto: only behind a proxy of your own, or a platform's
    #[arg(long)]
    trust_forwarded: bool,
    /// How long connecting to a release may take; then 504
    #[arg(long, value_name = "TIME", default_value_t = settings::Edge::default().connect_timeout)]
    connect_timeout: Period,
    /// From the end of a request to the beginning of its answer; then 504
    #[arg(long, value_name = "TIME", default_value_t = settings::Edge::default().response_timeout)]
    response_timeout: Period,
    /// How long a body may stall, in either direction, before the request is given up
    #[arg(long, value_name = "TIME", default_value_t = settings::Edge::default().body_timeout)]
    body_timeout: Period,
    /// A user's connection without a request for this long is closed
    #[arg(long, value_name = "TIME", default_value_t = settings::Edge::default().idle_timeout)]
    idle_timeout: Period,
}

impl Passing {
    /// The same as settings.
    pub(crate) fn settings(&self) -> settings::Edge {
        settings::Edge {
            sticky: self.sticky.clone(),
            release_header: self.release_header,
            access_log: self.access_log,
            body_limit: self.body_limit,
            trust_forwarded: self.trust_forwarded,
            connect_timeout: self.connect_timeout,
            response_timeout: self.response_timeout,
            body_timeout: self.body_timeout,
            idle_timeout: self.idle_timeout,
        }
    }
}
