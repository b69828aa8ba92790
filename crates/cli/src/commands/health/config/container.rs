//! What is run inside a container to ask whether it is well.

use super::numbers::{Cadence, Numbers};
use super::{listened, live};
use crate::args::{Ask, Asker, ContainerConfig};
use crate::report::Failure;
use crate::settings::Settings;

/// A check as Docker knows it.
pub(super) struct Check {
    pub(super) cadence: Cadence,
    /// Seconds in which a bad answer does not count.
    pub(super) start_period: u64,
    /// For `sh -c`.
    pub(super) command: String,
}

impl Check {
    /// What is asked, by what.
    pub(super) fn new(
        settings: &Settings,
        numbers: Numbers,
        args: &ContainerConfig,
        ask: Ask,
    ) -> Result<Self, Failure> {
        let (path, cadence) = match ask {
            Ask::Live => (live(args.live.as_ref(), settings)?, numbers.live),
            Ask::Ready => (settings.health.path.to_string(), numbers.ready),
        };
        let url = url(args.port, listened(settings), &path);
        Ok(Self {
            cadence,
            start_period: numbers.start_limit,
            command: command(args.with, &url, cadence.timeout),
        })
    }
}

/// As a word of a shell's, which fills in the container's own port.
fn url(port: Option<u16>, usual: Option<u16>, path: &str) -> String {
    let port = match (port, usual) {
        (Some(port), _) => port.to_string(),
        (None, Some(usual)) => format!("${{PORT:-{usual}}}"),
        (None, None) => "$PORT".to_owned(),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~%=:@,+".contains(c);
    if path.chars().all(plain) {
        return format!("\"http://127.0.0.1:{port}{path}\"");
    }
    format!("\"http://127.0.0.1:{port}\"'{}'", path.replace('\'', r"'\''"))
}

/// Docker knows 0 and 1; what else a program ends with would be a word it keeps for itself.
fn command(with: Asker, url: &str, seconds: u64) -> String {
    let asked = match with {
        // No guessing at braces and brackets in the path.
        Asker::Curl => format!("curl -gfsS -o /dev/null -m {seconds} {url}"),
        Asker::Wget => format!("wget -q -T {seconds} -t 1 -O /dev/null {url}"),
        Asker::Handover => format!("handover health check --timeout {seconds}s {url}"),
    };
    format!("{asked} || exit 1")
}

/// What the image needs.
pub(super) const fn needs(with: Asker) -> &'static str {
    match with {
        Asker::Curl => "curl must be in the image; Alpine and BusyBox have wget instead: `--with wget`.",
        Asker::Wget => "wget must be in the image, GNU's or BusyBox's (Alpine has that).",
        Asker::Handover => "handover must be in the image, on its PATH: it needs neither curl nor wget.",
    }
}
