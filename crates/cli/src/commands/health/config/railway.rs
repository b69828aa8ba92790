//! `railway.json`: what Railway does around a deployment.

use super::document::{Node, entry};
use super::numbers::Numbers;
use super::{Made, path_notes};
use crate::settings::Settings;

/// Where an editor finds what the file may hold.
const SCHEMA: &str = "https://railway.com/railway.schema.json";
/// Seconds until Railway's own edge has the new deployment everywhere: its changes spread within seconds.
const OVERLAP: u64 = 10;

/// The file. Each number is one: as text, as Railway's reference once showed it, a deployment fails.
pub(super) fn made(settings: &Settings, numbers: Numbers) -> Made {
    let deploy = [
        entry("healthcheckPath", settings.health.path.as_str()),
        entry("healthcheckTimeout", numbers.start_limit),
        entry("overlapSeconds", OVERLAP),
        entry("drainingSeconds", numbers.stop),
    ];
    let config = Node::from([entry("$schema", SCHEMA), entry("deploy", deploy)]);
    let text = super::merge::pretty(&config, "  ");
    Made { platform: "railway", text, config, notes: notes(settings) }
}

fn notes(settings: &Settings) -> Vec<String> {
    let own = [
        "Railway asks the path until it answers exactly 200 once, and never again: watching what is live is handover's, or yours",
        "it asks as `healthcheck.railway.app`: a service that knows its hosts must know that one",
    ];
    path_notes(settings).into_iter().chain(own.map(str::to_owned)).collect()
}
