//! Several views asked at once, on a clock that is held still.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use handover_health::{HealthProbe, Healthy, InvalidQuorum, ProbeClass, ProbeError, Quorum, View, probe_fn};
use proptest::collection::vec;
use proptest::prelude::*;
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

const DEADLINE: Duration = Duration::from_secs(1);
const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// Answers well, or with a failure of this class, after a while.
#[derive(Debug, Clone)]
struct Answers {
    after: Duration,
    says: Result<(), ProbeClass>,
    /// How many checks have begun and not yet ended or been dropped.
    asked: Arc<AtomicUsize>,
}

struct Under(Arc<AtomicUsize>);

impl Drop for Under {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[async_trait]
impl HealthProbe for Answers {
    async fn check(&self, _: Duration) -> Result<Healthy, ProbeError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let _under = Under(self.asked.clone());
        sleep(self.after).await;
        self.says.map_err(|class| ProbeError::new(class, "scripted"))?;
        Ok(Healthy::after(self.after))
    }
}

fn answers(millis: u64, says: Result<(), ProbeClass>) -> Answers {
    Answers { after: Duration::from_millis(millis), says, asked: Arc::default() }
}

fn quorum(views: &[Answers], need: usize) -> Quorum {
    Quorum::new(views.iter().zip(NAMES).map(|(view, name)| View::new(name, view.clone())), need).unwrap()
}

/// The outcome with the classes it may have, and when it is certain, by the definition: at the first moment at which
/// `need` have answered well, or too many have not for that. Late is bad at the deadline.
fn model(views: &[Answers], need: usize) -> (Result<(), Vec<ProbeClass>>, Duration) {
    let in_time = |view: &Answers| {
        if view.after < DEADLINE { (view.after, view.says) } else { (DEADLINE, Err(ProbeClass::Timeout)) }
    };
    let mut heard: Vec<_> = views.iter().map(in_time).collect();
    heard.sort_by_key(|(at, _)| *at);
    for until in 1..=heard.len() {
        let well = heard[..until].iter().filter(|(_, says)| says.is_ok()).count();
        let at = heard[until - 1].0;
        if well >= need {
            return (Ok(()), at);
        }
        if views.len() - (until - well) < need {
            return (Err(commonest(&heard[..until])), at);
        }
    }
    unreachable!("once all have answered it is certain")
}

/// Two where both are as common.
fn commonest(heard: &[(Duration, Result<(), ProbeClass>)]) -> Vec<ProbeClass> {
    let count = |class| heard.iter().filter(|(_, says)| *says == Err(class)).count();
    let both = [ProbeClass::Refused, ProbeClass::Timeout];
    let most = both.into_iter().map(count).max();
    both.into_iter().filter(|class| Some(count(*class)) == most).collect()
}

fn some_views() -> impl Strategy<Value = (Vec<Answers>, usize)> {
    // Never two at the same moment: which of them is heard first would be chance.
    let says = prop_oneof![3 => Just(Ok(())), 2 => Just(Err(ProbeClass::Refused)), 1 => Just(Err(ProbeClass::Timeout))];
    let moments = Just((1..=12_u64).map(|tenth| tenth * 101).collect::<Vec<_>>()).prop_shuffle();
    let views = (vec(says, 1..=6), moments).prop_map(|(says, at)| {
        says.into_iter().zip(at).map(|(says, at)| answers(at, says)).collect::<Vec<_>>()
    });
    views.prop_flat_map(|views| {
        let most = views.len();
        (Just(views), 1..=most)
    })
}

proptest! {
    /// k of n, in any order of answers: right, and as soon as it is certain.
    #[test]
    fn the_outcome_is_that_of_k_of_n_as_soon_as_it_is_certain((views, need) in some_views()) {
        let paused = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let (wanted, at) = model(&views, need);
        let (answer, took) = paused.block_on(async {
            let began = Instant::now();
            let answer = quorum(&views, need).check(DEADLINE).await;
            (answer, began.elapsed())
        });
        match (answer, wanted) {
            (Ok(_), Ok(())) => {}
            (Err(error), Err(classes)) => prop_assert!(classes.contains(&error.class()), "{error} {classes:?}"),
            (answer, wanted) => prop_assert!(false, "{answer:?} instead of {wanted:?}"),
        }
        prop_assert_eq!(took.as_millis(), at.as_millis());
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_not_needed_any_more_is_dropped() {
    let slow = answers(900, Ok(()));
    let views = [answers(10, Ok(())), answers(20, Ok(())), slow.clone()];
    quorum(&views, 2).check(DEADLINE).await.unwrap();
    // What is dropped ends with its task's next turn, long before it would have answered.
    sleep(Duration::from_millis(1)).await;
    assert_eq!(slow.asked.load(Ordering::Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_of_the_commonest_class_and_its_detail_names_who_failed() {
    let views = [
        answers(30, Err(ProbeClass::Status(503))),
        answers(20, Ok(())),
        answers(10, Err(ProbeClass::Refused)),
        answers(40, Err(ProbeClass::Refused)),
        answers(900, Ok(())),
    ];
    let error = quorum(&views, 3).check(DEADLINE).await.unwrap_err();
    insta::assert_snapshot!(format!("{error} | {}", error.detail()), @"connection refused | 3 of 5 views are needed, and these failed: a: answered 503 (scripted); c: connection refused (scripted); d: connection refused (scripted)");
}

#[tokio::test(start_paused = true)]
async fn views_that_hang_or_panic_are_failures_and_nobody_elses_trouble() {
    let hangs = View::new("hangs", probe_fn(std::future::pending));
    let panics = View::new("panics", probe_fn(|| async { panic!("scripted") }));
    let well = View::new("well", probe_fn(|| async { Ok(()) }));
    let either = Quorum::new([hangs.clone(), panics.clone(), well.clone()], 1).unwrap();
    either.check(DEADLINE).await.unwrap();
    let began = Instant::now();
    let error = Quorum::majority([hangs, panics, well]).unwrap().check(DEADLINE).await.unwrap_err();
    assert_eq!((error.class(), began.elapsed()), (ProbeClass::Timeout, DEADLINE));
}

#[test]
fn a_quorum_that_makes_no_sense_is_refused() {
    let view = |name| View::new(name, answers(1, Ok(())));
    let said = |views: Vec<View>, need| Quorum::new(views, need).unwrap_err();
    assert_eq!(said(vec![], 1), InvalidQuorum::Empty);
    assert_eq!(said(vec![view("a"), view("")], 1), InvalidQuorum::Nameless { number: 2 });
    assert_eq!(said(vec![view("a"), view("a")], 1), InvalidQuorum::Twice("a".into()));
    assert_eq!(said(vec![view("a")], 0), InvalidQuorum::Need { need: 0, of: 1 });
    assert_eq!(said(vec![view("a")], 2), InvalidQuorum::Need { need: 2, of: 1 });
    let majorities =
        [1, 2, 3, 4, 5].map(|of| Quorum::majority(NAMES[..of].iter().map(|name| view(name))).unwrap().need());
    assert_eq!(majorities, [1, 2, 2, 3, 3]);
}
