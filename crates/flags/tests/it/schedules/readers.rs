//! Those who read all the time, each in a thread of its own.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use handover_flags::Context;
use rustix::time::{ClockId, clock_gettime};
use tokio::time::Instant;

use super::book::{Book, FLAGS, History};
use super::judge::{Place, Read};
use super::log::{Log, lock};
use super::process::Process;

/// How many read at a time.
const READERS: u64 = 2;
/// The pause between two looks at every flag, in microseconds: not so short that the machine does nothing else.
const PAUSE: std::ops::Range<u64> = 300..4_000;

/// What readers, writer and judge have in common.
#[derive(Debug)]
pub(super) struct Stage {
    /// None while there is none.
    pub(super) process: Mutex<Option<Arc<Process>>>,
    pub(super) book: Mutex<Book>,
    pub(super) log: Arc<Log>,
    /// What the judge found first.
    pub(super) objection: Mutex<Option<String>>,
    pub(super) reads: AtomicU64,
    /// In nanoseconds.
    pub(super) longest: AtomicU64,
    pub(super) longest_cpu: AtomicU64,
    over: AtomicBool,
}

/// Readers, until they are dropped.
#[derive(Debug)]
pub(super) struct Readers {
    stage: Arc<Stage>,
    threads: Vec<JoinHandle<()>>,
}

/// One who reads.
struct Reader {
    stage: Arc<Stage>,
    by_name: bool,
    process: u64,
    /// For each flag, where what was last read was placed.
    from: [Option<Place>; FLAGS.len()],
}

impl Stage {
    pub(super) fn new() -> Self {
        Self {
            process: Mutex::default(),
            book: Mutex::new(Book::new()),
            log: Arc::new(Log::new()),
            objection: Mutex::default(),
            reads: AtomicU64::new(0),
            longest: AtomicU64::new(0),
            longest_cpu: AtomicU64::new(0),
            over: AtomicBool::new(false),
        }
    }

    pub(super) fn process(&self) -> Option<Arc<Process>> {
        lock(&self.process).clone()
    }

    pub(super) fn object(&self, how: String) {
        lock(&self.objection).get_or_insert(how);
    }
}

impl Readers {
    pub(super) fn come(stage: &Arc<Stage>) -> Self {
        let reader = |number: u64| {
            let by_name = number.is_multiple_of(2);
            let reader = Reader { stage: Arc::clone(stage), by_name, process: 0, from: [None; FLAGS.len()] };
            std::thread::spawn(move || reader.read(number))
        };
        Self { stage: Arc::clone(stage), threads: (0..READERS).map(reader).collect() }
    }

    /// Whether one of them ended too soon: it panicked.
    pub(super) fn panicked(&self) -> bool {
        self.threads.iter().any(JoinHandle::is_finished)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.stage.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // One that panicked was counted.
            let _ = thread.join();
        }
    }
}

impl Reader {
    fn read(mut self, seed: u64) {
        let mut dice = fastrand::Rng::with_seed(seed);
        while !self.stage.over.load(Ordering::Relaxed) {
            if let Some(process) = self.stage.process() {
                self.look(&process);
            }
            std::thread::sleep(Duration::from_micros(dice.u64(PAUSE)));
        }
    }

    /// Reads every flag in two ways, and has the judge look at both.
    fn look(&mut self, process: &Process) {
        if self.process != process.number {
            (self.process, self.from) = (process.number, [None; FLAGS.len()]);
        }
        let all: Vec<_> = (0..FLAGS.len()).map(|flag| self.ask(process, flag)).collect();
        self.stage.reads.fetch_add(2 * all.len() as u64, Ordering::Relaxed);
        all.iter().enumerate().for_each(|(flag, reads)| reads.iter().for_each(|read| self.judge(flag, read)));
    }

    fn ask(&self, process: &Process, flag: usize) -> [Read; 2] {
        let (name, handle, nobody) = (FLAGS[flag].0, &process.handles[flag], Context::new());
        let (by_name, stage) = (self.by_name, &*self.stage);
        let evaluation = timed(stage, || {
            if by_name { process.flags.evaluate(name, &nobody) } else { handle.evaluate(&nobody) }
        });
        // Before the age is asked for: what is named so is not too young.
        let now = Instant::now();
        let as_of = evaluation.age().map(|age| now.checked_sub(age).unwrap_or(now));
        let first = Read { value: evaluation.value, as_of, at: Instant::now() };
        let value = timed(stage, || if by_name { handle.get() } else { process.flags.is_enabled(name) });
        [first, Read { value, as_of, at: Instant::now() }]
    }

    fn judge(&mut self, flag: usize, read: &Read) {
        let book = lock(&self.stage.book);
        let history = &book.flags[flag];
        let Some(first) = history.writes.first().map(|write| write.begun) else { return };
        // A file of last known values may be older than all that is remembered.
        let moment = read.as_of.map_or(first, |as_of| as_of.min(first));
        let from = self.from[flag].unwrap_or(Place { write: 0, moment });
        match history.place(from, read) {
            Some(place) => self.from[flag] = Some(place),
            None => self.stage.object(self.objection(flag, from, read, history)),
        }
    }

    fn objection(&self, flag: usize, from: Place, read: &Read, history: &History) -> String {
        let log = &self.stage.log;
        let as_of = read.as_of.map_or("never".to_owned(), |as_of| log.at(as_of));
        let mut said = format!(
            "`{}` was {} at {} as of {as_of}, last placed at {}; what was written, begun and confirmed:",
            FLAGS[flag].0,
            read.value,
            log.at(read.at),
            log.at(from.moment),
        );
        for write in &history.writes {
            let confirmed = write.confirmed.map_or("not yet".to_owned(), |confirmed| log.at(confirmed));
            let (effect, begun) = (write.effect, log.at(write.begun));
            said.push_str("\n    ");
            said.push_str(&[format!("{effect:?}"), begun, confirmed].join("  "));
        }
        said
    }
}

/// Does it, and notes if nothing took longer so far.
fn timed<T>(stage: &Stage, read: impl FnOnce() -> T) -> T {
    let (begun, cpu) = (Instant::now(), cpu());
    let value = read();
    let (cpu, wall) = (self::cpu().saturating_sub(cpu), begun.elapsed());
    stage.longest.fetch_max(nanoseconds(wall), Ordering::Relaxed);
    stage.longest_cpu.fetch_max(nanoseconds(cpu), Ordering::Relaxed);
    value
}

/// How long this thread has run.
fn cpu() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
