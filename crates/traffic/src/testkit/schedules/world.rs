//! One schedule: what is known, what is done next, and what must hold after it.

use std::time::Duration;

use handover_core::{Fence, OpId, Slot};
use tokio::time::Instant;

use super::Tally;
use super::check::{Asked, Fate, may_be};
use super::dice::Dice;
use crate::layers::{Mishap, Path};
use crate::testkit::probe::{Check, Probe, broken, cut_short, expressible, fresh_op, ruled_out, said, shown};
use crate::testkit::{OpenRequest, Subject};
use crate::{Capabilities, Change, Drained, Expected, Observed, Revision, Route, Split, SwitchError};

/// How many operations one schedule knows, so that repetitions are common.
const WISHES: usize = 6;
/// How many requests users keep open at once.
const OPEN: usize = 3;

/// An operation: the same wish whenever it is repeated, as a runbook's are.
struct Wish {
    op: OpId,
    route: Route,
    fate: Fate,
}

pub(super) struct World<'a> {
    probe: Probe<'a>,
    can: Capabilities,
    dice: Dice,
    path: Path,
    wishes: Vec<Wish>,
    /// What was overtaken and arrives after the next call.
    late: Vec<Change>,
    open: Vec<OpenRequest>,
    now: Observed,
    /// What was asked for since one change was last in force as a whole.
    begun: Vec<Route>,
    tally: Tally,
}

impl<'a> World<'a> {
    pub(super) async fn begin(subject: &'a dyn Subject, seed: u64) -> Check<Self> {
        let (probe, mut dice) = (Probe { subject }, Dice::new(seed));
        let can = probe.can();
        let now = start(&probe).await?;
        let routes = expressible(&can);
        let wish = |dice: &mut Dice| dice.pick(&routes).unwrap_or(Route::serve(Split::ALL_GREEN));
        let wishes =
            (0..WISHES).map(|_| Wish { op: fresh_op(), route: wish(&mut dice), fate: Fate::New }).collect();
        let (path, late, open, tally) = (Path::default(), Vec::new(), Vec::new(), Tally::default());
        let begun = vec![now.route];
        Ok(Self { probe, can, dice, path, wishes, late, open, now, begun, tally })
    }

    pub(super) const fn tally(&self) -> Tally {
        self.tally
    }

    /// Does one thing, and writes down what.
    pub(super) async fn act(&mut self, acts: &mut Vec<String>) -> Check {
        match self.dice.below(20) {
            0..12 => self.apply(acts).await?,
            12 => self.ask_too_much(acts).await?,
            13..16 => self.drain(acts).await?,
            16..18 => self.observe(acts).await?,
            _ => {
                let left = self.open.pop().is_some();
                acts.push(format!("a user leaves: {left}"));
            }
        }
        self.a_user_comes().await
    }

    /// What is still on its way arrives; then everything goes back to one slot, whatever is in force.
    pub(super) async fn end(&mut self, acts: &mut Vec<String>) -> Check {
        self.look(None, "", acts).await?;
        let slot = if self.dice.chance(50) { Slot::Blue } else { Slot::Green };
        acts.push(format!("everything back to {slot}"));
        self.now = self.probe.set(Route::serve(Split::all(slot))).await?;
        self.a_user_comes().await
    }

    async fn apply(&mut self, acts: &mut Vec<String>) -> Check {
        let at = self.dice.below(self.wishes.len());
        let change = self.change(at);
        if self.dice.chance(15) {
            return self.give_up(at, change, acts).await;
        }
        let made = self.wishes[at].fate == Fate::Made;
        // What was made before has no middle any more.
        let mishap = self.dice.mishap().filter(|mishap| !(made && *mishap == Mishap::Partial));
        let behind = self.strike(mishap).await;
        acts.push(format!("{}, struck by {mishap:?}{behind}", asked(at, &change)));
        let arrived = std::mem::take(&mut self.late);
        let switcher = self.probe.subject.switcher();
        let answer = self.probe.within("apply", self.path.apply(switcher, mishap, &change)).await?;
        self.probe.subject.calm().await;
        if mishap == Some(Mishap::Reorder) {
            self.late.push(change.clone());
        }
        self.answered(at, &change, &answer, arrived.as_slice()).await
    }

    /// Where the way to the switcher is clear, what is behind it may not be; in words.
    async fn strike(&mut self, mishap: Option<Mishap>) -> String {
        let (wanted, which) = (self.dice.chance(50), self.dice.roll());
        if mishap.is_some() || !wanted {
            return String::new();
        }
        let Some(what) = self.probe.subject.strike(which).await else { return String::new() };
        self.tally.struck += 1;
        format!(", and behind it by {what}")
    }

