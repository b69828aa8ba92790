use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use handover_core::{BySlot, SystemClock};
use tokio::sync::watch;
use tokio::time::Instant;

use super::books::{Books, Found, Writer};
use super::line::Line;
use super::options::HaproxyOptions;
use super::stat::Stat;
use crate::meter::Meter;
use crate::pair::{Pairs, WindowPair};
use crate::ring::PairRing;
use crate::series::LatencySink as _;
use crate::source::SourceError;
use crate::source::watched::{Begun, Cutting, Watched, next_epoch};

/// What became of the lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct HaproxyTally {
    /// Requests of a slot, for the windows.
    pub judged: u64,
    /// Requests that asked not to be judged.
    pub skipped: u64,
    /// Requests of the backend that no server of a slot was asked for.
    pub unattributed: u64,
    /// Requests in lines of a process that HAProxy has not named yet.
    pub strangers: u64,
    /// Requests of other backends.
    pub elsewhere: u64,
    /// What was no line, or none that HAProxy writes.
    pub refused: u64,
    /// Why the last of them was refused.
    pub last_refused: Option<String>,
    /// Lines that HAProxy's counter says are missing.
    pub lost: u64,
}

/// What the listener and the readers share.
pub(super) struct Shared {
    pub(super) options: HaproxyOptions,
    origin: Instant,
    meters: BySlot<Meter>,
    state: Mutex<State>,
    news: watch::Sender<()>,
}

struct State {
    books: Books,
    tally: HaproxyTally,
    /// What HAProxy said last.
    stat: Stat,
    active: Option<Active>,
    /// Why nothing can be confirmed.
    doubt: Option<Doubt>,
}

struct Active {
    watched: Watched,
    cutting: Cutting,
    bps: u16,
    /// Closed windows that no comparison has confirmed, with the time they closed at.
    pending: VecDeque<(Duration, WindowPair)>,
    /// Of the open window something is missing.
    tainted: bool,
}

/// An error as it can be given out again and again.
#[derive(Debug, Clone)]
enum Doubt {
    Lost { counted: u64, reported: u64 },
    Unreachable { what: String, why: String },
    NotUnderstood { what: String, because: String },
}

impl Shared {
    pub(super) fn new(options: HaproxyOptions, stat: Stat) -> Self {
        let mut books = Books::default();
        books.compare(stat, 0, stat);
        let state = State { books, tally: HaproxyTally::default(), stat, active: None, doubt: None };
        let meters = BySlot::from_fn(|_| Meter::new());
        let (news, _) = watch::channel(());
        Self { options, origin: Instant::now(), meters, state: Mutex::new(state), news }
    }

    pub(super) fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    pub(super) fn now(&self) -> Duration {
        self.origin.elapsed()
    }

    pub(super) fn tally(&self) -> HaproxyTally {
        self.lock().tally.clone()
    }

    pub(super) fn begin(&self, begun: Begun) -> u64 {
        let mut state = self.lock();
        let former = state.active.as_ref().map(|active| &active.watched);
        if let Some(same) = former.filter(|watched| watched.begun == begun) {
            return same.epoch();
        }
        let epoch = next_epoch(&SystemClock::new(), former);
        let bps = state.stat.bps(begun.candidate).unwrap_or(0);
        let rules = self.options.rules.clone();
        let cutting = Cutting::new(begun.clone(), epoch, self.now(), bps, &self.meters, rules);
        let watched = Watched::new(begun, epoch);
        state.active = Some(Active { watched, cutting, bps, pending: VecDeque::new(), tainted: false });
        epoch
    }

    /// Takes in a datagram.
    pub(super) fn take(&self, datagram: &[u8]) {
        let mut state = self.lock();
        let line = match Line::parse(datagram) {
            Ok(line) if line.backend != self.options.backend => return state.tally.elsewhere += 1,
            Ok(line) => line,
            Err(why) => return state.tally.refuse(why),
        };
        match state.books.report(line.pid) {
            Writer::Known => {}
            // Just started, or made up: HAProxy will tell.
            Writer::Stranger => return state.tally.strangers += 1,
            Writer::OneTooMany => {
                return state.tally.refuse("too many processes claim to write lines".to_owned());
            }
        }
        match self.options.slot_of(line.server) {
            _ if line.skip => state.tally.skipped += 1,
            None => state.tally.unattributed += 1,
            Some(slot) => {
                state.tally.judged += 1;
                self.meters[slot].record(line.took, line.outcome);
            }
        }
    }

    /// Closes the open window if it is due.
    pub(super) fn tick(&self) {
        let now = self.now();
        if let Some(active) = &mut self.lock().active {
            active.tick(now, &self.meters);
        }
    }

    pub(super) fn reported(&self, pid: u32) -> u64 {
        self.lock().books.reported(pid)
    }

    /// Compares so many lines with what HAProxy had counted before and after, not before `asked`.
    pub(super) fn compare(&self, before: Stat, lines: u64, stat: Stat, asked: Duration) {
        let mut state = self.lock();
        let found = state.books.compare(before, lines, stat);
        state.stat = stat;
        if let Found::Lost { counted, reported } = found {
            state.tally.lost += counted - reported;
        }
        let State { active, doubt, .. } = &mut *state;
        match found {
            Found::Lost { counted, reported } => *doubt = Some(Doubt::Lost { counted, reported }),
            Found::Even | Found::Anew => *doubt = None,
        }
        let Some(active) = active else { return };
        active.bps = stat.bps(active.watched.begun.candidate).unwrap_or(active.bps);
        match found {
            Found::Even => active.confirm(asked),
            Found::Lost { .. } | Found::Anew => active.doubt(),
        }
        drop(state);
        self.news.send_replace(());
    }

