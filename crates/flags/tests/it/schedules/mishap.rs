//! What goes wrong: at once, or for a while until it is healed.

use std::time::Duration;

use handover_flags::{Standing, Started};
use handover_testing::Fault;
use rustix::process::Signal;
use tokio::time::Instant;

use super::book::Effect;
use super::log::lock;
use super::schedule::{Broken, Schedule};

/// So long a mishap lasts at most, in milliseconds, unless it lasts until it is told.
const HOLD: std::ops::Range<u64> = 1..120;

/// What lasts.
#[derive(Debug, Clone, Copy)]
enum Outage {
    Link(Fault),
    Freeze,
    Kill { empty: bool },
}

/// What happens at once.
#[derive(Debug, Clone, Copy)]
enum Blow {
    FlushAll,
    FlushDb,
    SwapEmpty,
    SwapOther,
    Evict,
    Cut,
    Delete,
    Expire,
    Malform,
    Unread,
    Restart,
}

impl Outage {
    const ALL: [Self; 7] = [
        Self::Link(Fault::Reset),
        Self::Link(Fault::BlackHole),
        Self::Link(Fault::Refuse),
        Self::Link(Fault::Slow(Duration::ZERO)),
        Self::Freeze,
        Self::Kill { empty: false },
        Self::Kill { empty: true },
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Link(Fault::Reset) => "connection reset",
            Self::Link(Fault::BlackHole) => "black hole",
            Self::Link(Fault::Refuse) => "connection refused",
            Self::Link(Fault::Slow(_) | Fault::Pass) => "slow link",
            Self::Freeze => "SIGSTOP, SIGCONT",
            Self::Kill { empty: false } => "SIGKILL, restart with data",
            Self::Kill { empty: true } => "SIGKILL, restart empty",
        }
    }

    /// Whether the connection stays open and nothing comes.
    const fn is_silent(self) -> bool {
        matches!(self, Self::Freeze | Self::Link(Fault::BlackHole))
    }
}

impl Blow {
    const ALL: [Self; 11] = [
        Self::FlushAll,
        Self::FlushDb,
        Self::SwapEmpty,
        Self::SwapOther,
        Self::Evict,
        Self::Cut,
        Self::Delete,
        Self::Expire,
        Self::Malform,
        Self::Unread,
        Self::Restart,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::FlushAll => "FLUSHALL",
            Self::FlushDb => "FLUSHDB",
            Self::SwapEmpty => "SWAPDB with an empty one",
            Self::SwapOther => "SWAPDB with other values",
            Self::Evict => "eviction",
            Self::Cut => "CLIENT KILL",
            Self::Delete => "DEL",
            Self::Expire => "EXPIRE",
            Self::Malform => "malformed value",
            Self::Unread => "value of another type",
            Self::Restart => "restart of the process",
        }
    }
}

