//! Several as one: the kit, fault schedules, and members that die in the middle.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, OpId, Slot, Timestamp};
use handover_traffic::layers::{Call, Fault, Mishap};
use handover_traffic::testkit::{OpenRequest, Opened, Subject, schedules};
use handover_traffic::{
    Capabilities, Change, Composite, DrainSupport, Drained, Expected, InMemory, Mode, Observed, RequestKind,
    Revision, Route, Split, SwitchError, TrafficSwitcher, TrafficSwitcherExt, Weights,
};

mod in_memory_and_one_with_a_middle {
    handover_traffic::conformance_tests!(super::Pair::new());
}

mod one_that_knows_little_and_one_that_knows_all {
    handover_traffic::conformance_tests!(super::unlike());
}

#[cfg(feature = "exec")]
mod in_memory_and_a_program {
    handover_traffic::conformance_tests!(super::WithAProgram::new().await);
}

const GREEN: Route = Route::serve(Split::ALL_GREEN);
const BLUE: Route = Route::serve(Split::ALL_BLUE);

fn in_steps() -> InMemory {
    let mut can = InMemory::everything();
    can.atomic = false;
    InMemory::with(can)
}

fn unlike() -> Composite {
    let bare = Capabilities::new(Weights::Stages { shares: vec![500, 5_000] });
    Composite::of(Arc::new(InMemory::with(bare))).and(Arc::new(InMemory::new()))
}

/// A member whose call is followed by silence: the change gets through, and nobody hears of it any more.
fn deaf(backend: &InMemory) -> Arc<dyn TrafficSwitcher> {
    let looks = [Mishap::Delay(Duration::ZERO)].into_iter().chain([Mishap::LostRequest; 9]);
    Arc::new(Fault::new(backend.clone()).with(Call::Apply, [Mishap::LostAck]).with(Call::Observe, looks))
}

/// Two members, and users who come to each in turn.
pub(crate) struct Pair {
    composite: Composite,
    first: InMemory,
    second: InMemory,
    users: AtomicUsize,
}

impl Pair {
    pub(crate) fn new() -> Self {
        let (first, second) = (InMemory::new(), in_steps());
        let composite = Composite::of(Arc::new(first.clone())).and(Arc::new(second.clone()));
        Self { composite, first, second, users: AtomicUsize::new(0) }
    }
}

#[async_trait]
impl Subject for Pair {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.composite
    }

    fn members(&self) -> usize {
        2
    }

    async fn open_request(&self) -> Opened {
        let turn = self.users.fetch_add(1, Ordering::Relaxed) % 2;
        let request = if turn == 0 { self.first.arrive().await } else { self.second.arrive().await };
        Opened::At(OpenRequest::new(request.slot(), request))
    }

    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        Some(Arc::new(Composite::of(Arc::new(self.first.clone())).and(deaf(&self.second))))
    }

    async fn sent(&self) -> Option<u64> {
        Some(self.first.received() + self.second.received())
    }
}

#[cfg(feature = "exec")]
struct WithAProgram {
    composite: Composite,
    first: InMemory,
    router: crate::exec::Router,
}

#[cfg(feature = "exec")]
impl WithAProgram {
    async fn new() -> Self {
        let (first, router) = (InMemory::new(), crate::exec::Router::start().await);
        let composite = Composite::of(Arc::new(first.clone())).and(Arc::new(router.exec()));
        Self { composite, first, router }
    }
}

#[cfg(feature = "exec")]
#[async_trait]
impl Subject for WithAProgram {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.composite
    }

    fn members(&self) -> usize {
        2
    }

    async fn open_request(&self) -> Opened {
        self.router.open_request().await
    }

    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        let deaf = self.router.unanswered().await?;
        // The look after the lost answer is lost as well, else it is no unknown.
        let looks = [Mishap::Delay(Duration::ZERO)].into_iter().chain([Mishap::LostRequest; 9]);
        let silent = Fault::new(deaf).with(Call::Observe, looks);
        Some(Arc::new(Composite::of(Arc::new(self.first.clone())).and(Arc::new(silent))))
    }

    async fn sent(&self) -> Option<u64> {
        self.router.sent().await
    }

    async fn foreign(&self) -> Option<String> {
        self.router.foreign().await
    }
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_fault_schedules_end_in_a_known_state() {
    let verdict = schedules(&Pair::new(), 0..10_000).await;
    assert!(verdict.is_sound(), "{verdict}");
}

#[tokio::test(start_paused = true)]
async fn so_do_those_over_members_that_can_do_different_things() {
    let verdict = schedules(&unlike(), 0..1_000).await;
    assert!(verdict.is_sound(), "{verdict}");
}

#[cfg(feature = "exec")]
#[tokio::test]
async fn so_do_those_over_a_program() {
    let verdict = schedules(&WithAProgram::new().await, 0..2).await;
    assert!(verdict.is_sound(), "{verdict}");
}

