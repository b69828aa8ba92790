use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::pages::Endpoint;
use super::status::is_well;
use super::time::{iso, millis};
use crate::{CheckReport, Report, State};

#[derive(Serialize)]
struct Basic<'a> {
    status: &'static str,
    timestamp: String,
    uptime: f64,
    version: &'a str,
}

#[derive(Serialize)]
struct Checked<'a> {
    status: &'static str,
    checks: Checks<'a>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    degraded: bool,
    timestamp: String,
}

#[derive(Serialize)]
struct Alive {
    status: &'static str,
    pid: u32,
    memory: Memory,
    timestamp: String,
}

/// In bytes.
#[derive(Serialize)]
struct Memory {
    #[serde(skip_serializing_if = "Option::is_none")]
    rss: Option<u64>,
}

/// `{"database": "ok"}`, in the order they were given.
struct Checks<'a>(&'a [CheckReport]);

impl Serialize for Checks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for check in self.0 {
            map.serialize_entry(&*check.name, check.status.as_str())?;
        }
        map.end()
    }
}

/// The keys and words that the strategy's services answer with.
pub(super) fn body(report: &Report, endpoint: Endpoint) -> Vec<u8> {
    match endpoint {
        Endpoint::Health => json(&basic(report)),
        Endpoint::Ready => json(&ready(report)),
        Endpoint::Live => json(&alive(report)),
        Endpoint::Startup => json(&started(report)),
    }
}

/// Of these types only, none of which can fail to be written.
pub(super) fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

fn basic(report: &Report) -> Basic<'_> {
    let uptime = millis(report.uptime).round() / 1e3;
    Basic { status: "ok", timestamp: iso(report.at), uptime, version: &report.identity.version }
}

fn ready(report: &Report) -> Checked<'_> {
    Checked {
        status: if is_well(report, Endpoint::Ready) { "ready" } else { "not_ready" },
        checks: Checks(&report.checks),
        degraded: report.state == State::Degraded,
        timestamp: iso(report.at),
    }
}

fn alive(report: &Report) -> Alive {
    Alive {
        status: if report.is_alive() { "alive" } else { "dead" },
        pid: report.identity.pid,
        memory: Memory { rss: report.rss },
        timestamp: iso(report.at),
    }
}

fn started(report: &Report) -> Checked<'_> {
    Checked {
        status: if report.has_started() { "started" } else { "starting" },
        checks: Checks(&report.startup),
        degraded: false,
        timestamp: iso(report.at),
    }
}
