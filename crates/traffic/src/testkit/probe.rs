//! What the points are written with: bounded calls whose failures are outcomes already.

use std::error::Error;
use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use handover_core::{Fence, OpId, Slot, Timestamp};
use tokio::time::{Instant, sleep, timeout};

use super::{OpenRequest, Opened, Outcome, Subject, Weighed};
use crate::{
    Capabilities, Change, Drained, Expected, Mode, Observed, Route, Split, SwitchError, TrafficSwitcher,
    Weights,
};

/// A step of a point; `Err` ends the point with that outcome.
pub(super) type Check<T = ()> = Result<T, Outcome>;

/// Between two looks at something that takes effect by and by.
const GLANCE: Duration = Duration::from_millis(10);
/// A request already on its way when its sender gave up has arrived by then, on one machine.
const QUIET: Duration = Duration::from_millis(50);

pub(super) fn broken<T>(how: impl Into<String>) -> Check<T> {
    Err(Outcome::Broken(how.into()))
}

/// Ends the point where the backend does not claim what it is about.
pub(super) fn claimed(claims: bool, what: &'static str) -> Check {
    if claims { Ok(()) } else { Err(Outcome::NotClaimed(what)) }
}

/// An error with its causes, in one line.
pub(super) fn said(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(because) = cause {
        let _ = write!(text, ": {because}");
        cause = because.source();
    }
    text
}

/// Runs a point, then puts the route back that it found.
pub(super) async fn judge<'a, F>(subject: &'a dyn Subject, point: impl FnOnce(Probe<'a>) -> F) -> Outcome
where
    F: Future<Output = Check> + Send,
{
    let probe = Probe { subject };
    let before = match probe.observe().await {
        Ok(before) => before.route,
        Err(outcome) => return outcome,
    };
    let outcome = point(probe).await.err().unwrap_or(Outcome::Held);
    match probe.put_back(before).await {
        Err(Outcome::Broken(how)) if !outcome.is_broken() => {
            Outcome::Broken(format!("the former route could not be put back: {how}"))
        }
        _ => outcome,
    }
}

/// The subject, seen through bounded calls.
#[derive(Clone, Copy)]
pub(super) struct Probe<'a> {
    pub(super) subject: &'a dyn Subject,
}

impl Probe<'_> {
    pub(super) fn can(&self) -> Capabilities {
        self.subject.switcher().capabilities()
    }

    /// Runs a call; one that outlasts the subject's patience is stuck.
    pub(super) async fn within<T>(&self, what: &str, call: impl Future<Output = T>) -> Check<T> {
        let patience = self.subject.patience();
        match timeout(patience, call).await {
            Ok(done) => Ok(done),
            Err(_) => broken(format!("{what} did not return within {patience:?}")),
        }
    }

    pub(super) async fn observe(&self) -> Check<Observed> {
        match self.within("observe", self.subject.switcher().observe()).await? {
            Ok(observed) => self.never_dark().await.map(|()| observed),
            Err(error) => broken(format!("observe: {}", said(&error))),
        }
    }

    /// Some slot has weight, now and at every change so far; where the subject can see that.
    async fn never_dark(&self) -> Check {
        match self.within("a look at the weights", self.subject.weighed()).await? {
            Some(Weighed { dark, looks }) if dark > 0 => {
                broken(format!("no slot had any weight, {dark} of {looks} times that somebody looked"))
            }
            _ => Ok(()),
        }
    }

    pub(super) async fn apply(&self, change: &Change) -> Check<Result<Observed, SwitchError>> {
        self.within("apply", self.subject.switcher().apply(change)).await
    }

    /// A drain may take its limit and the subject's patience on top.
    pub(super) async fn drain(&self, slot: Slot, limit: Duration) -> Check<Result<Drained, SwitchError>> {
        let bound = limit + self.subject.patience();
        match timeout(bound, self.subject.switcher().drain(slot, limit)).await {
            Ok(done) => Ok(done),
            Err(_) => broken(format!("drain with the limit {limit:?} did not return within {bound:?}")),
        }
    }

    /// A change with a fresh name and the fence last seen.
    pub(super) async fn change_to(&self, route: Route, expected: Expected) -> Check<Change> {
        let fence = self.observe().await?.fence.unwrap_or(Fence::ZERO);
        Ok(Change { route, expected, op: fresh_op(), fence })
    }

    /// Brings a route about that the backend claims to express, from whatever is in force.
    pub(super) async fn set(&self, route: Route) -> Check<Observed> {
        let change = self.change_to(route, Expected::Any).await?;
        match self.apply(&change).await? {
            Ok(_) => self.settled(route).await,
            Err(error) => broken(format!("{} was refused: {}", shown(&route), said(&error))),
        }
    }

    /// Reads `route` back: at once, or by and by where the backend admits to answering before the effect.
    pub(super) async fn settled(&self, route: Route) -> Check<Observed> {
        let begun = Instant::now();
        loop {
            let seen = self.observe().await?;
            if seen.route == route {
                return Ok(seen);
            }
            if !self.can().acks_before_effect || begun.elapsed() > self.subject.patience() {
                return broken(format!(
                    "{} was acknowledged, {} observed",
                    shown(&route),
                    shown(&seen.route)
                ));
            }
            sleep(GLANCE).await;
        }
    }

    /// A refused change has left no trace.
    pub(super) async fn unmoved_since(&self, before: &Observed) -> Check {
        let now = self.observe().await?;
        if (now.route, now.revision) == (before.route, before.revision) {
            return Ok(());
        }
        let (was, is) = (shown(&before.route), shown(&now.route));
        let (from, to) = (before.revision, now.revision);
        broken(format!("a refused change moved traffic: {was} at revision {from}, then {is} at {to}"))
    }

    /// A new user's request ends up where `seen` says that it may. `None` where nobody can look.
    pub(super) async fn sends_users_as(&self, seen: &Observed) -> Check<Option<OpenRequest>> {
        if seen.route.mode != Mode::Serve || self.can().acks_before_effect {
            return Ok(None);
        }
        match self.within("a user's request", self.subject.open_request()).await? {
            Opened::Unseen => Ok(None),
            Opened::Nowhere(why) => broken(format!("{} observed, a user got: {why}", shown(&seen.route))),
            Opened::At(request) if seen.route.split.bps(request.slot()) == 0 => {
                broken(format!("{} observed, a user got {}", shown(&seen.route), request.slot()))
            }
            Opened::At(request) => Ok(Some(request)),
        }
    }

    /// Waits until what a caller who gave up had sent has come to rest.
    pub(super) async fn come_to_rest(&self) -> Check<Observed> {
        sleep(QUIET).await;
        self.observe().await
    }

    async fn put_back(&self, route: Route) -> Check {
        // A hold found at the beginning has a deadline of its own; it may be over by now.
        if route.mode != Mode::Serve || self.observe().await?.route == route {
            return Ok(());
        }
        self.set(route).await.map(drop)
    }
}