fn to_green(op: &str) -> Change {
    Change { route: GREEN, expected: Expected::Any, op: OpId::new(op), fence: Fence::ZERO }
}

/// Three members, the middle one on a path of its own.
struct Three {
    composite: Composite,
    members: [InMemory; 3],
    path: Arc<Fault<InMemory>>,
}

impl Three {
    fn new() -> Self {
        let members = [(); 3].map(|()| InMemory::new());
        let path = Arc::new(Fault::new(members[1].clone()));
        let [first, _, third] = members.clone();
        let composite = Composite::of(Arc::new(first)).and(path.clone()).and(Arc::new(third));
        Self { composite, members, path }
    }

    async fn routes(&self) -> Vec<Route> {
        let mut routes = Vec::new();
        for member in &self.members {
            routes.push(member.observe().await.unwrap().route);
        }
        routes
    }
}

fn because(error: &SwitchError) -> String {
    error.source().unwrap().to_string()
}

#[tokio::test(start_paused = true)]
async fn all_are_moved_and_observed_as_one() {
    let three = Three::new();
    let seen = three.composite.apply(&to_green("shift")).await.unwrap();
    assert_eq!(three.routes().await, [GREEN; 3]);
    let Observed { route, revision, last_op, fence, .. } = seen;
    let known = (GREEN, Revision::new(3), Some(OpId::new("shift")), Some(Fence::ZERO));
    assert_eq!((route, revision, last_op, fence), known);
}