    /// A wish as somebody asks for it who may have lost the lease, or plans on what is long past.
    fn change(&mut self, at: usize) -> Change {
        let fence = self.now.fence.unwrap_or(Fence::ZERO);
        let fence = match self.dice.below(8) {
            0 => Fence::new(fence.get().saturating_sub(1)),
            1 => fence.next(),
            _ => fence,
        };
        let expected = match self.dice.below(4) {
            0 => Expected::Any,
            1 => Expected::Revision(Revision::new(self.now.revision.get().wrapping_sub(1))),
            _ => Expected::Revision(self.now.revision),
        };
        Change { route: self.wishes[at].route, expected, op: self.wishes[at].op.clone(), fence }
    }

    /// The caller drops the call at some await point. It names its revision, so that it cannot arrive late and win.
    async fn give_up(&mut self, at: usize, change: Change, acts: &mut Vec<String>) -> Check {
        let change = Change { expected: Expected::Revision(self.now.revision), ..change };
        let awaits = 1 + u32::try_from(self.dice.below(4)).unwrap_or(0);
        acts.push(format!("{}, given up at await point {awaits}", asked(at, &change)));
        let switcher = self.probe.subject.switcher();
        match self.probe.within("apply", cut_short(switcher, &change, awaits)).await? {
            Some(answer) => self.answered(at, &change, &answer, &[]).await,
            None => self.resolve(at, &change, &[]).await,
        }
    }

    async fn answered(
        &mut self,
        at: usize,
        change: &Change,
        answer: &Result<Observed, SwitchError>,
        arrived: &[Change],
    ) -> Check {
        let asked = Asked { can: &self.can, old: &self.now, change, fate: self.wishes[at].fate };
        asked.fits(answer)?;
        match answer {
            Err(SwitchError::Unconfirmed { .. }) => return self.resolve(at, change, arrived).await,
            Err(_) => {
                self.tally.refused += 1;
                self.stands(arrived).await
            }
            Ok(_) if arrived.is_empty() && asked.fate == Fate::New => {
                self.tally.made += 1;
                self.now = self.probe.settled(change.route).await?;
                self.begun = vec![change.route];
                self.wishes[at].fate = Fate::Made;
                Ok(())
            }
            Ok(_) => {
                let now = self.probe.observe().await?;
                if arrived.is_empty() {
                    asked.repeats_nothing(&now)?;
                }
                self.tally.made += 1;
                self.wishes[at].fate = Fate::Made;
                self.between(&[change.route], arrived, now)
            }
        }
    }

    /// Nobody knows whether the change was made, until somebody looks.
    async fn resolve(&mut self, at: usize, change: &Change, arrived: &[Change]) -> Check {
        self.tally.unknown += 1;
        let fate = &mut self.wishes[at].fate;
        *fate = if *fate == Fate::Made { Fate::Made } else { Fate::Unknown };
        let now = self.at_rest().await?;
        self.between(&[change.route], arrived, now)
    }

    /// Looks until two looks agree.
    async fn at_rest(&self) -> Check<Observed> {
        let (begun, mut before) = (Instant::now(), self.probe.come_to_rest().await?);
        loop {
            let now = self.probe.observe().await?;
            if (now.route, now.revision) == (before.route, before.revision) {
                return Ok(now);
            }
            if begun.elapsed() > self.probe.subject.patience() {
                return broken("what is in force does not come to rest");
            }
            before = now;
        }
    }

    /// Nothing was changed, but for what arrived late.
    async fn stands(&mut self, arrived: &[Change]) -> Check {
        let now = self.probe.observe().await?;
        if arrived.is_empty() && now.revision != self.now.revision {
            let (was, is) = (self.now.revision, now.revision);
            return broken(format!("nothing was changed, and revision {was} became {is}"));
        }
        self.between(&[], arrived, now)
    }

    /// Traffic is where it was, or where it was asked to go; without `atomic`, anywhere between.
    fn between(&mut self, asked: &[Route], arrived: &[Change], now: Observed) -> Check {
        for wish in &mut self.wishes {
            if wish.fate == Fate::New && arrived.iter().any(|change| change.op == wish.op) {
                wish.fate = Fate::Unknown;
            }
        }
        let late = arrived.iter().map(|change| change.route);
        let routes: Vec<Route> = asked.iter().copied().chain([self.now.route]).chain(late).collect();
        self.begun.extend(&routes);
        if !may_be(&self.can, &routes, now.route) && !self.members_may_be(now.route) {
            let may: Vec<String> = routes.iter().map(shown).collect();
            return broken(format!("{} is in force, which is none of {}", shown(&now.route), may.join(", ")));
        }
        self.now = now;
        Ok(())
    }

