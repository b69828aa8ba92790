//! The ten promises, on a real HAProxy.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use handover_traffic::haproxy::{Haproxy, RuntimeSocket};
use handover_traffic::logbook::WithLogbook;
use handover_traffic::testkit::{Opened, Subject, Weighed};
use handover_traffic::{InMemory, TrafficSwitcher};

use super::rig::Rig;
use super::runtime_path::{Fate, RuntimePath};
use super::scales::Scales;
use super::users;

/// The rig with two paths to its Runtime API; where HAProxy is not installed, the model stands in and says so.
pub(crate) enum OnHaproxy {
    Real(Box<Real>),
    Missing(InMemory),
}

/// The one command, by how many came before it, that is not simply passed on.
type Script = Mutex<Option<(u64, Fate)>>;

pub(crate) struct Real {
    rig: Rig,
    path: RuntimePath,
    switcher: WithLogbook<Haproxy>,
    scales: Arc<Scales>,
    struck: Arc<Script>,
}

impl OnHaproxy {
    pub(crate) async fn start() -> Self {
        let Some(rig) = Rig::start().await else { return Self::Missing(InMemory::new()) };
        let (scales, struck) = (Arc::new(Scales::new(rig.socket())), Arc::new(Script::new(None)));
        let (script, watch) = (Arc::clone(&struck), Arc::clone(&scales));
        let fate = move |nth| match *script.lock().unwrap() {
            Some((at, fate)) if at == nth => fate,
            _ => Fate::Passed,
        };
        let path = RuntimePath::watched(rig.folder.path(), rig.socket(), fate, move || watch.look());
        let switcher = by_way_of(&rig, &path);
        Self::Real(Box::new(Real { rig, path, switcher, scales, struck }))
    }

    /// The switcher, where HAProxy is real.
    #[cfg(feature = "standins")]
    pub(crate) fn handle(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        let Self::Real(real) = self else { return None };
        Some(Arc::new(real.switcher.clone()))
    }

    /// How many commands to change something came by, and what is to become of one of them.
    fn script(&self) -> Option<(u64, &Script)> {
        let Self::Real(real) = self else { return None };
        Some((real.path.told(), &real.struck))
    }
}

fn by_way_of(rig: &Rig, path: &RuntimePath) -> WithLogbook<Haproxy> {
    let mut options = rig.options();
    options.socket = RuntimeSocket::Unix(path.socket.clone());
    Haproxy::switcher(options.with_timeout(Duration::from_secs(2)), rig.logbook())
}

#[async_trait]
impl Subject for OnHaproxy {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        match self {
            Self::Real(real) => &real.switcher,
            Self::Missing(model) => model,
        }
    }

    async fn open_request(&self) -> Opened {
        match self {
            Self::Real(real) => users::open(real.rig.listen).await,
            Self::Missing(_) => Opened::Unseen,
        }
    }

    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        let Self::Real(real) = self else { return None };
        let path = RuntimePath::start(real.rig.folder.path(), real.rig.socket(), Fate::Unanswered);
        Some(Arc::new(by_way_of(&real.rig, &path)))
    }

    async fn sent(&self) -> Option<u64> {
        let Self::Real(real) = self else { return None };
        Some(real.path.told())
    }

    async fn foreign(&self) -> Option<String> {
        let Self::Real(real) = self else { return None };
        let text = real.rig.by_hand("show servers state neighbour");
        Some(text.lines().map(steady).collect::<Vec<_>>().join("\n"))
    }

    async fn weighed(&self) -> Option<Weighed> {
        let Self::Real(real) = self else { return None };
        real.scales.look();
        Some(real.scales.weighed())
    }

    /// One of the next commands to change something goes wrong, or its answer does.
    async fn strike(&self, number: u64) -> Option<String> {
        let (told, struck) = self.script()?;
        let (before, fate) = (number % 3, FATES[usize::try_from(number / 3 % 4).unwrap()]);
        *struck.lock().unwrap() = Some((told + before, fate));
        Some(format!("{fate:?} after {before} commands"))
    }

    async fn calm(&self) {
        if let Some((_, struck)) = self.script() {
            *struck.lock().unwrap() = None;
        }
    }
}

/// Passed on or not, answered or not; and two answers that are not HAProxy's: a no, and a yes to what it never heard.
const FATES: [Fate; 4] =
    [Fate::Unanswered, Fate::Dropped, Fate::Answered("No such server.\n"), Fate::Answered("\n")];

/// A server's line without how long it has been in its state, which is its own affair.
fn steady(line: &str) -> String {
    let cells = line.split(' ').enumerate().filter(|(at, _)| *at != 9);
    cells.map(|(_, cell)| cell).collect::<Vec<_>>().join(" ")
}

mod promises {
    handover_traffic::conformance_tests!(super::OnHaproxy::start().await);
}
