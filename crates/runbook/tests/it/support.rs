//! Small programs on a simulated outside.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use handover_core::{Hint, RunId};
use handover_runbook::testkit::{Waits, World};
use handover_runbook::{
    Action, Body, Decision, Effect, Ending, Engine, EngineError, InMemoryJournal, InMemoryLease, Journal,
    Order, Orders, Program, Step, StepName, Watch,
};
use serde_json::{Value, json};

pub(crate) fn run_id() -> RunId {
    "r1".parse().unwrap()
}

pub(crate) fn effect(name: &str, effect: impl Effect + 'static) -> Step {
    Step {
        name: StepName::new(name),
        undoes: None,
        may_fail: false,
        even_if_stuck: false,
        action: Action::Effect(Box::new(effect)),
    }
}

pub(crate) fn watch(name: &str, watch: impl Watch + 'static) -> Step {
    Step {
        name: StepName::new(name),
        undoes: None,
        may_fail: false,
        even_if_stuck: false,
        action: Action::Watch(Box::new(watch)),
    }
}

pub(crate) fn undoing(step: Step, undone: &str) -> Step {
    Step { undoes: Some(StepName::new(undone)), ..step }
}

pub(crate) fn best_effort(step: Step) -> Step {
    Step { may_fail: true, ..step }
}

pub(crate) fn in_any_case(step: Step) -> Step {
    Step { even_if_stuck: true, ..step }
}

pub(crate) fn proceeds(seconds: u64) -> Waits {
    Waits::new(Duration::from_secs(seconds), Decision::Proceed(json!("fine")))
}

pub(crate) fn turns(seconds: u64) -> Waits {
    let decision = Decision::TurnBack { why: "it is bad".into(), evidence: json!({ "errors": 7 }) };
    Waits::new(Duration::from_secs(seconds), decision)
}

/// Start, look for six seconds, raise, look for six more; back: lower what was raised, stop what was started.
pub(crate) fn usual(world: &World) -> Program {
    Program {
        forward: vec![
            effect("start", world.set_to("engine", json!("on"))),
            watch("warm", proceeds(6).skippable()),
            effect("raise", world.set_to("level", json!(10))),
            watch("look", proceeds(6)),
        ],
        back: vec![
            undoing(effect("lower", world.set_to("level", json!(0))), "raise"),
            undoing(effect("stop", world.set_to("engine", json!("off"))), "start"),
        ],
    }
}

/// A run on in-memory parts, sealed.
pub(crate) struct Bench {
    pub(crate) world: World,
    pub(crate) journal: Arc<InMemoryJournal>,
    pub(crate) lease: InMemoryLease,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let bench = Self {
            world: World::new(),
            journal: Arc::new(InMemoryJournal::new()),
            lease: InMemoryLease::new("a"),
        };
        bench.engine().seal(&run_id(), json!({ "plan": 1 })).await.unwrap();
        bench
    }

    pub(crate) fn engine(&self) -> Engine {
        let journal = Arc::clone(&self.journal);
        Engine::new(journal.clone(), Arc::new(self.lease.clone()), journal)
    }

    pub(crate) async fn run(&self, program: &Program) -> Result<Ending, EngineError> {
        self.engine().run(&run_id(), program).await
    }

    pub(crate) async fn order(&self, order: Order) {
        self.journal.give(&run_id(), order, "ana").await.unwrap();
    }

    pub(crate) async fn bodies(&self) -> Vec<Body> {
        self.journal.read(&run_id(), 0).await.unwrap().into_iter().map(|record| record.body).collect()
    }

    pub(crate) async fn story(&self) -> String {
        story(self.bodies().await)
    }

    pub(crate) fn level(&self) -> Value {
        self.world.state()["level"].clone()
    }
}

pub(crate) fn turn_back() -> Order {
    Order::TurnBack { verb: "abort".into(), reason: Some("it smells".into()) }
}

pub(crate) fn aborted() -> Ending {
    Ending::TurnedBack { why: "abort by ana: it smells".into() }
}

/// Each record in a line, as a person would skim it.
pub(crate) fn story(bodies: impl IntoIterator<Item = Body>) -> String {
    let lines = bodies.into_iter().map(|body| {
        let mut value = json!(body);
        let kind = value["kind"].take();
        let rest = value.as_object_mut().unwrap();
        rest.remove("kind");
        let rest = if rest.is_empty() { String::new() } else { format!(" {value}") };
        format!("{}{rest}", kind.as_str().unwrap())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// An error as the command line shows it.
pub(crate) fn say(error: &(impl std::error::Error + Hint)) -> String {
    let mut text = format!("error: {error}");
    let mut next = error.source();
    while let Some(cause) = next {
        write!(text, "\n  because: {cause}").unwrap();
        next = cause.source();
    }
    if let Some(hint) = error.hint() {
        write!(text, "\nhint: {hint}").unwrap();
    }
    text
}
