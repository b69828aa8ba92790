//! Steps that fail, leases that are lost, journals that cannot be written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, Hint as _, RunId};
use handover_runbook::testkit::{CrashPoint, CrashingJournal, Fault, SetTo, Side};
use handover_runbook::{
    Body, Checked, Effect, Ending, Engine, EngineError, Held, InMemoryJournal, InMemoryLease, Journal,
    JournalError, Lease, LeaseError, Op, Program, Record, RunSummary, StepError, StepName,
};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::support::{
    Bench, aborted, best_effort, effect, in_any_case, proceeds, run_id, turn_back, turns, usual, watch,
};

fn turned(why: &str) -> Ending {
    Ending::TurnedBack { why: why.into() }
}

#[tokio::test(start_paused = true)]
async fn a_refused_effect_turns_the_run_back() {
    let bench = Bench::new().await;
    bench.world.fail_once("level", Fault::Refused);
    assert_eq!(bench.run(&usual(&bench.world)).await.unwrap(), turned("it was refused"));
    assert_eq!(bench.world.state(), json!({ "engine": "off", "level": 0 }));
}

#[tokio::test(start_paused = true)]
async fn a_step_that_was_given_up_is_not_tried_again_by_the_next_driver() {
    let bench = Bench::new().await;
    bench.world.fail_once("engine", Fault::Refused);
    let program = usual(&bench.world);
    // Leased, the intent, and then the driver dies with the failure written.
    let at = CrashPoint { append: 2, side: Side::After };
    let journal = Arc::new(CrashingJournal::new(bench.journal.clone(), Some(at)));
    let engine = Engine::new(journal.clone(), Arc::new(bench.lease.clone()), bench.journal.clone());
    let run = run_id();
    tokio::select! {
        biased;
        () = journal.crashed() => {}
        outcome = engine.run(&run, &program) => panic!("it did not die: {outcome:?}"),
    }
    assert!(matches!(bench.bodies().await.last(), Some(Body::Failed { .. })));
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(bench.run(&program).await.unwrap(), turned("it was refused"));
}