/// A name that no earlier run used, on a backend that remembers them.
pub(super) fn fresh_op() -> OpId {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (run, number) = (Timestamp::now().unix_millis(), NEXT.fetch_add(1, Ordering::Relaxed));
    OpId::new(format!("conformance-{}-{run}-{number}", std::process::id()))
}

/// A route in words.
pub(super) fn shown(route: &Route) -> String {
    match route.mode {
        Mode::Serve => format!("`{}`", route.split),
        Mode::Hold { until } => format!("`{}, held until {}`", route.split, until.unix_millis()),
    }
}

/// A hold that outlasts any check, at this split.
pub(super) fn held(split: Split) -> Route {
    Route::hold(split, Timestamp::now().plus(Duration::from_mins(1)))
}

/// Routes worth trying that the backend claims to express: both ends, shares between them, a hold.
pub(super) fn expressible(can: &Capabilities) -> Vec<Route> {
    let shares: Vec<u16> = match &can.weights {
        // A newcomer's share only grows until it has everything or nothing.
        Weights::Stages { shares } => [0].iter().chain(shares).chain(&[Split::WHOLE]).copied().collect(),
        Weights::Any { .. } | Weights::AllOrNothing => vec![0, 100, 1_000, 5_000, Split::WHOLE],
    };
    shares
        .into_iter()
        .filter_map(|bps| Split::from_green_bps(bps).ok())
        .map(Route::serve)
        .chain([held(Split::ALL_BLUE), Route::serve(Split::ALL_BLUE)])
        .filter(|route| can.missing_for(route).is_none())
        .collect()
}

/// Routes the backend says it cannot express.
pub(super) fn ruled_out(can: &Capabilities) -> Vec<Route> {
    let share = (0..=Split::WHOLE)
        .filter_map(|bps| Split::from_green_bps(bps).ok())
        .map(Route::serve)
        .find(|route| can.missing_for(route).is_some());
    let hold = Some(held(Split::ALL_BLUE)).filter(|route| can.missing_for(route).is_some());
    share.into_iter().chain(hold).collect()
}

/// Polls `call` up to its `awaits`th pending await point, then drops it; `None` if it was dropped.
pub(super) async fn cut_short(
    switcher: &dyn TrafficSwitcher,
    change: &Change,
    awaits: u32,
) -> Option<Result<Observed, SwitchError>> {
    CutShort { call: switcher.apply(change), left: awaits }.await
}

struct CutShort<F> {
    call: F,
    left: u32,
}

impl<F: Future + Unpin> Future for CutShort<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        let last = self.left == 0;
        match Pin::new(&mut self.call).poll(cx) {
            Poll::Pending if last => Poll::Ready(None),
            polled => Poll::Ready(Some(ready!(polled))),
        }
    }
}
