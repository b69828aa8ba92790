//! Laws of the reference model under random changes, mishaps and drains, against an oracle of a few lines.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use handover_core::{BySlot, Fence, OpId, Slot};
use handover_traffic::layers::{Call, Fault, Mishap};
use handover_traffic::{
    Capabilities, Change, Drained, Expected, InFlight, InMemory, InMemoryRequest, Observed, RequestKind,
    Revision, Route, Split, SwitchError, TrafficSwitcher, Weights,
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Act {
    /// Operation number `op` always wishes the same, as the runbook's do.
    Apply {
        op: u8,
        behind: Option<u64>,
        fence: u64,
        mishap: Option<Mishap>,
    },
    Open(Slot),
    Close,
    Drain(Slot),
}

fn mishap() -> impl Strategy<Value = Option<Mishap>> {
    let struck = prop_oneof![
        Just(Mishap::LostAck),
        Just(Mishap::LostRequest),
        Just(Mishap::Partial),
        Just(Mishap::Refused),
        Just(Mishap::ResetBefore),
        Just(Mishap::ResetAfter),
        Just(Mishap::Throttled(Duration::from_secs(1))),
        Just(Mishap::Delay(Duration::from_secs(1))),
        Just(Mishap::LateAck(Duration::from_secs(1))),
    ];
    prop_oneof![2 => Just(None), 1 => struck.prop_map(Some)]
}

fn act() -> impl Strategy<Value = Act> {
    let slot = || prop_oneof![Just(Slot::Blue), Just(Slot::Green)];
    let apply = (0..12u8, proptest::option::of(0..3u64), 0..4u64, mishap())
        .prop_map(|(op, behind, fence, mishap)| Act::Apply { op, behind, fence, mishap });
    prop_oneof![6 => apply, 2 => slot().prop_map(Act::Open), 1 => Just(Act::Close), 2 => slot().prop_map(Act::Drain)]
}

/// What ought to be in force, by the laws alone.
#[derive(Debug, Default)]
struct Oracle {
    green_bps: u16,
    revision: u64,
    fence: u64,
    done: BTreeSet<OpId>,
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Ok,
    Conflict,
    Fenced,
    Refused,
    Throttled,
    Unconfirmed,
}

impl Oracle {
    fn apply(&mut self, change: &Change, mishap: Option<Mishap>) -> Answer {
        match mishap {
            Some(Mishap::Refused) => Answer::Refused,
            Some(Mishap::Throttled(_)) => Answer::Throttled,
            Some(Mishap::LostRequest | Mishap::ResetBefore | Mishap::Partial) => Answer::Unconfirmed,
            Some(Mishap::ResetAfter) => {
                self.receive(change);
                Answer::Unconfirmed
            }
            Some(Mishap::LostAck) => match self.receive(change) {
                Answer::Ok => Answer::Unconfirmed,
                no => no,
            },
            _ => self.receive(change),
        }
    }

    fn receive(&mut self, change: &Change) -> Answer {
        if change.fence.get() < self.fence {
            return Answer::Fenced;
        }
        if !self.done.contains(&change.op) {
            if !change.expected.allows(Revision::new(self.revision)) {
                return Answer::Conflict;
            }
            self.done.insert(change.op.clone());
            self.green_bps = change.route.split.green_bps();
            self.revision += 1;
        }
        self.fence = change.fence.get();
        Answer::Ok
    }
}

fn answer(result: &Result<Observed, SwitchError>) -> Answer {
    match result {
        Ok(_) => Answer::Ok,
        Err(SwitchError::Conflict { .. }) => Answer::Conflict,
        Err(SwitchError::Fenced { .. }) => Answer::Fenced,
        Err(SwitchError::Refused { .. }) => Answer::Refused,
        Err(SwitchError::Throttled { .. }) => Answer::Throttled,
        Err(SwitchError::Unconfirmed { .. }) => Answer::Unconfirmed,
        Err(other) => panic!("nothing here may say {other:?}"),
    }
}

struct World {
    traffic: Fault<InMemory>,
    oracle: Oracle,
    open: Vec<InMemoryRequest>,
}

impl World {
    fn new() -> Self {
        Self { traffic: Fault::new(InMemory::new()), oracle: Oracle::default(), open: Vec::new() }
    }

    async fn step(&mut self, act: &Act) {
        match *act {
            Act::Apply { op, behind, fence, mishap } => self.apply(op, behind, fence, mishap).await,
            Act::Open(slot) => self.open.push(self.traffic.inner().open(slot, RequestKind::Request)),
            Act::Close => drop(self.open.pop()),
            Act::Drain(slot) => self.drain(slot).await,
        }
        let seen = self.traffic.observe().await.unwrap();
        assert_eq!(seen.route.split.green_bps(), self.oracle.green_bps, "the share after {act:?}");
        assert_eq!(seen.revision.get(), self.oracle.revision, "the revision after {act:?}");
        assert_eq!(seen.fence, Some(Fence::new(self.oracle.fence)), "the fence after {act:?}");
        assert_eq!(seen.in_flight.unwrap(), self.in_flight(), "what is in flight after {act:?}");
    }

    async fn apply(&mut self, op: u8, behind: Option<u64>, fence: u64, mishap: Option<Mishap>) {
        let split = Split::from_green_bps(u16::from(op % 5) * 2_500).unwrap();
        let planned = |behind| Revision::new(self.oracle.revision.saturating_sub(behind));
        let expected = behind.map_or(Expected::Any, |behind| Expected::Revision(planned(behind)));
        let op = OpId::new(format!("op {op}"));
        let change = Change { route: Route::serve(split), expected, op, fence: Fence::new(fence) };
        self.traffic.script(Call::Apply, mishap);
        let (got, want) = (self.traffic.apply(&change).await, self.oracle.apply(&change, mishap));
        assert_eq!(answer(&got), want, "{change:?} struck by {mishap:?}");
    }

    async fn drain(&self, slot: Slot) {
        let weighted = Split::from_green_bps(self.oracle.green_bps).unwrap().bps(slot) > 0;
        let left = self.in_flight()[slot].total();
        match self.traffic.drain(slot, Duration::from_secs(1)).await {
            Err(SwitchError::Refused { .. }) => assert!(weighted, "{slot} was idle"),
            Ok(Drained::Clean { .. }) => assert!(!weighted && left == 0, "{slot} had {left} left"),
            Ok(Drained::TimedOut { requests, .. }) => assert_eq!((weighted, requests), (false, left)),
            other => panic!("a counted drain said {other:?}"),
        }
    }

    fn in_flight(&self) -> BySlot<InFlight> {
        let mut counts = BySlot::<InFlight>::default();
        for request in &self.open {
            counts[request.slot()].requests += 1;
        }
        counts
    }
}

fn on_paused_time(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(test);
}

/// A change that is not atomic, polled so often and then dropped.
async fn cut(from: u16, to: u16, awaits: u32) {
    let traffic = InMemory::with(Capabilities::new(Weights::Any { step: 1 }));
    let change = |bps, op: &str| {
        let (route, op) = (Route::serve(Split::from_green_bps(bps).unwrap()), OpId::new(op));
        Change { route, expected: Expected::Any, op, fence: Fence::ZERO }
    };
    traffic.apply(&change(from, "from")).await.unwrap();
    let shift = change(to, "to");
    poll_then_drop(traffic.apply(&shift), awaits).await;
    let seen = traffic.observe().await.unwrap().route.split.green_bps();
    assert!((from.min(to)..=from.max(to)).contains(&seen), "{seen} is not between {from} and {to}");
    traffic.apply(&shift).await.unwrap();
    assert_eq!(traffic.observe().await.unwrap().route, shift.route, "the repetition finishes it");
}

async fn poll_then_drop(mut call: impl Future + Unpin, times: u32) {
    for _ in 0..times {
        if poll_fn(|cx| Poll::Ready(Pin::new(&mut call).poll(cx).is_ready())).await {
            return;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_mishap_breaks_compare_and_set_fence_or_once(acts in proptest::collection::vec(act(), 1..40)) {
        on_paused_time(async {
            let mut world = World::new();
            for act in &acts {
                world.step(act).await;
            }
        });
    }

    #[test]
    fn a_change_cut_anywhere_leaves_each_weight_between_old_and_new(
        from in 0..=Split::WHOLE, to in 0..=Split::WHOLE, awaits in 0..4u32,
    ) {
        on_paused_time(cut(from, to, awaits));
    }
}
