//! Probes and the time to end, as a patch of a Deployment: `kubectl patch deployment NAME --patch-file FILE`.

use super::document::{Entry, Node, entry};
use super::numbers::{Cadence, Numbers, whole};
use super::{Made, STARTUP, listened, live, path_notes};
use crate::args::KubernetesConfig;
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{Settings, UrlPath};

const WHY_STARTUP: &str = "Until it has answered once, neither of the others asks: health.start_limit, in steps of health.interval.";
const WHY_READINESS: &str =
    "Takes the pod out of its Service, and puts it back: health.path, interval, timeout, rise and fall.";
const WHY_LIVENESS: &str = "Restarts the container, which mends only a process that hangs: so this path asks no dependency,\nseldom and with patience, or one that is down would take every replica with it.";
const WHY_PRE_STOP: &str =
    "Requests still come while its endpoint is withdrawn: it serves on for so long before SIGTERM.";

/// Who asks what.
struct Probes<'a> {
    settings: &'a Settings,
    numbers: Numbers,
    port: u16,
    live: String,
    startup: &'a str,
}

/// The patch.
pub(super) fn made(settings: &Settings, numbers: Numbers, args: &KubernetesConfig) -> Result<Made, Failure> {
    let probes = Probes {
        settings,
        numbers,
        port: port(settings, args)?,
        live: live(args.live.as_ref(), settings)?,
        startup: args.startup.as_ref().map_or(STARTUP, UrlPath::as_str),
    };
    let config = probes.patch(args);
    let name = &settings.service.name;
    let text = format!(
        "# Probes of {name}, written by `handover health config kubernetes` from handover.toml.\n# As it is: kubectl patch deployment NAME --patch-file FILE; or by hand what stands beside `name`.\n{config}"
    );
    let notes = path_notes(settings).into_iter().chain(guesses(&probes, args)).collect();
    Ok(Made { platform: "kubernetes", text, config, notes })
}

fn port(settings: &Settings, args: &KubernetesConfig) -> Result<u16, Failure> {
    args.port.or_else(|| listened(settings)).ok_or_else(|| {
        Failure::new("could not tell which port the container listens on", Exit::Usage)
            .because("neither `--port` nor `[service] listen` in handover.toml names one")
            .hint("`handover health config kubernetes --port PORT`")
    })
}

/// What was taken for granted.
fn guesses(probes: &Probes<'_>, args: &KubernetesConfig) -> Vec<String> {
    let port = format!(
        "port {} is that of `[service] listen`: `--port` where the container listens on another",
        probes.port
    );
    let paths = format!(
        "liveness asks {} and startup {}: `--live` and `--startup` where the service calls them otherwise",
        probes.live, probes.startup
    );
    let guessed = [(args.port.is_none(), port), (args.live.is_none() || args.startup.is_none(), paths)];
    guessed.into_iter().filter_map(|(guessed, note)| guessed.then_some(note)).collect()
}

impl Probes<'_> {
    fn patch(&self, args: &KubernetesConfig) -> Node {
        let pause = args.pre_stop.map(|time| whole(time.get()));
        let pod = [
            entry("terminationGracePeriodSeconds", self.numbers.stop + pause.unwrap_or(0))
                .because(self.why_stop(args)),
            entry("containers", Node::List(vec![self.container(args, pause)])),
        ];
        Node::from([entry("spec", [entry("template", [entry("spec", pod)])])])
    }

    fn container(&self, args: &KubernetesConfig, pause: Option<u64>) -> Node {
        let name = args.container.as_deref().unwrap_or(self.settings.service.name.as_str());
        let Numbers { start, ready, live, .. } = self.numbers;
        let mut entries = vec![
            entry("name", name),
            self.probe("startupProbe", self.startup, start).because(WHY_STARTUP),
            self.probe("readinessProbe", self.settings.health.path.as_str(), ready).because(WHY_READINESS),
            self.probe("livenessProbe", &self.live, live).because(WHY_LIVENESS),
        ];
        entries.extend(pause.map(pre_stop));
        entries.into()
    }

    /// Kubernetes lets only readiness rise by more than one answer.
    fn probe(&self, key: &'static str, path: &str, cadence: Cadence) -> Entry {
        let get = [entry("path", path), entry("port", u64::from(self.port))];
        let Cadence { period, timeout, rise, fall } = cadence;
        let probe = [
            entry("httpGet", get),
            entry("periodSeconds", period),
            entry("timeoutSeconds", timeout),
            entry("successThreshold", rise),
            entry("failureThreshold", fall),
        ];
        entry(key, probe)
    }

    fn why_stop(&self, args: &KubernetesConfig) -> String {
        let Settings { strategy, release, .. } = self.settings;
        let pause = args.pre_stop.map(|time| format!("{time} before SIGTERM, ")).unwrap_or_default();
        format!(
            "Until it is killed: {pause}{} to finish requests (strategy.drain), {} to stop (release.grace).",
            strategy.drain, release.grace
        )
    }
}

/// `sleep` is done by the kubelet, so that the image needs none; since Kubernetes 1.30.
fn pre_stop(seconds: u64) -> Entry {
    let sleep = [entry("sleep", [entry("seconds", seconds)])];
    entry("lifecycle", [entry("preStop", sleep)]).because(WHY_PRE_STOP)
}
