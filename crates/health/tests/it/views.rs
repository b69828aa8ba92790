//! Views asked on schedule, on a clock that is held still.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use handover_health::{
    HealthProbe, Healthy, ProbeClass, ProbeError, Quorum, Schedule, Standing, View, Views, ViewsEvent,
    probe_fn,
};
use proptest::collection::vec;
use proptest::prelude::*;
use tokio::runtime::Builder;
use tokio::time::sleep;

const PERIOD: Duration = Duration::from_secs(1);
const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// Answers by script, and like its last line ever after.
#[derive(Debug)]
struct Scripted {
    asked: AtomicUsize,
    script: Vec<Result<(), ProbeClass>>,
}

#[async_trait]
impl HealthProbe for Scripted {
    async fn check(&self, _: Duration) -> Result<Healthy, ProbeError> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed).min(self.script.len() - 1);
        self.script[number].map_err(|class| ProbeError::new(class, "scripted"))?;
        Ok(Healthy::after(Duration::ZERO))
    }
}

fn views(scripts: &[Vec<Result<(), ProbeClass>>], need: usize, rise: u32, fall: u32) -> Views {
    let view = |(script, name): (&Vec<_>, &str)| {
        View::new(name, Scripted { asked: AtomicUsize::new(0), script: script.clone() })
    };
    let quorum = Quorum::new(scripts.iter().zip(NAMES).map(view), need).unwrap();
    Views::spawn(quorum, Schedule::default().with_period(PERIOD).with_jitter(0.0).with_rise_fall(rise, fall))
}

/// A view's standing by the definition: that of the last run of answers that was long enough.
fn of_one(heard: &[Result<(), ProbeClass>], rise: usize, fall: usize) -> Standing {
    for end in (1..=heard.len()).rev() {
        let run =
            heard[..end].iter().rev().take_while(|answer| answer.is_ok() == heard[end - 1].is_ok()).count();
        match heard[end - 1] {
            Ok(()) if run >= rise => return Standing::Up,
            Err(_) if run >= fall => return Standing::Down,
            _ => {}
        }
    }
    Standing::Starting
}

fn of_all(each: &[Standing], need: usize) -> Standing {
    let count = |wanted| each.iter().filter(|standing| **standing == wanted).count();
    if count(Standing::Up) >= need {
        Standing::Up
    } else if count(Standing::Up) + count(Standing::Starting) < need {
        Standing::Down
    } else {
        Standing::Starting
    }
}

/// So many rounds of answers for each of some views, and how many views are needed.
fn scripts() -> impl Strategy<Value = (Vec<Vec<Result<(), ProbeClass>>>, usize)> {
    let says = prop_oneof![Just(Ok(())), Just(Err(ProbeClass::Timeout)), Just(Err(ProbeClass::Status(503)))];
    (1..=4_usize).prop_flat_map(move |of| (vec(vec(says.clone(), 12), of), 1..=of))
}

proptest! {
    /// Each view by rise and fall, the whole by k of n; each change is told once, in order, and nothing else is.
    #[test]
    fn standings_and_events_are_those_of_the_model((scripts, need) in scripts(), rise in 1_u32..4, fall in 1_u32..4) {
        let paused = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        paused.block_on(async {
            let views = views(&scripts, need, rise, fall);
            let mut events = views.subscribe();
            let mut known = vec![Standing::Starting; scripts.len()];
            sleep(PERIOD / 2).await;
            for round in 1..=12 {
                let each: Vec<_> = scripts.iter().map(|script| of_one(&script[..round], rise as usize, fall as usize)).collect();
                let report = views.report();
                let found: Vec<_> = report.views.iter().map(|view| view.status.standing).collect();
                assert_eq!(found, each);
                assert_eq!((views.standing(), report.standing), (of_all(&each, need), of_all(&each, need)));
                // The events since then lead from what was known to what is.
                while let Ok(event) = events.try_recv() {
                    match event {
                        ViewsEvent::View { name, change } => {
                            let index = NAMES.iter().position(|known| **known == *name).unwrap();
                            assert_eq!(change.from, known[index]);
                            assert_ne!(change.from, change.to);
                            known[index] = change.to;
                        }
                        ViewsEvent::Whole { from, to, down } => {
                            assert_ne!(from, to);
                            assert_eq!(to, of_all(&known, need), "told before it was so");
                            let wanted = NAMES.iter().zip(&known).filter(|(_, standing)| **standing == Standing::Down);
                            assert!(down.iter().map(|name| &**name).eq(wanted.map(|(name, _)| *name)));
                        }
                        _ => unreachable!(),
                    }
                }
                assert_eq!(known, each);
                sleep(PERIOD).await;
            }
        });
    }
}

/// What answers may be a proxy on the way: one bad moment of it takes no view down.
#[tokio::test(start_paused = true)]
async fn a_503_is_like_any_bad_answer() {
    let busy = Err(ProbeClass::Status(503));
    let views = views(&[vec![Ok(()), busy, busy, Ok(()), busy, busy, busy]], 1, 1, 3);
    sleep(PERIOD * 5 + PERIOD / 2).await;
    assert_eq!((views.standing(), views.report().views[0].status.lately.changes.len()), (Standing::Up, 1));
    sleep(PERIOD).await;
    let report = views.report();
    assert_eq!((report.standing, report.views[0].class()), (Standing::Down, Some(ProbeClass::Status(503))));
    assert_eq!(report.views[0].since(), report.views[0].status.lately.changes.last().map(|change| change.at));
}

#[tokio::test(start_paused = true)]
async fn a_view_that_hangs_holds_up_no_other_and_the_whole_is_settled_by_its_timeout() {
    let hangs = View::new("hangs", probe_fn(std::future::pending));
    let well = View::new("well", probe_fn(|| async { Ok(()) }));
    let schedule = Schedule::default().with_rise_fall(1, 1).with_timeout(Duration::from_secs(1));
    let views = Views::spawn(Quorum::new([hangs, well], 1).unwrap(), schedule);
    let early = views.settled(Duration::from_millis(10)).await;
    assert_eq!((early.standing, early.is_settled()), (Standing::Up, false));
    let settled = views.settled(Duration::from_secs(2)).await;
    assert!(settled.is_settled());
    assert_eq!(settled.down().map(|view| &*view.name).collect::<Vec<_>>(), ["hangs"]);
}

#[tokio::test(start_paused = true)]
async fn dropped_they_ask_no_more_and_their_listeners_know() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counting = asked.clone();
    let probe = probe_fn(move || {
        counting.fetch_add(1, Ordering::Relaxed);
        async { Ok(()) }
    });
    let views = Views::spawn(Quorum::new([View::new("a", probe)], 1).unwrap(), Schedule::default());
    let mut events = views.subscribe();
    views.answered().await;
    drop(views);
    assert!(matches!(events.recv().await, Ok(ViewsEvent::View { .. })));
    assert!(matches!(events.recv().await, Ok(ViewsEvent::Whole { to: Standing::Up, .. })));
    assert!(events.recv().await.is_err(), "somebody could still tell");
    let before = asked.load(Ordering::Relaxed);
    sleep(Duration::from_mins(10)).await;
    assert_eq!(asked.load(Ordering::Relaxed), before);
}