impl Schedule<'_> {
    /// One mishap, and what happens while it lasts; healed when this returns.
    pub(super) fn mishap(&mut self) -> Result<(), Broken> {
        let done = if self.dice.bool() { self.blow(true) } else { self.outage() };
        self.healed = Instant::now();
        done
    }

    /// `calm` where nothing else is wrong.
    fn blow(&mut self, calm: bool) -> Result<(), Broken> {
        let blow = Blow::ALL[self.dice.usize(..Blow::ALL.len())];
        self.figures.struck(blow.name());
        match blow {
            Blow::FlushAll => self.flush("FLUSHALL"),
            Blow::FlushDb => self.flush("FLUSHDB"),
            Blow::SwapEmpty => self.swap(true),
            Blow::SwapOther => self.swap(false),
            Blow::Evict => self.evict(),
            Blow::Cut => self.cut(),
            Blow::Delete => self.removed(calm)?,
            Blow::Expire => self.expire(),
            Blow::Malform => self.malform(),
            Blow::Unread => self.unread(),
            Blow::Restart => self.restart(!calm)?,
        }
        if calm && self.dice.bool() { self.wipe_is_said() } else { Ok(()) }
    }

    fn outage(&mut self) -> Result<(), Broken> {
        let outage = match Outage::ALL[self.dice.usize(..Outage::ALL.len())] {
            Outage::Link(Fault::Slow(_)) => {
                Outage::Link(Fault::Slow(Duration::from_millis(self.dice.u64(2..60))))
            }
            outage => outage,
        };
        self.figures.struck(outage.name());
        match outage {
            Outage::Link(fault) => self.link(outage, fault)?,
            Outage::Freeze => self.freeze(outage)?,
            Outage::Kill { empty } => self.kill(empty)?,
        }
        if self.dice.bool() { self.wipe_is_said() } else { Ok(()) }
    }

    /// The server goes on, and is out of reach.
    fn link(&mut self, outage: Outage, fault: Fault) -> Result<(), Broken> {
        let (live, begun) = (self.is_live(), Instant::now());
        self.turn(fault);
        for _ in 0..self.dice.u8(..4) {
            if self.dice.u8(..10) < 3 {
                self.blow(false)?;
            } else {
                self.set_any();
            }
            self.pause(0..20);
        }
        self.hold(outage, live, begun)?;
        self.turn(Fault::Pass);
        Ok(())
    }

    fn turn(&mut self, fault: Fault) {
        self.rig.runtime.block_on(self.rig.proxy.set(fault));
        self.rig.stage.log.say(format!("the link: {fault:?}"));
    }

    /// The server stands still, with or without a write on its way to it.
    fn freeze(&mut self, outage: Outage) -> Result<(), Broken> {
        let (live, begun) = (self.is_live(), Instant::now());
        self.rig.signal(Signal::STOP);
        self.rig.stage.log.say("SIGSTOP");
        let sent = self.dice.bool().then(|| self.send_any());
        if self.dice.u8(..10) < 3 {
            self.figures.struck(Blow::Restart.name());
            self.restart(true)?;
        }
        let held = self.hold(outage, live, begun);
        self.rig.signal(Signal::CONT);
        self.rig.stage.log.say("SIGCONT");
        if let Some(change) = sent {
            self.answered(change);
        }
        held
    }

    /// The server dies and comes back, with what it had saved, or with nothing.
    fn kill(&mut self, empty: bool) -> Result<(), Broken> {
        let dump = self.rig.dump();
        let saved = if empty {
            // There may be none.
            let _ = std::fs::remove_file(dump);
            vec![Effect::Wiped; self.effects().len()]
        } else {
            self.ask(&["SAVE"]);
            self.rig.stage.log.say("SAVE");
            let saved = self.effects();
            (0..self.dice.u8(..3)).for_each(|_| self.set_any());
            saved
        };
        self.die(&saved);
        if self.dice.u8(..10) < 3 {
            self.figures.struck(Blow::Restart.name());
            self.restart(true)?;
        }
        self.pause(HOLD);
        self.rig.redis.revive();
        self.rig.learn_pid();
        self.rig.stage.log.say("it is back");
        Ok(())
    }

    /// Whatever was not saved is lost.
    fn die(&mut self, saved: &[Effect]) {
        let now = self.effects();
        let lost = |(flag, effect): (usize, &Effect)| {
            let effect = if *effect == Effect::Wiped && now != saved { loss(saved) } else { *effect };
            (now[flag] != effect).then_some((flag, effect))
        };
        let lost: Vec<_> = saved.iter().enumerate().filter_map(lost).collect();
        self.note("SIGKILL", &lost, |schedule| {
            schedule.rig.redis.kill();
            schedule.rig.writer.forget();
        });
        self.rig.stage.log.say(format!("which loses {lost:?}"));
        self.rig.evicting = false;
    }

    /// Lasts for a while, or until it is told that the store cannot be heard: by a process that had heard it.
    fn hold(&mut self, outage: Outage, live: bool, begun: Instant) -> Result<(), Broken> {
        let until_told = self.dice.bool();
        let same = self.process().number == self.began_with;
        if !(outage.is_silent() && live && same && until_told) {
            self.pause(HOLD);
            return self.check();
        }
        self.until("that the store cannot be heard is told", |schedule| {
            schedule.rig.stage.log.lost_since(begun).is_some()
        })?;
        if let Some(lost) = self.rig.stage.log.lost_since(begun) {
            self.told_silent(lost - begun);
        }
        Ok(())
    }

    fn told_silent(&mut self, after: Duration) {
        self.figures.told_silent.push(after);
        if after > 3 * self.rig.settings.heartbeat {
            let log = &self.rig.stage.log;
            self.figures.late.push(format!("seed {}: silence told after {after:?}\n{log}", self.seed));
        }
    }

    /// Whether the store is heard, by a process that will still be there.
    fn is_live(&mut self) -> bool {
        let process = self.process();
        self.began_with = process.number;
        process.flags.status().standing == Standing::Live
    }

    /// A process ends and another begins, from the file that the last one left.
    pub(super) fn restart(&mut self, outage: bool) -> Result<(), Broken> {
        self.rig.end_process();
        let wait = if self.dice.bool() { Duration::ZERO } else { Duration::from_millis(50) };
        let begun = Instant::now();
        let process = self.rig.begin_process(wait);
        let started = process.flags.status().started;
        self.rig.stage.log.say(format!("another process begins: {started:?}"));
        if outage && wait.is_zero() {
            self.figures.restarts.push(begun.elapsed());
        }
        match started {
            Started::Store | Started::LastKnownGood { .. } => self.check(),
            _ => Err(self.broken("a process that has a file began without it")),
        }
    }

    /// A flag is removed. Where nothing else is wrong, it gets its safe value soon.
    fn removed(&mut self, calm: bool) -> Result<(), Broken> {
        let calm = calm && !self.rig.evicting && self.is_calm();
        let (flag, was_there) = self.delete();
        if !(calm && was_there) {
            return Ok(());
        }
        let begun = Instant::now();
        self.until("a removed flag has its safe value", |schedule| schedule.is_unset(flag))?;
        self.figures.removed.push(begun.elapsed());
        Ok(())
    }

    /// Whether the store has been heard since all was well again.
    fn is_calm(&self) -> bool {
        let status = self.process().flags.status();
        status.is_live() && status.age.is_some_and(|age| age < self.healed.elapsed())
    }

    /// The writer's word for what is said of everything that is lost.
    pub(super) fn all_wiped(&self) -> bool {
        lock(&self.rig.stage.book).effects().iter().all(|effect| *effect == Effect::Wiped)
    }
}

/// Everything, or a part.
fn loss(saved: &[Effect]) -> Effect {
    if saved.iter().all(|effect| effect.is_gone()) { Effect::Wiped } else { Effect::Gone }
}
