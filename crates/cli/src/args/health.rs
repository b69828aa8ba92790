//! Whether a service is well, and how a platform is told to ask.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::settings::{Period, UrlPath};

/// `handover health`.
#[derive(Debug, Subcommand)]
pub(crate) enum Health {
    /// Writes a platform's own probes, as handover.toml has them
    #[command(subcommand)]
    Config(HealthConfig),
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
    /// wget: that of GNU, or of BusyBox as in Alpine
    Wget,
    /// `handover health check`
    Handover,
}
