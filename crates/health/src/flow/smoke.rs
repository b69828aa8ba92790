use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use handover_core::Timestamp;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::parts::{Part, RunPart};
use super::report::{FlowReport, FlowStep};
use super::run::SmokeRun;
use crate::ProbeError;
use crate::race::{First, race};

/// Who asks within this time after a run gets that run's report, and runs begin no closer together: nobody can make the
/// service do nothing else.
const LEAST_GAP: Duration = Duration::from_secs(1);

/// Named steps with a deadline each, taken one after another; the first that fails is the last.
///
/// - **Single flight.** Who asks while it runs gets the report of that run.
/// - **It cleans up.** The cleanup runs after the last step, after a failed one, after one that panicked or was late, and
///   when nobody waits for the report any more.
/// - **It leaves nothing.** Should the process die in the middle, the reaper of a later run, here or elsewhere, removes what
///   carries an old tag.
///
/// ```
/// # use std::time::Duration;
/// # use handover_health::{ProbeError, SmokeFlow, SmokeRun};
/// # #[derive(Clone)] struct Scans;
/// # impl Scans {
/// #     async fn create(&self, tag: &str) -> std::io::Result<()> { let _ = tag; Ok(()) }
/// #     async fn delete(&self, tag: &str) -> std::io::Result<()> { let _ = tag; Ok(()) }
/// # }
/// # async fn walk(scans: Scans) {
/// let create = scans.clone();
/// let flow = SmokeFlow::new()
///     .step("create_scan", Duration::from_secs(2), move |run: SmokeRun| {
///         let scans = create.clone();
///         async move { scans.create(run.tag()).await.map_err(ProbeError::other) }
///     })
///     .cleanup(Duration::from_secs(2), move |run: SmokeRun| {
///         let scans = scans.clone();
///         async move { scans.delete(run.tag()).await.map_err(ProbeError::other) }
///     });
/// assert!(flow.run().await.passed());
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct SmokeFlow {
    parts: Parts,
    book: Arc<Mutex<Book>>,
}

/// What is known of the runs so far.
#[derive(Debug, Default)]
struct Book {
    running: Option<Running>,
    /// When the last one took its first step.
    begun: Option<Instant>,
}

#[derive(Debug, Clone, Default)]
struct Parts {
    steps: Vec<RunPart>,
    cleanup: Option<RunPart>,
    reaper: Option<(Duration, Part<Duration>)>,
}

/// The present run, or the last.
#[derive(Debug)]
struct Running {
    report: watch::Sender<Option<Arc<FlowReport>>>,
    ended: Option<Instant>,
}

impl SmokeFlow {
    /// Without a step.
    pub fn new() -> Self {
        Self::default()
    }

