//! Whether a service is well, and how a platform is told to ask.

use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Statuses;
use crate::settings::{Period, UrlPath};

/// `handover health`.
#[derive(Debug, Subcommand)]
pub(crate) enum Health {
    /// Asks addresses whether they are well: what they answer, how fast, and what stands in the way
    Check(HealthCheck),
    /// Writes a platform's own probes, as handover.toml has them
    #[command(subcommand)]
    Config(HealthConfig),
}

/// `handover health check`.
#[derive(Debug, Args)]
#[command(
    after_help = "An address without a path is asked for readiness, /health/ready. Without an address it is what handover.toml says:
`[service] public` or `listen`, and each process of a release that an agent of this machine runs, at `health.path`.
Any status from 200 to 399 is well, and 429; a redirect is not followed. What a body says of itself is shown where
it is of a known form: the JSON of handover's own endpoints, application/health+json, MicroProfile Health.
Processes are those that ran when it began.

Exit codes: 0 well, or as many as --need; 3 not well: another status, or nobody listens; 4 not known: no answer in
time, no such name, no TLS, not HTTP; 6 still starting. With --watch it is how things stood at the end, or
as the last answer was where fewer came than settle it. A change is told once it has lasted: --rise good or --fall bad
answers in a row, but a 503 counts at once.

Examples:
  handover health check https://shop.example.com
  handover health check --need 2 http://10.0.0.1:8080 http://10.0.0.2:8080 http://10.0.0.3:8080
  handover health check --watch --every 5s http://127.0.0.1:3000/health/live"
)]
pub(crate) struct HealthCheck {
    /// What to ask; without one, what handover.toml says
    #[arg(value_name = "URL")]
    pub(crate) urls: Vec<String>,
    /// Asked where an address has no path; /health/ready, or `health.path` of handover.toml, unless given
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<UrlPath>,
    /// For each answer, name and connection included; 2s, or `health.timeout` of handover.toml, unless given
    #[arg(long, value_name = "TIME")]
    pub(crate) timeout: Option<Period>,
    /// Only this is well: a status such as 204, 200-299 or 2xx
    #[arg(long, value_name = "STATUS")]
    pub(crate) expect: Option<Statuses>,
    /// Sends a header, as often as there are some; its value is never shown
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,
    /// Sends `Authorization: Bearer` with the token in this variable of the environment
    #[arg(long, value_name = "VARIABLE")]
    pub(crate) token_env: Option<String>,
    /// How many of the addresses must be well; all unless given
    #[arg(long, value_name = "K")]
    pub(crate) need: Option<NonZeroUsize>,
    /// Asks again and again, and tells what changes
    #[arg(long)]
    pub(crate) watch: bool,
    /// How often to ask again
    #[arg(long, value_name = "TIME", default_value = "1s", requires = "watch")]
    pub(crate) every: Period,
    /// Ends after so many looks
    #[arg(long, short = 'n', value_name = "N", requires = "watch")]
    pub(crate) count: Option<NonZeroU64>,
    /// Good answers in a row until well; 1, or `health.rise` of handover.toml, unless given
    #[arg(long, value_name = "N", requires = "watch")]
    pub(crate) rise: Option<NonZeroU32>,
    /// Bad answers in a row until not; 3, or `health.fall` of handover.toml, unless given
    #[arg(long, value_name = "N", requires = "watch")]
    pub(crate) fall: Option<NonZeroU32>,
}

/// `handover health config`.
#[derive(Debug, Subcommand)]
#[command(
    after_help = "What is written is held to what the platform publishes by handover's own tests: railway to the types of its
GraphQL interface, kubernetes to the types of k8s-openapi, compose to the compose-spec's JSON schema, docker to a
parser of Dockerfiles; each to a golden file besides. docs/health.md says how the numbers come about."
)]
pub(crate) enum HealthConfig {
    /// railway.json: health check, overlap and draining of a deployment
    Railway(RailwayConfig),
    /// Startup, readiness and liveness probes and the time to end, as a patch of a Deployment
    Kubernetes(KubernetesConfig),
    /// The HEALTHCHECK of a Dockerfile
    Docker(ContainerConfig),
    /// The healthcheck of a service in a compose file, and its time to end
    Compose(ContainerConfig),
}

/// `handover health config railway`.
#[derive(Debug, Args)]
#[command(
    after_help = "A railway.json that is there keeps its other keys; one of ours that says something else is set with --force only.

Example:
  handover health config railway --output railway.json"
)]
pub(crate) struct RailwayConfig {
    /// Where it is written.
    #[command(flatten)]
    pub(crate) target: Target,
}

/// `handover health config kubernetes`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  handover health config kubernetes --port 3000 --output probes.yaml
  kubectl patch deployment shop --patch-file probes.yaml")]
pub(crate) struct KubernetesConfig {
    /// The port that the container listens on; by default that of `[service] listen`
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,
    /// What says that the process itself works, whatever it depends on; /health/live unless given
    #[arg(long, value_name = "PATH")]
    pub(crate) live: Option<UrlPath>,
    /// What says that it has started; /health/startup unless given
    #[arg(long, value_name = "PATH")]
    pub(crate) startup: Option<UrlPath>,
    /// The container's name; by default the service's
    #[arg(long, value_name = "NAME")]
    pub(crate) container: Option<String>,
    /// Serves on for so long before SIGTERM; a service that drains by itself needs none
    #[arg(long, value_name = "TIME")]
    pub(crate) pre_stop: Option<Period>,
    /// Where it is written.
    #[command(flatten)]
    pub(crate) target: Target,
}

/// `handover health config docker` and `compose`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  handover health config docker >> Dockerfile
  handover health config compose --with wget --output compose.health.yaml
  docker compose -f compose.yaml -f compose.health.yaml up")]
pub(crate) struct ContainerConfig {
    /// What is asked: live, by default for docker, or ready, by default for compose
    #[arg(long, value_name = "WHAT")]
    pub(crate) ask: Option<Ask>,
    /// The path asked for live; /health/live unless given
    #[arg(long, value_name = "PATH")]
    pub(crate) live: Option<UrlPath>,
    /// The port that the container listens on; by default its $PORT, else that of `[service] listen`
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,
    /// What asks; it must be in the image
    #[arg(long, value_name = "PROGRAM", default_value = "curl")]
    pub(crate) with: Asker,
    /// Where it is written.
    #[command(flatten)]
    pub(crate) target: Target,
}

/// Where a configuration is written.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// Writes it to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Overwrites what is there
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
}

/// What a container is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ask {
    /// Whether the process itself works
    Live,
    /// Whether it may have traffic: `health.path`
    Ready,
}

/// What asks inside a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Asker {
    /// curl
    Curl,
    /// wget: that of GNU, or the one in Alpine
    Wget,
    /// `handover health check`
    Handover,
}
