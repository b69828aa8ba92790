//! A configuration that this backend can steer, for who has none yet.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use handover_core::{BySlot, Slot};

use super::{HaproxyOptions, RuntimeSocket};

/// What is to stand in the file.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct HaproxyConfig {
    /// Where users arrive.
    pub listen: SocketAddr,
    /// Where each slot's release listens: an address for each of the slot's servers, in their order.
    pub releases: BySlot<Vec<SocketAddr>>,
    /// The path that a healthy release answers with 2xx or 3xx.
    pub health_path: String,
    /// The folder with one secret per slot, `pin-blue` and `pin-green`, and one for probes, `pin-probe`; without it no
    /// request can name its slot, and probes are judged like users' requests.
    pub pins: Option<PathBuf>,
    /// Where the log goes, and its format.
    pub log: Option<(SocketAddr, String)>,
}

impl HaproxyConfig {
    /// Users at `listen`, releases at `releases`, asked for `/`, without pins and log.
    pub fn new(listen: SocketAddr, releases: BySlot<Vec<SocketAddr>>) -> Self {
        Self { listen, releases, health_path: "/".into(), pins: None, log: None }
    }

    /// Asks releases for this path.
    #[must_use]
    pub fn with_health_path(mut self, path: impl Into<String>) -> Self {
        self.health_path = path.into();
        self
    }

    /// Lets a request name its slot that knows the secret in this folder.
    #[must_use]
    pub fn with_pins(mut self, folder: impl Into<PathBuf>) -> Self {
        self.pins = Some(folder.into());
        self
    }

    /// Logs each request there, in this format.
    #[must_use]
    pub fn with_log(mut self, to: SocketAddr, format: impl Into<String>) -> Self {
        self.log = Some((to, format.into()));
        self
    }

    /// The whole file, for the backend, servers, socket and state file of `options`.
    pub fn text(&self, options: &HaproxyOptions) -> String {
        let parts = [self.global(options), self.defaults(), self.frontend(options), self.backend(options)];
        parts.join("\n")
    }

    fn global(&self, options: &HaproxyOptions) -> String {
        let mut text = "global\n    # How weights are moved and read.\n".to_owned();
        let at = match &options.socket {
            RuntimeSocket::Unix(path) => format!("{} mode 600", path.display()),
            RuntimeSocket::Tcp(address) => format!("ipv4@{address}"),
        };
        line(&mut text, &format!("stats socket {at} level admin expose-fd listeners"));
        if let Some(file) = &options.state_file {
            text.push_str("    # Without it a reload would take every weight from this file again.\n");
            line(&mut text, &format!("server-state-file {}", file.display()));
        }
        if let Some((to, _)) = &self.log {
            line(&mut text, &format!("log {to} len 1024 format raw local0 info"));
        }
        text
    }

    fn defaults(&self) -> String {
        let mut text = "defaults\n".to_owned();
        let lines = [
            "mode http",
            "timeout connect 2s",
            "timeout client 60s",
            "timeout server 60s",
            "timeout http-request 10s",
            "timeout http-keep-alive 60s",
            "load-server-state-from-file global",
            "# Who has gone is not waited for: a slot drains as soon as its users have their answers.",
            "option abortonclose",
            "# A release that goes away in the middle of a cutover costs no request that can be asked again.",
            "retries 2",
            "option redispatch 1",
            "retry-on conn-failure empty-response response-timeout",
        ];
        for each in lines {
            line(&mut text, each);
        }
        if let Some((_, format)) = &self.log {
            line(&mut text, "log global");
            line(&mut text, &format!("log-format '{format}'"));
        }
        text
    }

    fn frontend(&self, options: &HaproxyOptions) -> String {
        let mut text = "frontend users\n".to_owned();
        line(&mut text, &format!("bind {}", self.listen));
        if self.pins.is_some() {
            text.push_str("    # Who knows a slot's secret names its slot. Such requests are not judged, and neither are probes.\n");
            line(&mut text, "http-request set-var(txn.handover_pin) req.hdr(handover-pin)");
            line(&mut text, "http-request set-var(txn.handover_probe) req.hdr(handover-probe)");
            let rules = Slot::BOTH.map(|slot| self.pinned(slot)).into_iter().chain([self.probing()]);
            for rule in rules {
                line(&mut text, &format!("http-request set-var(txn.handover_skip) str(1) if {rule}"));
            }
        }
        line(&mut text, "http-request del-header handover-pin");
        line(&mut text, "http-request del-header handover-probe");
        line(&mut text, &format!("default_backend {}", options.backend));
        text
    }

    fn backend(&self, options: &HaproxyOptions) -> String {
        let mut text = format!("backend {}\n", options.backend);
        line(&mut text, "balance roundrobin");
        line(&mut text, &format!("option httpchk GET {}", self.health_path));
        line(&mut text, "# How an answer says which slot it is from; a release's own header is overwritten.");
        for (slot, servers) in options.servers.iter() {
            for server in servers {
                let rule = format!("{{ srv_name -m str {server} }}");
                line(&mut text, &format!("http-response set-header handover-slot {slot} if {rule}"));
            }
        }
        for (slot, servers) in options.servers.iter().filter(|_| self.pins.is_some()) {
            let rule = self.pinned(slot);
            for server in servers {
                line(&mut text, &format!("use-server {server} if {rule}"));
            }
        }
        for (slot, servers) in options.servers.iter() {
            let weight = if slot == Slot::Blue { 200 } else { 0 };
            for (server, address) in servers.iter().zip(&self.releases[slot]) {
                line(
                    &mut text,
                    &format!("server {server} {address} check inter 1s fall 2 rise 1 weight {weight}"),
                );
            }
        }
        text
    }

    fn pinned(&self, slot: Slot) -> String {
        self.knows("handover_pin", &format!("pin-{slot}"))
    }

    fn probing(&self) -> String {
        self.knows("handover_probe", "pin-probe")
    }

    /// A condition: the request came with the secret in this file.
    fn knows(&self, variable: &str, file: &str) -> String {
        let folder = self.pins.clone().unwrap_or_default();
        format!("{{ var(txn.{variable}) -m str -f {} }}", folder.join(file).display())
    }
}

fn line(text: &mut String, content: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "    {content}");
}
