//! Every place where a driver can die, one after the other, and every pair of them.

use std::fmt;
use std::sync::Arc;

use handover_core::{Fence, RunId};
use serde_json::Value;

use super::{CrashPoint, CrashingJournal, Side};
use crate::{
    Ending, Engine, EngineError, InMemoryJournal, InMemoryLease, Journal, Lease, Options, Orders, Program,
};

/// More lives than any run with two crashes needs; a driver that needs more does not get on.
const LIVES: usize = 5;

/// A fresh outside with the program that acts on it. Each run of the suite gets one of its own.
pub struct Stage {
    /// Where records go.
    pub journal: Arc<dyn Journal>,
    /// Orders; those given beforehand are taken at the first occasion.
    pub orders: Arc<dyn Orders>,
    /// The lease; each life takes it over from the one before.
    pub lease: Arc<dyn Lease>,
    /// How the engine is set.
    pub options: Options,
    /// The run's name in journal and order book.
    pub run: RunId,
    /// Builds the program anew, as a restarted driver does; each acts on the same outside.
    pub program: Box<dyn Fn() -> Program + Send + Sync>,
    /// The state of the outside, compared with that of the undisturbed run.
    pub state: Box<dyn Fn() -> Value + Send + Sync>,
    /// How many effects were brought about twice.
    pub duplicates: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage")
            .field("run", &self.run)
            .field("state", &(self.state)())
            .finish_non_exhaustive()
    }
}

impl Stage {
    /// A stage for `run` on an in-memory journal and lease.
    pub fn in_memory(
        run: RunId,
        program: impl Fn() -> Program + Send + Sync + 'static,
        state: impl Fn() -> Value + Send + Sync + 'static,
        duplicates: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> Self {
        let journal = Arc::new(InMemoryJournal::new());
        Self {
            journal: Arc::<InMemoryJournal>::clone(&journal),
            orders: journal,
            lease: Arc::new(InMemoryLease::new("crash suite")),
            options: Options::default(),
            run,
            program: Box::new(program),
            state: Box::new(state),
            duplicates: Box::new(duplicates),
        }
    }
}

/// How many crashes one run has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crashes {
    /// One, at every point in turn.
    One,
    /// One, and every pair: the second in the life after the first.
    Pairs,
}

/// What the suite found.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How the undisturbed run ended.
    pub ending: Option<Ending>,
    /// Runs with at least one crash.
    pub crashed_runs: u64,
    /// What differed, in words; empty when every run came to the same end with no effect doubled.
    pub faults: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} crashed runs, {} faults", self.crashed_runs, self.faults.len())?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

/// Runs the program undisturbed, then with a crash at every point (and pair of points), resuming each time.
///
/// `make` is asked for a fresh stage for each run. Faults of the outside must be the same in every run:
/// one that passes by itself must not decide the ending.
///
/// # Cancellation
///
/// Dropping the future abandons the suite.
pub async fn crash_everywhere(make: impl AsyncFn() -> Stage, crashes: Crashes) -> Report {
    let whole = live(&make().await, &[]).await;
    let mut report = Report { ending: whole.ending.clone().ok(), crashed_runs: 0, faults: Vec::new() };
    if let Some(fault) = whole.fault(&whole) {
        report.faults.push(format!("undisturbed: {fault}"));
    }
    for first in points(whole.appends) {
        let once = live(&make().await, &[first]).await;
        report.compare(&whole, &once, &[first]);
        if crashes == Crashes::Pairs {
            for second in points(once.appends) {
                let twice = live(&make().await, &[first, second]).await;
                report.compare(&whole, &twice, &[first, second]);
            }
        }
    }
    report
}

fn points(appends: u64) -> impl Iterator<Item = CrashPoint> {
    (0..appends).flat_map(|append| [Side::Before, Side::After].map(|side| CrashPoint { append, side }))
}

impl Report {
    fn compare(&mut self, whole: &Life, life: &Life, points: &[CrashPoint]) {
        self.crashed_runs += 1;
        if let Some(fault) = life.fault(whole) {
            self.faults.push(format!("crash at {points:?}: {fault}"));
        }
    }
}

/// A run from its seal to its ending, over as many drivers as it took.
struct Life {
    ending: Result<Ending, String>,
    state: Value,
    duplicates: u64,
    /// Of the last driver.
    appends: u64,
}

impl Life {
    fn fault(&self, whole: &Self) -> Option<String> {
        match &self.ending {
            Err(error) => Some(error.clone()),
            Ok(_) if self.duplicates > 0 => Some(format!("{} effects were doubled", self.duplicates)),
            Ok(_) if self.ending != whole.ending => {
                Some(format!("ended {:?}, not {:?}", self.ending, whole.ending))
            }
            Ok(_) if self.state != whole.state => Some(format!("left {}, not {}", self.state, whole.state)),
            Ok(_) => None,
        }
    }
}

async fn live(stage: &Stage, points: &[CrashPoint]) -> Life {
    let mut appends = 0;
    let mut ending = Err(format!("no ending after {LIVES} lives"));
    for life in 0..LIVES {
        let journal = Arc::new(CrashingJournal::new(Arc::clone(&stage.journal), points.get(life).copied()));
        let lived = drive(stage, &journal, life == 0).await;
        appends = journal.appends();
        if let Some(lived) = lived {
            ending = lived.map_err(|error| describe(&error));
            break;
        }
    }
    if let Err(error) = stage.journal.verify().await {
        ending = Err(describe(&error));
    }
    Life { ending, state: (stage.state)(), duplicates: (stage.duplicates)(), appends }
}

/// One driver's life; `None` when it crashed.
async fn drive(
    stage: &Stage,
    journal: &Arc<CrashingJournal>,
    first: bool,
) -> Option<Result<Ending, EngineError>> {
    if first && let Err(source) = stage.journal.append(&stage.run, 0, Fence::ZERO, sealed()).await {
        return Some(Err(EngineError::Journal { run: stage.run.clone(), source }));
    }
    let options = stage.options.clone().with_take_over(true);
    let journal_too: Arc<dyn Journal> = Arc::<CrashingJournal>::clone(journal);
    let engine =
        Engine::new(journal_too, Arc::clone(&stage.lease), Arc::clone(&stage.orders)).with_options(options);
    let program = (stage.program)();
    tokio::select! {
        biased;
        () = journal.crashed() => None,
        outcome = engine.run(&stage.run, &program) => Some(outcome),
    }
}

fn sealed() -> crate::Body {
    crate::Body::Sealed { plan: Value::Null }
}

fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
