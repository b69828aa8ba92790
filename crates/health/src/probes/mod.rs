//! Probes of what a service depends on, each behind a feature of its name.
//!
//! They keep to a deadline themselves and sort what goes wrong into classes; what others say goes into the detail. None
//! prints an address, a name or a secret.

#[cfg(any(
    feature = "disk",
    feature = "dns",
    feature = "http",
    feature = "postgres",
    feature = "process",
    feature = "redis",
    feature = "tcp"
))]
mod blocking;
#[cfg(feature = "command")]
mod command;
#[cfg(any(
    feature = "command",
    feature = "disk",
    feature = "dns",
    feature = "postgres",
    feature = "process",
    feature = "redis",
    feature = "tcp"
))]
mod deadline;
#[cfg(feature = "disk")]
mod disk;
#[cfg(feature = "dns")]
mod dns;
#[cfg(feature = "http")]
mod http;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod kept;
#[cfg(any(feature = "dns", feature = "http", feature = "postgres", feature = "redis", feature = "tcp"))]
mod lookup;
#[cfg(feature = "memory")]
mod memory;
#[cfg(any(feature = "redis", feature = "tcp"))]
mod place;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "process")]
mod process;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "tcp")]
mod tcp;

#[cfg(feature = "command")]
pub use self::command::CommandProbe;
#[cfg(feature = "disk")]
pub use self::disk::DiskProbe;
#[cfg(feature = "dns")]
pub use self::dns::DnsProbe;
#[cfg(feature = "http")]
pub use self::http::HttpProbe;
#[cfg(feature = "memory")]
pub use self::memory::MemoryProbe;
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresProbe;
#[cfg(feature = "process")]
pub use self::process::ProcessProbe;
#[cfg(feature = "redis")]
pub use self::redis::RedisProbe;
#[cfg(feature = "tcp")]
pub use self::tcp::TcpProbe;
