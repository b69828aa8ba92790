#[expect(dead_code, clippy::unwrap_used, reason = "the harness is that of the crate's own tests")]
#[path = "../../../crates/flags/tests/it/schedules/mod.rs"]
mod schedules;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;

use self::schedules::schedule::{Broken, SOON};
use self::schedules::{Bend, Figures, Rig, Settings, run as schedule};
use crate::report::Report;
use crate::times::Times;

/// How long what comes at all is waited for.
const GUARD: Duration = Duration::from_mins(1);

/// More tasks or open files than this beyond those of the beginning, for each rig, are a leak.
const SPARE: u64 = 12;

/// Random writes to flags among random mishaps of a real Redis: nothing wrong is read, and all is right soon after
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many schedules in all
    #[arg(long, default_value_t = 10_000)]
    schedules: u64,
    /// The seed of the first; each has the next number
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many run at a time, each with a Redis of its own
    #[arg(long, default_value_t = 12)]
    rigs: u64,
    /// The heartbeat of the store, in milliseconds
    #[arg(long, default_value_t = 200)]
    heartbeat: u64,
}

/// What the rigs have in common.
struct Soak {
    args: Args,
    runtime: Handle,
    done: AtomicU64,
    figures: Mutex<Figures>,
    broken: Mutex<Vec<Broken>>,
    /// Tasks and open files: the most in the first tenth, and in the last.
    early: Load,
    late: Load,
}

#[derive(Default)]
struct Load {
    tasks: AtomicU64,
    files: AtomicU64,
}

pub(crate) async fn run(args: Args) -> Result<Report, String> {
    let runtime = Handle::current();
    let before = Load::default();
    before.note(&runtime);
    let soak = tokio::task::spawn_blocking(move || soak(args, runtime));
    let soak = soak.await.map_err(|why| format!("the soak ended badly: {why}"))?;
    Ok(soak.report(&before))
}

fn soak(args: Args, runtime: Handle) -> Soak {
    let rigs = args.rigs;
    let soak = Soak {
        args,
        runtime,
        done: AtomicU64::new(0),
        figures: Mutex::default(),
        broken: Mutex::default(),
        early: Load::default(),
        late: Load::default(),
    };
    thread::scope(|scope| (0..rigs).for_each(|_| drop(scope.spawn(|| soak.work()))));
    soak
}

impl Soak {
    /// Runs schedules until there are none left.
    fn work(&self) {
        let mut rig = None;
        while let Some(number) = self.next() {
            let Some(ready) = rig.take().or_else(|| self.rig()) else { return };
            rig = self.schedule(ready, number);
        }
    }

    fn next(&self) -> Option<u64> {
        let number = self.done.fetch_add(1, Ordering::Relaxed);
        (number < self.args.schedules).then_some(number)
    }

    fn rig(&self) -> Option<Rig> {
        let heartbeat = Duration::from_millis(self.args.heartbeat);
        Rig::start(&self.runtime, Settings { heartbeat, guard: GUARD, bend: Bend::Straight })
    }

    /// A rig in which something did not hold is of no more use.
    fn schedule(&self, mut rig: Rig, number: u64) -> Option<Rig> {
        match schedule(&mut rig, self.args.seed.wrapping_add(number)) {
            Ok(figures) => {
                figures.late.iter().for_each(|late| eprintln!("{late}"));
                lock(&self.figures).add(figures);
                self.look(number);
                Some(rig)
            }
            Err(broken) => {
                eprintln!("{broken}");
                lock(&self.broken).push(broken);
                None
            }
        }
    }

    fn look(&self, number: u64) {
        if (number + 1).is_multiple_of(500) {
            println!("{} schedules", number + 1);
        }
        let tenth = self.args.schedules / 10;
        if number < tenth {
            self.early.note(&self.runtime);
        } else if number >= self.args.schedules - tenth {
            self.late.note(&self.runtime);
        }
    }

    fn report(&self, before: &Load) -> Report {
        let figures = lock(&self.figures).clone();
        let heartbeats = Duration::from_millis(2 * self.args.heartbeat);
        let late = |times: &[Duration], limit| times.iter().filter(|time| **time > limit).count() as u64;
        let report = Report::new(format!("{} schedules from seed {}", self.args.schedules, self.args.seed))
            .exactly("schedules that held", figures.schedules, self.args.schedules)
            .exactly("schedules broken", lock(&self.broken).len() as u64, 0)
            .some("writes", figures.writes)
            .some("reads judged", figures.reads)
            .exactly("right later than 2 s after healing", late(&figures.right, SOON), 0)
            .count("silence told after 2 heartbeats", late(&figures.told_silent, heartbeats))
            .exactly("tasks that leak", self.leak(|load| &load.tasks), 0)
            .exactly("open files that leak", self.leak(|load| &load.files), 0);
        let report = self.loads(report, before);
        let report = figures.mishaps.iter().fold(report, |report, (name, count)| report.some(name, *count));
        report
            .times("healed and set, until all is right", &times(figures.right))
            .times("silent link, until told", &times(figures.told_silent))
            .times("all lost, until said", &times(figures.told_wiped))
            .times("DEL, until the safe value", &times(figures.removed))
            .times("restart in an outage", &times(figures.restarts))
            .times("longest read, wall", &times(figures.longest))
            .times("longest read, CPU", &times(figures.longest_cpu))
    }

    fn loads(&self, report: Report, before: &Load) -> Report {
        let of = |load: &AtomicU64| load.load(Ordering::Relaxed);
        let after = Load::default();
        after.note(&self.runtime);
        report
            .count("tasks: before", of(&before.tasks))
            .count("tasks: most in the first tenth", of(&self.early.tasks))
            .count("tasks: most in the last tenth", of(&self.late.tasks))
            .count("tasks: after", of(&after.tasks))
            .count("open files: before", of(&before.files))
            .count("open files: first tenth", of(&self.early.files))
            .count("open files: last tenth", of(&self.late.files))
            .count("open files: after", of(&after.files))
    }

    fn leak(&self, of: impl Fn(&Load) -> &AtomicU64) -> u64 {
        let [early, late] = [&self.early, &self.late].map(|load| of(load).load(Ordering::Relaxed));
        late.saturating_sub(early + SPARE * self.args.rigs)
    }
}

impl Load {
    fn note(&self, runtime: &Handle) {
        self.tasks.fetch_max(runtime.metrics().num_alive_tasks() as u64, Ordering::Relaxed);
        let files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
        self.files.fetch_max(files as u64, Ordering::Relaxed);
    }
}

fn times(all: Vec<Duration>) -> Times {
    let mut times = Times::default();
    for time in all {
        times.push(time);
    }
    times
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