    /// Then does this, in `deadline` at most. Its name is public; of its error only the class is.
    #[must_use]
    pub fn step<F, Done>(mut self, name: &'static str, deadline: Duration, work: F) -> Self
    where
        F: Fn(SmokeRun) -> Done + Send + Sync + 'static,
        Done: Future<Output = Result<(), ProbeError>> + Send + 'static,
    {
        self.parts.steps.push(Part::new(name, deadline, work));
        self
    }

    /// Removes what carries the run's tag, however the run ended. It has to be content where there is nothing. A failure
    /// is shown as a step called `cleanup`.
    #[must_use]
    pub fn cleanup<F, Done>(mut self, deadline: Duration, work: F) -> Self
    where
        F: Fn(SmokeRun) -> Done + Send + Sync + 'static,
        Done: Future<Output = Result<(), ProbeError>> + Send + 'static,
    {
        self.parts.cleanup = Some(Part::new("cleanup", deadline, work));
        self
    }

    /// Before each run, removes what begins with [`SmokeRun::PREFIX`] and is older than `age`, which is passed to it: the
    /// leftovers of processes that died. A failure is logged, and no reason not to run.
    #[must_use]
    pub fn reaper<F, Done>(mut self, age: Duration, deadline: Duration, work: F) -> Self
    where
        F: Fn(Duration) -> Done + Send + Sync + 'static,
        Done: Future<Output = Result<(), ProbeError>> + Send + 'static,
    {
        self.parts.reaper = Some((age, Part::new("reaper", deadline, work)));
        self
    }

    /// Takes the steps, or waits for the run that is under way. A report that is less than a second old is given again.
    ///
    /// # Cancellation
    ///
    /// When the last one that waits is dropped, the step in hand is dropped too, and the cleanup runs.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with time enabled.
    pub async fn run(&self) -> Arc<FlowReport> {
        loop {
            let mut report = self.join();
            let ended = report.wait_for(Option::is_some).await;
            // It may have been broken off just before this one came to wait; then there is another run.
            if let Some(report) =
                ended.ok().and_then(|report| report.clone()).filter(|report| !report.cancelled)
            {
                return report;
            }
        }
    }

    /// The run under way, the last one if it ended just now, or a new one.
    fn join(&self) -> watch::Receiver<Option<Arc<FlowReport>>> {
        let mut book = self.book();
        if let Some(running) = book.running.as_ref().filter(|running| running.is_current()) {
            return running.report.subscribe();
        }
        let (sender, report) = watch::channel(None);
        book.running = Some(Running { report: sender.clone(), ended: None });
        let not_before = book.begun.map(|begun| begun + LEAST_GAP);
        tokio::spawn(self.clone().walk(sender, not_before));
        report
    }

    /// Who comes and leaves at once, again and again, has it run no more often than who stays.
    async fn walk(self, report: watch::Sender<Option<Arc<FlowReport>>>, not_before: Option<Instant>) {
        let waited = race(sleep_until(not_before.unwrap_or_else(Instant::now)), report.closed()).await;
        let done = match waited {
            First::Left(()) => self.taken(&report).await,
            First::Right(()) => FlowReport { steps: Vec::new(), at: Timestamp::now(), cancelled: true },
        };
        if let Some(running) = self.book().running.as_mut() {
            running.ended = Some(Instant::now());
        }
        report.send_replace(Some(Arc::new(done)));
    }

    async fn taken(&self, report: &watch::Sender<Option<Arc<FlowReport>>>) -> FlowReport {
        self.book().begun = Some(Instant::now());
        self.parts.reap().await;
        let run = SmokeRun::new();
        let mut steps = Vec::new();
        let taken = race(self.parts.take(&run, &mut steps), report.closed()).await;
        let cancelled = matches!(taken, First::Right(()));
        steps.extend(self.parts.clean_up(&run).await);
        FlowReport { steps, at: Timestamp::now(), cancelled }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn is_current(&self) -> bool {
        let cancelled = self.report.borrow().as_ref().is_some_and(|report| report.cancelled);
        !cancelled && self.ended.is_none_or(|ended| ended.elapsed() < LEAST_GAP)
    }
}

impl Parts {
    async fn take(&self, run: &SmokeRun, taken: &mut Vec<FlowStep>) {
        for step in &self.steps {
            let begun = Instant::now();
            let end = step.done(run.clone()).await.map(|()| begun.elapsed());
            let failed = end.is_err();
            taken.push(FlowStep { name: step.name, end });
            if failed {
                return;
            }
        }
    }

    /// The failure to do so, as a step.
    async fn clean_up(&self, run: &SmokeRun) -> Option<FlowStep> {
        let cleanup = self.cleanup.as_ref()?;
        let failed = cleanup.done(run.clone()).await.err()?;
        Some(FlowStep { name: cleanup.name, end: Err(failed) })
    }

    async fn reap(&self) {
        let Some((age, reaper)) = &self.reaper else { return };
        if let Err(error) = reaper.done(*age).await {
            tracing::warn!(class = error.class().as_str(), "the smoke test's reaper failed");
        }
    }
}