#[tokio::test(start_paused = true)]
async fn where_one_says_no_those_before_it_go_back_and_it_is_refused() {
    let three = Three::new();
    three.path.script(Call::Apply, [Mishap::Refused]);
    let said = three.composite.apply(&to_green("shift")).await.unwrap_err();
    assert!(matches!(said, SwitchError::Refused { .. }), "{said:?}");
    insta::assert_snapshot!(said, @"the composite refused the change");
    insta::assert_snapshot!(because(&said), @"member 2 of 3: the faulty path refused the change: scripted to refuse");
    assert_eq!(three.routes().await, [BLUE; 3]);
    assert_eq!(three.members[2].received(), 0, "the one after it was not asked");
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_back_can_be_made_after_all_under_the_same_name() {
    let three = Three::new();
    for _ in 0..2 {
        three.path.script(Call::Apply, [Mishap::Refused]);
        three.composite.apply(&to_green("shift")).await.unwrap_err();
    }
    three.composite.apply(&to_green("shift")).await.unwrap();
    assert_eq!(three.routes().await, [GREEN; 3]);
    three.composite.shift_to(Split::ALL_BLUE, OpId::new("back")).await.unwrap();
    three.composite.apply(&to_green("shift")).await.unwrap();
    assert_eq!(three.routes().await, [BLUE; 3], "a repetition that comes late changes nothing");
}

#[tokio::test(start_paused = true)]
async fn where_the_first_says_no_its_own_answer_is_passed_on() {
    let first = Fault::new(InMemory::new()).with(Call::Apply, [Mishap::Throttled(Duration::from_secs(9))]);
    let composite = Composite::of(Arc::new(first)).and(Arc::new(InMemory::new()));
    let said = composite.apply(&to_green("shift")).await.unwrap_err();
    assert!(matches!(said, SwitchError::Throttled { .. }), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_lost_is_looked_for_and_the_rest_goes_on() {
    for mishap in [Mishap::LostAck, Mishap::ResetAfter] {
        let three = Three::new();
        three.path.script(Call::Apply, [mishap]);
        three.composite.apply(&to_green("shift")).await.unwrap();
        assert_eq!(three.routes().await, [GREEN; 3], "{mishap:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_member_that_dies_in_the_middle_leaves_an_unknown_and_the_rest_where_they_were() {
    let three = Three::new();
    let dead = [Mishap::Delay(Duration::ZERO)].into_iter().chain([Mishap::LostRequest; 3]);
    three.path.script(Call::Observe, dead);
    three.path.script(Call::Apply, [Mishap::LostAck]);
    let said = three.composite.apply(&to_green("shift")).await.unwrap_err();
    assert!(matches!(said, SwitchError::Unconfirmed { .. }), "{said:?}");
    insta::assert_snapshot!(because(&said), @"member 2 of 3: the faulty path did not confirm: the answer was lost");
    assert_eq!(three.routes().await, [BLUE, GREEN, BLUE], "it did it before it died");
    let blind = three.composite.observe().await.unwrap_err();
    assert!(matches!(blind, SwitchError::Unconfirmed { .. }), "{blind:?}");
    let seen = three.composite.observe().await.unwrap();
    assert_eq!(seen.route.split, Split::from_green_bps(3_333).unwrap(), "it is alive again, and between");
    assert_eq!(seen.last_op, None, "no change is in force as a whole");
    three.composite.apply(&to_green("shift")).await.unwrap();
    assert_eq!(three.routes().await, [GREEN; 3], "and the repetition finishes what was begun");
}

#[tokio::test(start_paused = true)]
async fn a_change_given_up_in_the_middle_is_finished_by_another_process() {
    let three = Three::new();
    three.path.script(Call::Apply, [Mishap::Delay(Duration::from_mins(1))]);
    let planned = Change { expected: Expected::Revision(Revision::new(0)), ..to_green("shift") };
    tokio::time::timeout(Duration::from_secs(1), three.composite.apply(&planned)).await.unwrap_err();
    assert_eq!(three.routes().await, [GREEN, BLUE, BLUE]);
    let [first, second, third] = three.members.clone();
    let another = Composite::of(Arc::new(first)).and(Arc::new(second)).and(Arc::new(third));
    another.apply(&planned).await.unwrap();
    assert_eq!(three.routes().await, [GREEN; 3]);
}

#[tokio::test(start_paused = true)]
async fn somebody_who_moved_one_member_is_a_conflict() {
    let three = Three::new();
    let planned = three.composite.observe().await.unwrap().revision;
    three.members[2].shift_to(Split::ALL_GREEN, OpId::new("theirs")).await.unwrap();
    let ours = Change { expected: Expected::Revision(planned), ..to_green("ours") };
    let said = three.composite.apply(&ours).await.unwrap_err();
    assert!(matches!(said, SwitchError::Conflict { .. }), "{said:?}");
    assert_eq!(three.routes().await, [BLUE, BLUE, GREEN]);
}

#[tokio::test(start_paused = true)]
async fn a_fence_that_one_member_has_seen_holds_for_all_before_any_is_asked() {
    let three = Three::new();
    three.members[2].apply(&Change { fence: Fence::new(5), ..to_green("theirs") }).await.unwrap();
    let said = three.composite.apply(&Change { fence: Fence::new(4), ..to_green("ours") }).await.unwrap_err();
    assert!(matches!(said, SwitchError::Fenced { .. }), "{said:?}");
    assert_eq!(three.members[0].received(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_drain_is_clean_only_where_all_are() {
    let three = Three::new();
    three.composite.apply(&to_green("shift")).await.unwrap();
    let open = three.members[2].open(Slot::Blue, RequestKind::Upgrade);
    let left = three.composite.drain(Slot::Blue, Duration::from_secs(1)).await.unwrap();
    assert_eq!(left, Drained::TimedOut { requests: 0, streams: 0, upgrades: 1 });
    drop(open);
    let clean = three.composite.drain(Slot::Blue, Duration::from_secs(1)).await.unwrap();
    assert!(matches!(clean, Drained::Clean { .. }), "{clean:?}");
}

#[tokio::test(start_paused = true)]
async fn members_drain_at_the_same_time() {
    let timed = |secs| {
        let bound = Duration::from_secs(secs);
        InMemory::with(Capabilities::new(Weights::AllOrNothing).with_drain(DrainSupport::Timed { bound }))
    };
    let composite = Composite::of(Arc::new(timed(3))).and(Arc::new(timed(5)));
    let drained = composite.drain(Slot::Green, Duration::from_secs(6)).await.unwrap();
    assert_eq!(drained, Drained::Assumed { waited: Duration::from_secs(5) });
}

#[tokio::test(start_paused = true)]
async fn where_one_holds_and_one_serves_a_hold_is_observed_that_is_not_the_one_asked_for() {
    let members = [InMemory::new(), InMemory::new()];
    let composite = Composite::of(Arc::new(members[0].clone())).and(Arc::new(members[1].clone()));
    let until = Timestamp::now().plus(Duration::from_mins(1));
    let hold = Change { route: Route::hold(Split::ALL_BLUE, until), ..to_green("hold") };
    members[0].apply(&hold).await.unwrap();
    let seen = composite.observe().await.unwrap().route;
    assert!(matches!(seen.mode, Mode::Hold { .. }) && seen != hold.route, "{seen:?}");
    composite.apply(&hold).await.unwrap();
    assert_eq!(composite.observe().await.unwrap().route, hold.route);
}

#[tokio::test(start_paused = true)]
async fn one_basis_point_of_difference_is_not_observed_as_made() {
    let members = [InMemory::new(), InMemory::new()];
    let composite = Composite::of(Arc::new(members[0].clone())).and(Arc::new(members[1].clone()));
    for (old, new) in [(0, 1), (1, 0), (10_000, 9_999)] {
        let [old, new] = [old, new].map(|bps| Split::from_green_bps(bps).unwrap());
        for (member, to) in members.iter().zip([new, old]) {
            member.shift_to(to, OpId::new(format!("{old} {new} {to}"))).await.unwrap();
        }
        assert_eq!(composite.observe().await.unwrap().route.split, old);
    }
}
