//! What must hold once nothing is wrong any more.

use std::time::Duration;

use handover_flags::{Context, Delivery, Reason};
use tokio::time::Instant;

use super::act::key;
use super::book::FLAGS;
use super::process::Process;
use super::schedule::{Broken, Schedule};

impl Schedule<'_> {
    /// Every flag is set once more, and then all that is read is right and stays so.
    pub(super) fn right_again(&mut self) -> Result<(), Broken> {
        let values: Vec<bool> = FLAGS.iter().map(|_| self.dice.bool()).collect();
        values.iter().enumerate().for_each(|(flag, on)| self.set(flag, *on));
        let begun = Instant::now();
        for (flag, on) in values.iter().enumerate() {
            let stands = self.rig.writer.ask(&["GET", &key(flag)]);
            assert_eq!(stands, on.to_string(), "the writer's notes are right");
        }
        // What is right by chance was not heard since.
        self.until("every read is right", |schedule| {
            let process = schedule.process();
            process.flags.status().age.is_some_and(|age| age < begun.elapsed()) && process.reads(&values)
        })?;
        self.figures.right.push(begun.elapsed());
        self.rig.stage.log.say("every read is right");
        self.until("all is live, and nothing suspect", |schedule| {
            schedule.process().flags.status().is_live()
        })?;
        self.stays(&values)
    }

    fn stays(&self, values: &[bool]) -> Result<(), Broken> {
        let process = self.process();
        match process.flags.status().delivery {
            _ if !process.reads(values) => Err(self.broken("what was right is so no more")),
            Some(Delivery::Push) => Ok(()),
            delivery => Err(self.broken(&format!("changes come by {delivery:?} now"))),
        }
    }

    /// Where all was lost and nothing set since, that is said.
    ///
    /// A server that has thrown out keys may have thrown out all of them: what is gone counts as what it was then.
    pub(super) fn wipe_is_said(&mut self) -> Result<(), Broken> {
        if !self.all_wiped() || self.rig.evicting {
            return Ok(());
        }
        let begun = Instant::now();
        self.until("that everything was lost is said", |schedule| {
            schedule.process().flags.status().suspect.is_some()
        })?;
        self.figures.told_wiped.push(begun.elapsed());
        Ok(())
    }

    pub(super) fn is_unset(&self, flag: usize) -> bool {
        let unset = self.process().flags.evaluate(FLAGS[flag].0, &Context::new());
        (unset.value, unset.reason) == (FLAGS[flag].1.is_on(), Reason::Unset)
    }

    /// Waits until it is so; whether the judge objects is looked at all the time.
    pub(super) fn until(&self, what: &str, so: impl Fn(&Self) -> bool) -> Result<(), Broken> {
        let begun = Instant::now();
        while !so(self) {
            self.check()?;
            if begun.elapsed() > self.rig.settings.guard {
                return Err(self.broken(&format!("never: {what}; {:?}", self.process().flags.status())));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        self.check()
    }
}

impl Process {
    /// Whether every way to read every flag gives this.
    fn reads(&self, values: &[bool]) -> bool {
        let nobody = Context::new();
        FLAGS.iter().zip(&self.handles).zip(values).all(|(((name, _), handle), on)| {
            let (by_name, by_handle) = (self.flags.evaluate(name, &nobody), handle.evaluate(&nobody));
            [by_name.value, by_handle.value, self.flags.is_enabled(name), handle.get()] == [*on; 4]
        })
    }
}