    /// Of several members some may still be on their way to what was asked for earlier.
    fn members_may_be(&self, seen: Route) -> bool {
        self.probe.subject.members() > 1 && may_be(&self.can, &self.begun, seen)
    }

    async fn ask_too_much(&mut self, acts: &mut Vec<String>) -> Check {
        let Some(route) = self.dice.pick(&ruled_out(&self.can)) else { return Ok(()) };
        acts.push(format!("{} is asked for, which is ruled out", shown(&route)));
        let change = self.probe.change_to(route, Expected::Any).await?;
        match self.probe.apply(&change).await? {
            Err(SwitchError::Unsupported { .. }) => self.stands(&[]).await,
            Ok(_) => broken("what is ruled out was made"),
            Err(error) => broken(format!("what is ruled out got: {}", said(&error))),
        }
    }

    async fn drain(&mut self, acts: &mut Vec<String>) -> Check {
        let slot = if self.dice.chance(50) { Slot::Blue } else { Slot::Green };
        let (mishap, limit) = (self.dice.mishap(), Duration::from_millis(20));
        let behind = self.strike(mishap).await;
        acts.push(format!("{slot} is drained, struck by {mishap:?}{behind}"));
        let arrived = std::mem::take(&mut self.late);
        let call = self.path.drain(self.probe.subject.switcher(), mishap, slot, limit);
        let answer = self.probe.within("drain", call).await?;
        self.probe.subject.calm().await;
        self.count(answer.as_ref().err());
        if let Ok(drained) = answer {
            self.may_be_drained(slot, drained)?;
        }
        let now = self.at_rest().await?;
        self.between(&[], &arrived, now)
    }

    fn may_be_drained(&self, slot: Slot, drained: Drained) -> Check {
        if self.now.route.split.bps(slot) > 0 {
            return broken(format!("{slot} has traffic and was drained: {drained:?}"));
        }
        let open = self.open.iter().filter(|request| request.slot() == slot).count();
        match drained {
            Drained::Clean { .. } if open > 0 => broken(format!("Clean with {open} requests open on {slot}")),
            _ => Ok(()),
        }
    }

    async fn observe(&mut self, acts: &mut Vec<String>) -> Check {
        let mishap = self.dice.mishap();
        let behind = self.strike(mishap).await;
        self.look(mishap, &behind, acts).await
    }

    async fn look(&mut self, mishap: Option<Mishap>, behind: &str, acts: &mut Vec<String>) -> Check {
        acts.push(format!("somebody looks, struck by {mishap:?}{behind}"));
        let arrived = std::mem::take(&mut self.late);
        let call = self.path.observe(self.probe.subject.switcher(), mishap);
        let answer = self.probe.within("observe", call).await?;
        self.probe.subject.calm().await;
        self.count(answer.as_ref().err());
        if let Ok(seen) = answer
            && seen.route != self.now.route
        {
            let (was, is) = (shown(&self.now.route), shown(&seen.route));
            return broken(format!("{was} became {is}, and nobody had asked"));
        }
        let now = self.at_rest().await?;
        self.between(&[], &arrived, now)
    }

    const fn count(&mut self, error: Option<&SwitchError>) {
        match error {
            None => self.tally.made += 1,
            Some(SwitchError::Unconfirmed { .. }) => self.tally.unknown += 1,
            Some(_) => self.tally.refused += 1,
        }
    }

    /// A user's request is answered by a slot with weight. Some stay for a while.
    async fn a_user_comes(&mut self) -> Check {
        let request = self.probe.sends_users_as(&self.now).await?;
        if self.open.len() < OPEN && self.dice.chance(20) {
            self.open.extend(request);
        }
        Ok(())
    }
}

/// All on blue, under a fence above any seen before, so that there is a lower one.
async fn start(probe: &Probe<'_>) -> Check<Observed> {
    let back = probe.change_to(Route::serve(Split::ALL_BLUE), Expected::Any).await?;
    let back = Change { fence: back.fence.next(), ..back };
    match probe.apply(&back).await? {
        Ok(_) => probe.settled(back.route).await,
        Err(error) => broken(format!("the way back is barred: {}", said(&error))),
    }
}

fn asked(at: usize, change: &Change) -> String {
    let Change { route, expected, fence, .. } = change;
    let planned = match expected {
        Expected::Any => "whatever is in force".to_owned(),
        Expected::Revision(revision) => format!("revision {revision}"),
    };
    format!("operation {at}: {} on {planned}, fence {fence}", shown(route))
}