#[tokio::test(start_paused = true)]
async fn a_verdict_turns_the_run_back_with_its_evidence() {
    let bench = Bench::new().await;
    let mut program = usual(&bench.world);
    program.forward[3] = watch("look", turns(3));
    assert_eq!(bench.run(&program).await.unwrap(), turned("it is bad"));
    let turned = Body::Turned { why: "it is bad".into(), evidence: json!({ "errors": 7 }) };
    assert!(bench.bodies().await.contains(&turned));
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_borne_until_it_passes() {
    let bench = Bench::new().await;
    for fault in
        [Fault::Throttled(Duration::from_secs(30)), Fault::RequestLost, Fault::Ignored, Fault::AnswerLost]
    {
        bench.world.fail_once("level", fault);
    }
    assert_eq!(bench.run(&usual(&bench.world)).await.unwrap(), Ending::Done);
    assert_eq!(bench.world.duplicates(), 0, "a lost answer led to a second effect");
    let ops = bench.world.log().into_iter().map(|op| op.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ops, ["r1/start", "r1/raise", "r1/raise", "r1/raise", "r1/raise"]);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_is_borne_for_a_minute_forward() {
    let bench = Bench::new().await;
    bench.world.fail_always("engine", Fault::Throttled(Duration::from_secs(7)));
    let begin = Instant::now();
    let ending = bench.run(&usual(&bench.world)).await.unwrap();
    assert!(matches!(ending, Ending::Stuck { .. }), "{ending:?}");
    let bodies = bench.bodies().await;
    assert!(bodies.contains(&Body::Turned {
        why: "it was too much".into(),
        evidence: json!({ "step": "start", "causes": ["it was too much"] })
    }));
    // One minute forward, then five on the way back, whose "stop" meets the same fault.
    assert_eq!(begin.elapsed().as_secs(), 360);
}

#[tokio::test(start_paused = true)]
async fn a_failing_best_effort_step_does_not_keep_the_way_back_from_its_end() {
    let bench = Bench::new().await;
    bench.world.fail_always("told", Fault::Refused);
    let mut program = usual(&bench.world);
    program.forward[3] = watch("look", turns(3));
    program.back.insert(0, best_effort(effect("tell", bench.world.set_to("told", json!(true)))));
    assert_eq!(bench.run(&program).await.unwrap(), turned("it is bad"));
    assert_eq!(bench.level(), json!(0));
}

#[tokio::test(start_paused = true)]
async fn a_failing_step_of_the_way_back_leaves_the_rest_alone() {
    let bench = Bench::new().await;
    let mut program = usual(&bench.world);
    program.forward[3] = watch("look", turns(3));
    program.back.insert(0, watch("check", turns(0)));
    let stuck = Ending::Stuck { why: "it is bad".into() };
    assert_eq!(bench.run(&program).await.unwrap(), stuck);
    assert_eq!(bench.world.state(), json!({ "engine": "on", "level": 10 }));
    assert_eq!(bench.run(&program).await.unwrap(), stuck, "an ended run stays ended");
}

#[tokio::test(start_paused = true)]
async fn what_must_be_done_in_any_case_is_done_though_the_way_back_is_stuck() {
    let bench = Bench::new().await;
    bench.world.fail_always("level", Fault::Refused);
    let mut program = usual(&bench.world);
    program.back.push(in_any_case(effect("shut", bench.world.set_to("door", json!("shut")))));
    let stuck = Ending::Stuck { why: "it was refused".into() };
    assert_eq!(bench.run(&program).await.unwrap(), stuck);
    assert_eq!(bench.world.state(), json!({ "engine": "on", "door": "shut" }), "and nothing else is");
    assert_eq!(bench.run(&program).await.unwrap(), stuck, "an ended run stays ended");
}

/// An effect for which any number is as good as the one it would set.
#[derive(Debug)]
struct AnyNumber(SetTo);

#[async_trait]
impl Effect for AnyNumber {
    fn want(&self) -> Value {
        self.0.want()
    }

    fn suffices(&self, found: &Value) -> bool {
        found.is_number()
    }

    async fn observe(&self) -> Result<Value, StepError> {
        self.0.observe().await
    }

    async fn apply(&self, op: &Op) -> Result<(), StepError> {
        self.0.apply(op).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_that_suffices_is_recorded_as_it_is() {
    let bench = Bench::new().await;
    bench.world.meddle("level", json!(3));
    let forward = vec![effect("raise", AnyNumber(bench.world.set_to("level", json!(10))))];
    let program = Program { forward, back: Vec::new() };
    assert_eq!(bench.run(&program).await.unwrap(), Ending::Done);
    assert_eq!(bench.level(), json!(3));
    let proof = Body::Verified { step: StepName::new("raise"), proof: json!(3) };
    assert!(bench.bodies().await.contains(&proof));
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_already_so_is_recorded_and_not_brought_about_again() {
    let bench = Bench::new().await;
    bench.world.meddle("engine", json!("on"));
    assert_eq!(bench.run(&usual(&bench.world)).await.unwrap(), Ending::Done);
    assert_eq!(bench.world.log().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_second_driver_is_refused_with_who_holds_the_lease() {
    let bench = Bench::new().await;
    let program = usual(&bench.world);
    let second = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        bench.run(&program).await.unwrap_err()
    };
    let (first, second) = tokio::join!(bench.run(&program), second);
    assert_eq!(first.unwrap(), Ending::Done);
    assert!(matches!(second, EngineError::Lease { source: LeaseError::Held(_), .. }));
    assert!(second.hint().unwrap().contains("handover lease take-over"));
}

#[tokio::test(start_paused = true)]
async fn a_driver_whose_lease_is_taken_over_stops_and_its_successor_ends_the_run() {
    let bench = Bench::new().await;
    let program = usual(&bench.world);
    let successor = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        bench.lease.holder("b").acquire(true).await.unwrap()
    };
    let (first, held) = tokio::join!(bench.run(&program), successor);
    assert!(matches!(first, Err(EngineError::LeaseLost { .. })), "{first:?}");
    let log = bench.world.log();
    bench.lease.release(held).await.unwrap();
    assert_eq!(bench.run(&program).await.unwrap(), Ending::Done);
    assert!(log.len() == 1 && bench.world.log().len() == 2);
}

#[tokio::test(start_paused = true)]
async fn a_driver_that_slept_past_its_lease_makes_no_further_effect() {
    let bench = Bench::new().await;
    let program = usual(&bench.world);
    let mut first = Box::pin(bench.run(&program));
    // The first driver is in its first watch; then its process gets no time for a minute.
    assert!(tokio::time::timeout(Duration::from_secs(2), &mut first).await.is_err());
    tokio::time::advance(Duration::from_mins(1)).await;
    let successor = bench.lease.holder("b").acquire(false).await.unwrap();
    let outcome = first.await;
    assert!(matches!(outcome, Err(EngineError::LeaseLost { .. })), "{outcome:?}");
    assert_eq!(bench.world.log().len(), 1, "it acted without a lease");
    assert_eq!(bench.lease.show().await.unwrap().map(|held| held.fence), Some(successor.fence));
}

/// A lease of 30 ms, and a journal whose process is stopped for longer than that while it writes an intent.
#[derive(Debug)]
struct Frozen<T>(T);

#[async_trait]
impl Lease for Frozen<InMemoryLease> {
    async fn acquire(&self, take_over: bool) -> Result<Held, LeaseError> {
        let short = Duration::from_millis(30);
        Ok(Held { ttl: short, left: short, ..self.0.acquire(take_over).await? })
    }

    async fn renew(&self, held: &Held) -> Result<Held, LeaseError> {
        Err(LeaseError::Lost { fence: held.fence })
    }

    async fn release(&self, held: Held) -> Result<(), LeaseError> {
        self.0.release(held).await
    }

    async fn show(&self) -> Result<Option<Held>, LeaseError> {
        self.0.show().await
    }
}

#[async_trait]
impl Journal for Frozen<Arc<InMemoryJournal>> {
    async fn append(
        &self,
        run: &RunId,
        next_seq: u64,
        fence: Fence,
        body: Body,
    ) -> Result<Record, JournalError> {
        let freezes = matches!(body, Body::Intent { .. });
        let written = self.0.append(run, next_seq, fence, body).await;
        if freezes {
            // Not one other task runs meanwhile, as when the process is stopped.
            std::thread::sleep(Duration::from_millis(60));
        }
        written
    }

    async fn read(&self, run: &RunId, from_seq: u64) -> Result<Vec<Record>, JournalError> {
        self.0.read(run, from_seq).await
    }

    async fn runs(&self) -> Result<Vec<RunSummary>, JournalError> {
        self.0.runs().await
    }

    async fn verify(&self) -> Result<Checked, JournalError> {
        self.0.verify().await
    }
}

/// Acts the moment it is called.
#[derive(Debug, Default)]
struct Hasty(Arc<AtomicBool>);

#[async_trait]
impl Effect for Hasty {
    fn want(&self) -> serde_json::Value {
        json!(true)
    }

    async fn observe(&self) -> Result<serde_json::Value, StepError> {
        Ok(json!(self.0.load(Ordering::SeqCst)))
    }

    async fn apply(&self, _: &Op) -> Result<(), StepError> {
        self.0.store(true, Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test]
async fn a_driver_stopped_between_its_intent_and_its_effect_looks_at_the_clock_first() {
    let bench = Bench::new().await;
    let journal = Arc::new(Frozen(bench.journal.clone()));
    let engine = Engine::new(journal, Arc::new(Frozen(bench.lease.clone())), bench.journal.clone());
    let acted = Arc::new(AtomicBool::new(false));
    let program = Program { forward: vec![effect("act", Hasty(acted.clone()))], back: vec![] };
    let outcome = engine.run(&run_id(), &program).await;
    assert!(matches!(outcome, Err(EngineError::LeaseLost { .. })), "{outcome:?}");
    assert!(!acted.load(Ordering::SeqCst), "it acted without a lease");
}

#[tokio::test(start_paused = true)]
async fn a_fence_refused_outside_stops_the_driver_and_does_not_turn_the_run() {
    let bench = Bench::new().await;
    bench.world.raise_fence(Fence::new(7));
    let outcome = bench.run(&usual(&bench.world)).await;
    assert!(matches!(outcome, Err(EngineError::LeaseLost { .. })), "{outcome:?}");
    assert!(!bench.bodies().await.iter().any(|body| matches!(body, Body::Turned { .. })));
}

/// A lease whose keeper is away for a while.
#[derive(Debug)]
struct Flaky<L> {
    inner: L,
    away: AtomicBool,
}

#[async_trait]
impl<L: Lease> Lease for Flaky<L> {
    async fn acquire(&self, take_over: bool) -> Result<Held, LeaseError> {
        self.inner.acquire(take_over).await
    }

    async fn renew(&self, held: &Held) -> Result<Held, LeaseError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(LeaseError::Unreachable { attempted: "renew", source: "gone".into() });
        }
        self.inner.renew(held).await
    }

    async fn release(&self, held: Held) -> Result<(), LeaseError> {
        self.inner.release(held).await
    }

    async fn show(&self) -> Result<Option<Held>, LeaseError> {
        self.inner.show().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_keeper_that_is_away_for_less_than_the_time_of_the_lease_is_borne() {
    for (away, borne) in [(9, true), (16, false)] {
        let bench = Bench::new().await;
        let lease = Arc::new(Flaky { inner: bench.lease.clone(), away: AtomicBool::new(false) });
        let journal = Arc::clone(&bench.journal);
        let engine = Engine::new(journal.clone(), Arc::<Flaky<_>>::clone(&lease), journal);
        let program = Program { forward: vec![watch("look", proceeds(60))], back: vec![] };
        let run = run_id();
        let absence = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            lease.away.store(true, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_secs(away)).await;
            lease.away.store(false, Ordering::SeqCst);
        };
        let (outcome, ()) = tokio::join!(engine.run(&run, &program), absence);
        assert_eq!(outcome.is_ok(), borne, "{away} s: {outcome:?}");
    }
}

/// A journal that has no room from a moment on.
#[derive(Debug)]
struct Filling {
    inner: Arc<InMemoryJournal>,
    full: AtomicBool,
    filled: AtomicBool,
    /// Fills up when the first such record comes.
    at: fn(&Body) -> bool,
}

#[async_trait]
impl Journal for Filling {
    async fn append(
        &self,
        run: &RunId,
        next_seq: u64,
        fence: Fence,
        body: Body,
    ) -> Result<Record, JournalError> {
        if (self.at)(&body) && !self.filled.swap(true, Ordering::SeqCst) {
            self.full.store(true, Ordering::SeqCst);
        }
        if self.full.load(Ordering::SeqCst) {
            return Err(JournalError::Full { path: "journal.db".into(), source: "disk full".into() });
        }
        self.inner.append(run, next_seq, fence, body).await
    }

    async fn read(&self, run: &RunId, from_seq: u64) -> Result<Vec<Record>, JournalError> {
        self.inner.read(run, from_seq).await
    }

    async fn runs(&self) -> Result<Vec<RunSummary>, JournalError> {
        self.inner.runs().await
    }

    async fn verify(&self) -> Result<Checked, JournalError> {
        self.inner.verify().await
    }
}

fn filling(bench: &Bench, at: fn(&Body) -> bool) -> (Arc<Filling>, Engine) {
    let journal = Arc::new(Filling {
        inner: bench.journal.clone(),
        full: AtomicBool::new(false),
        filled: AtomicBool::new(false),
        at,
    });
    let lease = Arc::new(bench.lease.clone());
    let engine = Engine::new(Arc::<Filling>::clone(&journal), lease, bench.journal.clone());
    (journal, engine)
}

#[tokio::test(start_paused = true)]
async fn a_full_journal_stops_the_way_forward_before_the_effect() {
    let bench = Bench::new().await;
    let (journal, engine) = filling(&bench, |body| matches!(body, Body::Intent { .. }));
    let program = usual(&bench.world);
    let outcome = engine.run(&run_id(), &program).await;
    assert!(matches!(outcome, Err(EngineError::Journal { source: JournalError::Full { .. }, .. })));
    assert_eq!(bench.world.log(), []);
    assert!(journal.full.load(Ordering::SeqCst));
    assert_eq!(bench.run(&program).await.unwrap(), Ending::Done, "with room it goes on");
}

#[tokio::test(start_paused = true)]
async fn a_full_journal_does_not_stop_the_way_back() {
    let bench = Bench::new().await;
    let (_, engine) = filling(&bench, |body| matches!(body, Body::Turned { .. }));
    let mut program = usual(&bench.world);
    program.forward[3] = watch("look", turns(3));
    let outcome = engine.run(&run_id(), &program).await.unwrap_err();
    let EngineError::Unrecorded { ending, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(ending, turned("it is bad"));
    assert_eq!(bench.world.state(), json!({ "engine": "off", "level": 0 }));
}

#[tokio::test(start_paused = true)]
async fn a_full_journal_does_not_keep_an_order_to_go_back_from_being_followed() {
    let bench = Bench::new().await;
    bench.order(turn_back()).await;
    let (_, engine) = filling(&bench, |body| matches!(body, Body::Ordered { .. }));
    let outcome = engine.run(&run_id(), &usual(&bench.world)).await.unwrap_err();
    assert!(matches!(outcome, EngineError::Unrecorded { ending, .. } if ending == aborted()));
}

#[tokio::test(start_paused = true)]
async fn what_the_way_back_could_not_write_is_written_when_there_is_room_again() {
    let bench = Bench::new().await;
    let (journal, engine) = filling(&bench, |body| matches!(body, Body::Turned { .. }));
    let mut program = usual(&bench.world);
    program.forward[3] = watch("look", turns(3));
    program.back.push(watch("rest", proceeds(30)));
    let run = run_id();
    let freeing = async {
        tokio::time::sleep(Duration::from_secs(25)).await;
        journal.full.store(false, Ordering::SeqCst);
    };
    let (outcome, ()) = tokio::join!(engine.run(&run, &program), freeing);
    assert_eq!(outcome.unwrap(), turned("it is bad"));
    let story = bench.story().await;
    let turn = story.find("turned").unwrap();
    assert!(turn < story.find("r1/lower").unwrap(), "out of order: {story}");
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_never_answers_does_not_hold_up_the_way_back() {
    let bench = Bench::new().await;
    let mut program = usual(&bench.world);
    program.forward[3] = watch("look", turns(3));
    // The append of `Turned` hangs, and nobody kills the driver.
    let at = CrashPoint { append: 8, side: Side::Before };
    let journal = Arc::new(CrashingJournal::new(bench.journal.clone(), Some(at)));
    let engine = Engine::new(journal, Arc::new(bench.lease.clone()), bench.journal.clone());
    let begin = Instant::now();
    assert_eq!(engine.run(&run_id(), &program).await.unwrap(), turned("it is bad"));
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
    assert!(bench.bodies().await.iter().any(|body| matches!(body, Body::Turned { .. })), "it was lost");
}

#[tokio::test(start_paused = true)]
async fn a_program_that_cannot_be_this_runs_is_refused_before_anything_is_done() {
    let bench = Bench::new().await;
    let refusal = async |program: Program| bench.run(&program).await.unwrap_err().to_string();
    let on = || effect("start", bench.world.set_to("engine", json!("on")));
    let twice = refusal(Program { forward: vec![on()], back: vec![on()] }).await;
    insta::assert_snapshot!(twice, @"the program does not fit run r1: two steps are called `start`");
    let mut program = usual(&bench.world);
    program.forward.remove(2);
    insta::assert_snapshot!(refusal(program).await, @"the program does not fit run r1: `lower` undoes `raise`, which is no step of the way forward");
    assert_eq!(bench.world.log(), []);

    let died = tokio::time::timeout(Duration::from_secs(1), bench.run(&usual(&bench.world))).await;
    assert!(died.is_err());
    tokio::time::sleep(Duration::from_secs(20)).await;
    let other = Program { forward: vec![watch("look", proceeds(1))], back: vec![] };
    insta::assert_snapshot!(refusal(other).await, @"the program does not fit run r1: its journal names the step `start`, which the program does not have");
    let unknown = bench.engine().run(&"r9".parse().unwrap(), &Program::default()).await.unwrap_err();
    insta::assert_snapshot!(unknown, @"run r9 was never sealed");
}

#[tokio::test(start_paused = true)]
async fn the_testkits_effects_are_what_they_claim() {
    let bench = Bench::new().await;
    let effect = bench.world.set_to("x", json!(1));
    assert_eq!(effect.observe().await.unwrap(), json!(null));
    assert_eq!(effect.want(), json!(1));
}
