use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use super::Flags;
use super::flag::{Flag, Safe};
use super::guard::WipeGuard;
use super::intake::{Intake, OnStale};
use super::last_known_good;
use super::shared::Shared;
use super::status::{Started, Status};
use super::tasks::{Limits, OnExposures, Progress, TakenUp, Tasks, count, listen, report, save};
use crate::hot::{Exposure, Source};
use crate::store::{Contents, FlagStore};
use crate::{FlagName, InvalidName};

/// How long a start waits for the store before it goes on with what else is known.
const START_WITHIN: Duration = Duration::from_secs(2);

/// How old what is known may become before it is called too old.
const MAX_STALENESS: Duration = Duration::from_mins(5);

/// How the flags of a process are to begin. Each setting has a default that is safe.
#[derive(Debug)]
pub struct FlagsBuilder {
    store: Arc<dyn FlagStore>,
    declared: Vec<Flag>,
    names: Vec<(FlagName, Safe)>,
    bootstrap: Option<Contents>,
    last_known_good: Option<PathBuf>,
    start_within: Duration,
    max_staleness: Duration,
    on_stale: OnStale,
    guard: WipeGuard,
    instance: Option<Arc<str>>,
    count: bool,
    on_exposures: Option<OnExposures>,
}

impl FlagsBuilder {
    pub(super) fn new(store: Arc<dyn FlagStore>) -> Self {
        Self {
            store,
            declared: Vec::new(),
            names: Vec::new(),
            bootstrap: None,
            last_known_good: None,
            start_within: START_WITHIN,
            max_staleness: MAX_STALENESS,
            on_stale: OnStale::default(),
            guard: WipeGuard::default(),
            instance: None,
            count: true,
            on_exposures: None,
        }
    }

    /// A flag that the program uses, and what it is when nothing is known of it.
    ///
    /// # Panics
    ///
    /// The name is no name of a flag: a mistake in the program.
    #[must_use]
    pub fn flag(self, name: &'static str, safe: Safe) -> Self {
        self.declare(&[Flag::new(name, safe)])
    }

    /// The flags that the program uses.
    ///
    /// # Panics
    ///
    /// One of the names is no name of a flag: a mistake in the program.
    #[must_use]
    #[expect(clippy::panic, reason = "a constant that cannot be a name is a mistake of the program")]
    pub fn declare(mut self, flags: &[Flag]) -> Self {
        for flag in flags {
            self.names.push((name(flag).unwrap_or_else(|error| panic!("{error}")), flag.safe));
        }
        self.declared.extend_from_slice(flags);
        self
    }

    /// What is known before the store has spoken, and where there is no file of last known values.
    #[must_use]
    pub fn bootstrap(mut self, contents: Contents) -> Self {
        self.bootstrap = Some(contents);
        self
    }

    /// A file that keeps the last values known, so that a restart during an outage serves them.
    ///
    /// Of one process alone: two that write the same file overwrite each other's.
    #[must_use]
    pub fn last_known_good(mut self, path: impl AsRef<Path>) -> Self {
        self.last_known_good = Some(path.as_ref().to_owned());
        self
    }

    /// How long a start waits for the store: 2 s if not said. It goes on listening after that.
    #[must_use]
    pub const fn start_within(mut self, most: Duration) -> Self {
        self.start_within = most;
        self
    }

    /// How old what is known may become, and what is done then: 5 minutes and [`OnStale::Hold`] if not said.
    #[must_use]
    pub const fn max_staleness(mut self, most: Duration, then: OnStale) -> Self {
        self.max_staleness = most;
        self.on_stale = then;
        self
    }

    /// When the loss of flags looks like an accident: of more than half of them if not said.
    #[must_use]
    pub const fn wipe_guard(mut self, guard: WipeGuard) -> Self {
        self.guard = guard;
        self
    }

    /// What this process is called where it confirms changes: the host's name and the process's number if not said.
    #[must_use]
    pub fn instance(mut self, name: impl Into<Arc<str>>) -> Self {
        self.instance = Some(name.into());
        self
    }

