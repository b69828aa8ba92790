//! One schedule, from its seed to its end.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::figures::Figures;
use super::log::lock;
use super::process::Process;
use super::rig::Rig;

/// For how long writes are remembered after they were overtaken: longer than any file of last known values is behind.
const MEMORY: Duration = Duration::from_secs(10);

/// Within this all must be right after it has healed.
pub(crate) const SOON: Duration = Duration::from_secs(2);

/// A schedule in which something did not hold.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) seed: u64,
    pub(crate) how: String,
    log: String,
}

/// A schedule that is under way.
pub(super) struct Schedule<'a> {
    pub(super) rig: &'a mut Rig,
    pub(super) dice: fastrand::Rng,
    pub(super) figures: Figures,
    /// The process that was there when the last mishap began.
    pub(super) began_with: u64,
    /// When the last mishap was over.
    pub(super) healed: Instant,
    pub(super) seed: u64,
}

/// Does all that this seed says; what it came to, or what did not hold.
///
/// # Errors
///
/// Something did not hold. The rig is of no more use then.
pub(crate) fn run(rig: &mut Rig, seed: u64) -> Result<Figures, Broken> {
    rig.schedules += 1;
    rig.stage.log.clear();
    rig.stage.log.say(format!("schedule {} of this rig", rig.schedules));
    lock(&rig.stage.book).forget(Instant::now().checked_sub(MEMORY).unwrap_or_else(Instant::now));
    for count in [&rig.stage.longest, &rig.stage.longest_cpu, &rig.stage.reads] {
        count.store(0, Ordering::Relaxed);
    }
    let (dice, figures) = (fastrand::Rng::with_seed(seed), Figures::default());
    let mut schedule = Schedule { rig, dice, figures, began_with: 0, healed: Instant::now(), seed };
    schedule.go()?;
    Ok(schedule.end())
}

impl Schedule<'_> {
    fn go(&mut self) -> Result<(), Broken> {
        if self.rig.schedules == 1 {
            self.right_again()?;
            self.saved()?;
        }
        for _ in 0..self.dice.u8(1..4) {
            for _ in 0..self.dice.u8(..4) {
                self.set_any();
                self.pause(0..8);
            }
            self.mishap()?;
        }
        (0..self.dice.u8(..3)).for_each(|_| self.set_any());
        self.right_again()
    }

    /// From here on there is a file to begin from.
    fn saved(&self) -> Result<(), Broken> {
        self.until("the last known values are saved", |schedule| schedule.rig.file().exists())
    }

    fn end(mut self) -> Figures {
        let stage = &self.rig.stage;
        self.figures.schedules = 1;
        if self.figures.right.iter().any(|time| *time > SOON) {
            self.figures.late.push(format!("seed {} right later than {SOON:?}\n{}", self.seed, stage.log));
        }
        self.figures.reads = stage.reads.load(Ordering::Relaxed);
        self.figures.longest.push(Duration::from_nanos(stage.longest.load(Ordering::Relaxed)));
        self.figures.longest_cpu.push(Duration::from_nanos(stage.longest_cpu.load(Ordering::Relaxed)));
        self.figures
    }

    /// Whether the judge has objected to anything, or a reader is gone.
    pub(super) fn check(&self) -> Result<(), Broken> {
        match &*lock(&self.rig.stage.objection) {
            Some(how) => Err(self.broken(how)),
            None if self.rig.readers.panicked() => Err(self.broken("a read panicked")),
            None => Ok(()),
        }
    }

    pub(super) fn broken(&self, how: &str) -> Broken {
        Broken { seed: self.seed, how: how.to_owned(), log: self.rig.stage.log.to_string() }
    }

    pub(super) fn process(&self) -> Arc<Process> {
        lock(&self.rig.stage.process).clone().unwrap()
    }

    /// Some milliseconds.
    pub(super) fn pause(&mut self, milliseconds: Range<u64>) {
        std::thread::sleep(Duration::from_millis(self.dice.u64(milliseconds)));
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {} BROKEN: {}\nwhat happened:", self.seed, self.how)?;
        f.write_str(&self.log)
    }
}
