//! The backends, in the order of the table's columns.
//!
//! A backend is a name and a function that starts it and returns it as a [`Subject`]: with as much sight of the world
//! behind the switcher as there is, on ports of its own, in temporary folders. Dropping the subject stops everything.

use std::pin::Pin;

use handover_traffic::testkit::{Model, Subject};

use crate::edge::Edge;
#[cfg(not(test))]
use crate::rigs::{
    composite::Pair,
    exec::Router,
    haproxy::subject::OnHaproxy,
    railway::conformance::Shop,
    unlike::Unlike,
    vercel::conformance::{promoting, rolling},
};

/// What a start leads to; an error is why the backend cannot be run here.
pub(crate) type Started = Result<Box<dyn Subject>, String>;

/// One column of the table.
pub(crate) struct Backend {
    pub(crate) name: &'static str,
    pub(crate) start: fn() -> Pin<Box<dyn Future<Output = Started>>>,
}

pub(crate) const BACKENDS: &[Backend] = &[
    Backend { name: "in memory", start: || Box::pin(async { subject(Model::new()) }) },
    Backend { name: "edge", start: || Box::pin(async { subject(Edge::start().await?) }) },
    #[cfg(not(test))]
    Backend { name: "HAProxy", start: || Box::pin(async { haproxy().await }) },
    #[cfg(not(test))]
    Backend { name: "Exec", start: || Box::pin(async { subject(Router::start().await) }) },
    #[cfg(not(test))]
    Backend { name: "Railway", start: || Box::pin(async { subject(Shop::open().await) }) },
    #[cfg(not(test))]
    Backend { name: "Vercel promote", start: || Box::pin(async { subject(promoting().await) }) },
    #[cfg(not(test))]
    Backend { name: "Vercel rolling", start: || Box::pin(async { subject(rolling().await) }) },
    #[cfg(not(test))]
    Backend { name: "Composite", start: || Box::pin(async { subject(Pair::new()) }) },
];

/// Those that fault schedules run on by the thousand. The reference model is left out, as its own tests do that on paused
/// time; programs are moved by one of Rust, as an interpreter would take hours to start.
pub(crate) const FAULTY: &[Backend] = &[
    Backend { name: "edge", start: || Box::pin(async { subject(Edge::start().await?) }) },
    #[cfg(not(test))]
    Backend { name: "HAProxy", start: || Box::pin(async { haproxy().await }) },
    #[cfg(not(test))]
    Backend { name: "Exec", start: || Box::pin(async { subject(Router::swift().await) }) },
    #[cfg(not(test))]
    Backend { name: "Railway", start: || Box::pin(async { subject(Shop::open().await) }) },
    #[cfg(not(test))]
    Backend { name: "Vercel promote", start: || Box::pin(async { subject(promoting().await) }) },
    #[cfg(not(test))]
    Backend { name: "Vercel rolling", start: || Box::pin(async { subject(rolling().await) }) },
    #[cfg(not(test))]
    Backend { name: "Composite", start: || Box::pin(async { unlike().await }) },
];

#[cfg(not(test))]
async fn unlike() -> Started {
    Unlike::start().await.map_or_else(|| Err("haproxy is not installed".into()), subject)
}

#[cfg(not(test))]
async fn haproxy() -> Started {
    match OnHaproxy::start().await {
        OnHaproxy::Missing(_) => Err("haproxy is not installed".into()),
        there @ OnHaproxy::Real(_) => subject(there),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "so that a line of the list is short")]
fn subject(subject: impl Subject + 'static) -> Started {
    Ok(Box::new(subject))
}