    /// Whether reads are counted: they are if not said, for about a nanosecond each.
    #[must_use]
    pub const fn count_exposures(mut self, count: bool) -> Self {
        self.count = count;
        self
    }

    /// Tells from time to time which flags were read since the last time, and how often. Reads wait for nobody.
    #[must_use]
    pub fn on_exposures(
        mut self,
        every: Duration,
        tell: impl Fn(&[Exposure]) + Send + Sync + 'static,
    ) -> Self {
        self.on_exposures = Some(OnExposures { every, tell: Arc::new(tell) });
        self
    }

    /// Begins, and never fails: from the store, else from the file of last known values, else from the bootstrap, else
    /// from safe values. [`Status::started`] says which. It listens to the store from then on.
    ///
    /// Cancelled, nothing is left behind.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with its timer.
    pub async fn start(self) -> Flags {
        let shared = Arc::new(Shared::new(Status::first(self.store.name()), self.count));
        let safe: HashMap<_, _> = self.names.iter().cloned().collect();
        let mut intake = Intake::new(Arc::clone(&shared), safe, self.guard, self.on_stale);
        let begun = self.begin(&shared, &mut intake).await;
        let (progress, mut taken_up) = watch::channel(TakenUp::default());
        let mut tasks = Tasks::default();
        let limits = Limits { max_staleness: self.max_staleness, saved: self.last_known_good.is_some() };
        tasks.add(listen(Arc::clone(&self.store), Arc::clone(&shared), intake, limits, progress));
        self.add_tasks(&mut tasks, &shared, &taken_up);
        let heard = timeout(self.start_within, taken_up.wait_for(|taken_up| taken_up.by_the_store)).await;
        let started = if matches!(heard, Ok(Ok(_))) { Started::Store } else { begun };
        shared.with_status(|status| status.started = started);
        tracing::info!(store = self.store.name(), ?started, "flags have begun");
        Flags::new(shared, tasks, self.declared)
    }

    /// What is known without the store.
    async fn begin(&self, shared: &Shared, intake: &mut Intake) -> Started {
        if let Some((contents, age)) = self.last_known(shared).await {
            intake.begin(contents, Source::LastKnownGood);
            shared.fresh.known_before(age);
            return Started::LastKnownGood { age };
        }
        match &self.bootstrap {
            Some(contents) => {
                intake.begin(contents.clone(), Source::Bootstrap);
                Started::Bootstrap
            }
            None => Started::Safe,
        }
    }

    async fn last_known(&self, shared: &Shared) -> Option<(Contents, Duration)> {
        let path = self.last_known_good.clone()?;
        let read = tokio::task::spawn_blocking(move || last_known_good::read(&path)).await;
        match read {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                tracing::error!(%error, "the last known values are not used");
                shared.with_status(|status| status.last_known_good = Some(error.to_string().into()));
                None
            }
            Err(_) => None,
        }
    }

    fn add_tasks(&self, tasks: &mut Tasks, shared: &Arc<Shared>, taken_up: &Progress) {
        if let Some(path) = self.last_known_good.clone() {
            tasks.add(save(path, Arc::clone(shared), taken_up.clone()));
        }
        if self.store.capabilities().seen {
            let (store, shared) = (Arc::clone(&self.store), Arc::clone(shared));
            let declared = self.names.iter().map(|(name, _)| name.clone()).collect();
            tasks.add(report(store, shared, self.instance_name(), declared, taken_up.clone()));
        }
        if let Some(on_exposures) = self.on_exposures.clone() {
            tasks.add(count(on_exposures, Arc::clone(shared)));
        }
    }

    fn instance_name(&self) -> Arc<str> {
        self.instance.clone().unwrap_or_else(|| {
            let host =
                std::env::var("HOSTNAME").ok().or_else(|| std::fs::read_to_string("/etc/hostname").ok());
            let host = host.unwrap_or_default();
            format!("{}/{}", host.trim(), std::process::id()).into()
        })
    }
}

fn name(flag: &Flag) -> Result<FlagName, InvalidName> {
    FlagName::new(flag.name)
}
