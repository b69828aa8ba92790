//! `handover traffic watch`: whether the traffic stays where the last deployment left it.

use std::time::Duration;

use handover_core::{Slot, Timestamp};
use handover_edge::api::PanicRequest;
use handover_traffic::SwitchError;
use serde::Serialize;
use tokio::time::sleep;

use super::change;
use crate::args::WatchTraffic;
use crate::commands::by_hand::refused;
use crate::context::Context;
use crate::exit::Exit;
use crate::helm::{Brief, Helm};
use crate::output::short_duration;
use crate::report::Failure;
use crate::run;

/// The version of the JSON form.
const VERSION: u32 = 1;

/// Looks that must agree before a split that nobody of ours made counts: one may fall into the middle of a change.
const LOOKS: u32 = 2;

const ATTEMPTED: &str = "could not watch the traffic";

/// What was seen of somebody else's change.
#[derive(Debug, Serialize)]
struct Drift {
    version: u32,
    at: Timestamp,
    /// The slot to which all traffic belongs.
    stable: Option<Slot>,
    found: String,
    restored: bool,
}

/// Watches for as long as was asked for.
pub(super) async fn run(args: &WatchTraffic, context: &Context) -> Result<Exit, Failure> {
    let helm = context.helm().await?;
    let every = args.every.max(helm.capabilities().observe_every);
    let mut watch = Watch { helm, every, strikes: 0, silent: false };
    let brief = watch.brief().await?;
    let until = end(args, &brief)?;
    context.output.note(begins(&brief, every, until));
    let mut ended = Exit::Done;
    loop {
        if let Some(drift) = watch.look(context).await? {
            ended = watch.tell(drift, args.restore, context).await?;
            if ended == Exit::Stuck {
                return Ok(ended);
            }
        }
        let sure = args.once && watch.strikes == 0;
        if sure || until.is_some_and(|until| Timestamp::now() >= until) {
            return Ok(ended);
        }
        sleep(watch.pause()).await;
    }
}

/// When it is over; without an end it is over when it is stopped.
fn end(args: &WatchTraffic, brief: &Brief) -> Result<Option<Timestamp>, Failure> {
    if brief.stable.is_none() {
        return Err(Failure::new(ATTEMPTED, Exit::Refused)
            .because("no release is known to be stable yet, so nobody knows where traffic belongs")
            .hint("`handover deploy` makes one"));
    }
    let kept = brief.retained_until.filter(|_| !args.once);
    Ok(args.time.map(|time| Timestamp::now().plus(time)).or(kept))
}

fn begins(brief: &Brief, every: Duration, until: Option<Timestamp>) -> String {
    let stable = brief.stable.as_ref().map(|(slot, release)| format!("{release} in {slot}"));
    let left = until.map(|until| format!(", for {}", short_duration(until.since(Timestamp::now()))));
    let (stable, left) = (stable.unwrap_or_default(), left.unwrap_or_default());
    format!("watching that {stable} keeps the traffic, with a look every {}{left}", short_duration(every))
}

struct Watch {
    helm: Helm,
    every: Duration,
    /// How often in a row the traffic was found elsewhere.
    strikes: u32,
    /// Whether it was said that the backend does not answer.
    silent: bool,
}

impl Watch {
    async fn brief(&self) -> Result<Brief, Failure> {
        self.helm.brief().await.map_err(|error| refused(&error, ATTEMPTED))
    }

    /// What somebody else did, once two looks agree.
    async fn look(&mut self, context: &Context) -> Result<Option<Drift>, Failure> {
        let brief = self.brief().await?;
        let seen = self.helm.switcher().observe().await;
        self.note_silence(seen.as_ref().err(), context);
        let found = brief.stray(seen.as_ref());
        self.strikes = if found.is_some() { self.strikes + 1 } else { 0 };
        let sure = found.filter(|_| self.strikes >= LOOKS);
        Ok(sure.map(|found| {
            self.strikes = 0;
            let stable = brief.stable.map(|(slot, _)| slot);
            Drift { version: VERSION, at: Timestamp::now(), stable, found, restored: false }
        }))
    }

    /// A backend that does not answer says nothing about the split, and is said once.
    fn note_silence(&mut self, error: Option<&SwitchError>, context: &Context) {
        let error = error.filter(|error| !matches!(error, SwitchError::Elsewhere { .. }));
        match error {
            Some(error) if !self.silent => context.output.note(format!("the split cannot be read: {error}")),
            None if self.silent => context.output.note("the split can be read again"),
            _ => {}
        }
        self.silent = error.is_some();
    }

    async fn tell(&self, mut drift: Drift, restore: bool, context: &Context) -> Result<Exit, Failure> {
        if restore {
            self.restore(&drift.found).await?;
            drift.restored = true;
        }
        context.output.next(drift.sentence(), &drift);
        Ok(if restore { Exit::RolledBack } else { Exit::Stuck })
    }

    async fn restore(&self, found: &str) -> Result<(), Failure> {
        let why = format!("{}: somebody else had moved the traffic to {found}", run::who());
        let request = PanicRequest { to: None, why, op: change::op_id() };
        let restored = self.helm.panic(&request).await;
        restored.map(drop).map_err(|error| refused(&error, "could not take the traffic back"))
    }

    /// A first suspicion is looked into soon.
    fn pause(&self) -> Duration {
        if self.strikes > 0 { self.helm.capabilities().observe_every.min(self.every) } else { self.every }
    }
}

impl Drift {
    fn sentence(&self) -> String {
        let stable = self.stable.map(|slot| slot.to_string()).unwrap_or_default();
        let then = if self.restored { "; it was taken back" } else { "" };
        format!("somebody else moved the traffic: it belongs to {stable}, and went to {}{then}", self.found)
    }
}