    pub(super) fn cannot_compare(&self, why: &SourceError) {
        self.lock().doubt = Doubt::of(why);
    }

    pub(super) fn after(&self, seq: Option<u64>) -> Result<Pairs, SourceError> {
        let state = self.lock();
        state.active.as_ref().map(|active| active.watched.after(seq)).ok_or(SourceError::NotBegun)
    }

    /// What to say to a reader who has waited long enough.
    pub(super) fn after_in_vain(&self, seq: Option<u64>) -> Result<Pairs, SourceError> {
        let found = self.after(seq)?;
        match &self.lock().doubt {
            Some(doubt) if found.pairs.is_empty() => Err(doubt.clone().into()),
            _ => Ok(found),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Active {
    fn tick(&mut self, now: Duration, meters: &BySlot<Meter>) {
        let Some(pair) = self.cutting.tick(now, self.bps, meters) else { return };
        if std::mem::take(&mut self.tainted) {
            return self.watched.withhold(pair.seq);
        }
        self.pending.push_back((now, pair));
        if self.pending.len() > PairRing::CAPACITY
            && let Some((_, oldest)) = self.pending.pop_front()
        {
            self.watched.withhold(oldest.seq);
        }
    }

    /// Nothing is missing of what ended before `asked`.
    fn confirm(&mut self, asked: Duration) {
        while let Some((_, pair)) = self.pending.pop_front_if(|(closed, _)| *closed <= asked) {
            self.watched.push(pair);
        }
    }

    /// Something is missing, and it may belong to any window that was not confirmed.
    fn doubt(&mut self) {
        self.pending.drain(..).for_each(|(_, pair)| self.watched.withhold(pair.seq));
        self.tainted = true;
    }
}

impl HaproxyTally {
    fn refuse(&mut self, why: String) {
        self.refused += 1;
        self.last_refused = Some(why);
    }
}

impl Doubt {
    fn of(error: &SourceError) -> Option<Self> {
        match error {
            SourceError::Unreachable { what, source } => {
                Some(Self::Unreachable { what: what.clone(), why: source.to_string() })
            }
            SourceError::NotUnderstood { what, because } => {
                Some(Self::NotUnderstood { what: what.clone(), because: because.clone() })
            }
            _ => None,
        }
    }
}

impl From<Doubt> for SourceError {
    fn from(doubt: Doubt) -> Self {
        match doubt {
            Doubt::Lost { counted, reported } => Self::Lost { counted, reported },
            Doubt::Unreachable { what, why } => Self::Unreachable { what, source: why.into() },
            Doubt::NotUnderstood { what, because } => Self::NotUnderstood { what, because },
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("options", &self.options).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::haproxy::RuntimeApi;

    fn stat(total: u64) -> Stat {
        Stat { pid: 7, total, open: 0, weights: BySlot { blue: 100, green: 100 } }
    }

    fn begun() -> Shared {
        let nowhere = ([127, 0, 0, 1], 1).into();
        let servers = BySlot { blue: "blue", green: "green" };
        let options = HaproxyOptions::new(nowhere, RuntimeApi::Tcp(nowhere), "app", servers);
        let shared = Shared::new(options, stat(0));
        let (run, candidate) = ("r1".parse().expect("a name"), handover_core::Slot::Green);
        shared.begin(Begun { run, candidate, limit: Duration::from_millis(500) });
        shared
    }

    /// So many lines for each slot.
    fn serve(shared: &Shared, times: u64) {
        for server in ["blue", "green"] {
            let line = format!(
                r#"{{"pid":7,"be":"app","srv":"{server}","st":200,"ta":3,"tr":0,"rt":3,"ts":"--","skip":"-"}}"#
            );
            (0..times).for_each(|_| shared.take(line.as_bytes()));
        }
    }

    fn compare(shared: &Shared, total: u64) {
        shared.compare(stat(total), shared.reported(7), stat(total), shared.now());
    }

    #[test]
    fn a_window_that_was_open_while_a_line_was_lost_is_withheld_and_the_next_is_not() {
        let shared = begun();
        serve(&shared, 5);
        compare(&shared, 12);
        serve(&shared, 15);
        shared.tick();
        compare(&shared, 42);
        let found = shared.after(None).expect("begun");
        assert_eq!((found.pairs.len(), found.missed), (0, 1));
        serve(&shared, 15);
        shared.tick();
        assert_eq!(shared.after(None).expect("begun").pairs.len(), 0, "not confirmed yet");
        compare(&shared, 72);
        let found = shared.after(None).expect("begun");
        assert_eq!((found.pairs.len(), found.missed, found.pairs[0].candidate.n), (1, 1, 15));
        assert_eq!(shared.after(Some(2)).expect("begun").missed, 0, "said to who had not heard");
    }

    #[test]
    fn a_haproxy_that_is_silent_for_long_fills_no_memory() {
        let shared = begun();
        for _ in 0..PairRing::CAPACITY + 10 {
            serve(&shared, 13);
            shared.tick();
        }
        assert_eq!(shared.after(None).expect("begun").missed, 10);
    }
}
