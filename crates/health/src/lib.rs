//! Probes that say whether a process may have traffic.
//!
//! A service describes its [`Check`]s to [`Health::builder`] and mounts the endpoints; that is all. Each check is asked in
//! the background, in a task of its own, and the endpoints answer from a [`Snapshot`] made beforehand: no request ever waits
//! for a dependency, and no number of requests asks it more often. [`Lifecycle`] takes the process from start-up through a
//! drain to its end. What failed is said in public as a [`ProbeClass`] only; addresses and messages are in
//! [`ProbeError::detail`], for whoever owns the target.
//!
//! To write a probe, start at [`HealthProbe`]: one method, with a deadline; or at [`probe_fn`]. To watch something else than
//! this process, [`Watched`] asks any probe in the background, [`Views`] asks a service from several places, of which so many
//! have to find it well, and [`Reading`] is what another service says of itself.
//!
//! | feature | adds |
//! |---|---|
//! | `axum` | the endpoints as a router, signals, and serving with a drain |
//! | `tower` | the endpoints as a plain service, for any server built on hyper |
//! | `grpc` | gRPC's health protocol |
//! | `instance` | `InstanceProbe`, one HTTP/1.1 request over a fresh connection, and `SmokeTest`, named steps over it |
//! | `http` | `HttpProbe`, an address anywhere, over HTTPS too |
//! | `postgres` | `PostgresProbe`, with a connection of its own or the application's pool |
//! | `redis` | `RedisProbe`, and `RedisFleet`, by which instances learn that all of them fail |
//! | `tcp`, `dns` | `TcpProbe`, whether a port takes connections; `DnsProbe`, whether a name resolves |
//! | `disk`, `memory` | `DiskProbe` and `MemoryProbe`, how much is left |
//! | `process`, `command` | `ProcessProbe`, whether another process is there; `CommandProbe`, what a program says |
//!
//! Not for: calling a dependency on the request path.

mod error;
mod flow;
#[cfg(feature = "grpc")]
pub mod grpc;
mod guarded;
mod health;
mod hysteresis;
mod invalid;
mod lifecycle;
mod local;
mod outside;
pub mod page;
mod probe;
mod probe_fn;
mod race;
mod reading;
mod rss;
#[cfg(feature = "tower")]
mod service;
mod text;
mod watch;

#[cfg(any(feature = "http", feature = "instance"))]
mod answer;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(any(feature = "http", feature = "instance", feature = "postgres", feature = "redis", feature = "tcp"))]
mod cause;
#[cfg(feature = "instance")]
mod instance;
mod probes;

pub use error::{ProbeClass, ProbeError};
pub use flow::{FlowReport, FlowStep, SmokeFlow, SmokeRun};
pub use health::{
    Check, CheckReport, CheckStatus, Criticality, Event, FailOpen, Fleet, Health, HealthBuilder, Identity,
    InvalidHealth, LocalReport, Report, Snapshot, State, Tally,
};
pub use hysteresis::{RiseFall, Standing};
pub use invalid::InvalidProbe;
pub use lifecycle::{DrainTimes, Drained, Lifecycle, Stage};
pub use local::{Heartbeat, LocalProbe};
pub use outside::{InvalidQuorum, Quorum, View, ViewReport, Views, ViewsEvent, ViewsReport};
pub use probe::{HealthProbe, Healthy, Measured};
pub use probe_fn::{ProbeFn, probe_fn};
pub use reading::{CheckReading, Reading, Said};
#[cfg(feature = "tower")]
pub use service::{Answering, HealthService, SmokeAccess};
pub use watch::{Lately, Schedule, Status, Transition, Watched};

#[cfg(any(feature = "http", feature = "instance"))]
pub use self::answer::Answer;
#[cfg(feature = "instance")]
pub use self::instance::{InstanceProbe, SmokeEnd, SmokeReport, SmokeStep, SmokeTest};
#[cfg(feature = "command")]
pub use self::probes::CommandProbe;
#[cfg(feature = "disk")]
pub use self::probes::DiskProbe;
#[cfg(feature = "dns")]
pub use self::probes::DnsProbe;
#[cfg(feature = "http")]
pub use self::probes::HttpProbe;
#[cfg(feature = "memory")]
pub use self::probes::MemoryProbe;
#[cfg(feature = "postgres")]
pub use self::probes::PostgresProbe;
#[cfg(feature = "process")]
pub use self::probes::ProcessProbe;
#[cfg(feature = "tcp")]
pub use self::probes::TcpProbe;
#[cfg(feature = "redis")]
pub use self::probes::{RedisFleet, RedisProbe};
