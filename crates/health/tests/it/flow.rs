//! Smoke tests that a service runs on itself, on a clock that is held still.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use handover_health::{FlowReport, ProbeClass, ProbeError, SmokeFlow, SmokeRun};
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

/// What a flow's parts did, in order.
#[derive(Debug, Clone, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

/// What a part does.
#[derive(Debug, Clone, Copy)]
enum Part {
    Passes,
    Fails,
    Hangs,
    Panics,
}

impl Diary {
    fn part(&self, name: &'static str, part: Part) -> impl Fn(SmokeRun) -> PartWork + Send + Sync + 'static {
        let diary = self.clone();
        move |run: SmokeRun| {
            assert!(run.tag().starts_with(SmokeRun::PREFIX));
            Box::pin(diary.clone().done(name, part))
        }
    }

    async fn done(self, name: &'static str, part: Part) -> Result<(), ProbeError> {
        self.0.lock().unwrap().push(name.to_owned());
        match part {
            Part::Passes => sleep(SECOND / 10).await,
            Part::Fails => return Err(ProbeError::other("password=hunter2")),
            Part::Hangs => std::future::pending().await,
            Part::Panics => panic!("scripted"),
        }
        Ok(())
    }

    fn entries(&self) -> String {
        self.0.lock().unwrap().join(" ")
    }
}

type PartWork = std::pin::Pin<Box<dyn Future<Output = Result<(), ProbeError>> + Send>>;

fn flow(diary: &Diary, second: Part, cleanup: Part) -> SmokeFlow {
    SmokeFlow::new()
        .step("create", SECOND, diary.part("create", Part::Passes))
        .step("query", SECOND, diary.part("query", second))
        .step("delete", SECOND, diary.part("delete", Part::Passes))
        .cleanup(SECOND, diary.part("cleanup", cleanup))
}

fn ends(report: &FlowReport) -> Vec<(&'static str, Option<ProbeClass>)> {
    report.steps.iter().map(|step| (step.name, step.end.as_ref().err().map(ProbeError::class))).collect()
}

#[tokio::test(start_paused = true)]
async fn steps_are_taken_in_order_and_the_cleanup_follows() {
    let diary = Diary::default();
    let report = flow(&diary, Part::Passes, Part::Passes).run().await;
    assert!(report.passed());
    assert_eq!(ends(&report), [("create", None), ("query", None), ("delete", None)]);
    assert_eq!(diary.entries(), "create query delete cleanup");
}

#[tokio::test(start_paused = true)]
async fn after_a_step_that_fails_hangs_or_panics_only_the_cleanup_follows() {
    for (part, class) in [
        (Part::Fails, ProbeClass::Other),
        (Part::Hangs, ProbeClass::Timeout),
        (Part::Panics, ProbeClass::Panicked),
    ] {
        let (diary, begun) = (Diary::default(), Instant::now());
        let report = flow(&diary, part, Part::Passes).run().await;
        assert!(!report.passed());
        assert_eq!(ends(&report), [("create", None), ("query", Some(class))]);
        assert_eq!(diary.entries(), "create query cleanup");
        assert!(begun.elapsed() <= 2 * SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn a_cleanup_that_fails_is_a_failed_step() {
    let diary = Diary::default();
    let report = flow(&diary, Part::Passes, Part::Hangs).run().await;
    assert!(!report.passed());
    assert_eq!(ends(&report).last(), Some(&("cleanup", Some(ProbeClass::Timeout))));
}

#[tokio::test(start_paused = true)]
async fn many_who_ask_at_once_share_one_run_and_who_asks_later_has_another() {
    let diary = Diary::default();
    let flow = flow(&diary, Part::Passes, Part::Passes);
    let asking = (0..100).map(|_| {
        tokio::spawn({
            let flow = flow.clone();
            async move { flow.run().await }
        })
    });
    for report in asking.collect::<Vec<_>>() {
        assert!(report.await.unwrap().passed());
    }
    // Less than a second later it is still the same report.
    flow.run().await;
    assert_eq!(diary.entries(), "create query delete cleanup");
    sleep(SECOND).await;
    flow.run().await;
    assert_eq!(diary.entries(), "create query delete cleanup create query delete cleanup");
}

#[tokio::test(start_paused = true)]
async fn when_nobody_waits_any_more_it_is_broken_off_and_cleaned_up() {
    let diary = Diary::default();
    let flow = flow(&diary, Part::Hangs, Part::Passes);
    let waiting = tokio::spawn({
        let flow = flow.clone();
        async move { flow.run().await }
    });
    sleep(SECOND / 2).await;
    waiting.abort();
    sleep(SECOND / 4).await;
    assert_eq!(diary.entries(), "create query cleanup");
}

#[tokio::test(start_paused = true)]
async fn the_reaper_runs_before_the_steps_and_its_failure_is_no_reason_not_to_run() {
    let diary = Diary::default();
    let reaping = diary.clone();
    let flow = flow(&diary, Part::Passes, Part::Passes).reaper(60 * SECOND, SECOND, move |age| {
        reaping.0.lock().unwrap().push(format!("reap>{}s", age.as_secs()));
        async { Err(ProbeError::other("no such table")) }
    });
    assert!(flow.run().await.passed());
    assert_eq!(diary.entries(), "reap>60s create query delete cleanup");
}

#[tokio::test(start_paused = true)]
async fn every_run_has_a_tag_of_its_own_that_any_database_can_hold() {
    let tags = Arc::new(Mutex::new(std::collections::BTreeSet::new()));
    let seen = tags.clone();
    let flow = SmokeFlow::new().step("tag", SECOND, move |run: SmokeRun| {
        seen.lock().unwrap().insert(run.tag().to_owned());
        async { Ok(()) }
    });
    for _ in 0..50 {
        flow.run().await;
        sleep(2 * SECOND).await;
    }
    let tags = tags.lock().unwrap();
    assert_eq!(tags.len(), 50);
    let plain = |tag: &String| {
        tag.len() == 45 && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    assert!(tags.iter().all(plain), "{tags:?}");
}

#[tokio::test(start_paused = true)]
async fn a_part_that_panics_before_it_gives_a_future_is_a_failed_step_as_well() {
    let diary = Diary::default();
    let panics = |_: SmokeRun| -> PartWork { panic!("scripted") };
    let flow =
        SmokeFlow::new().step("create", SECOND, panics).cleanup(SECOND, diary.part("cleanup", Part::Passes));
    let report = flow.run().await;
    assert_eq!(ends(&report), [("create", Some(ProbeClass::Panicked))]);
    assert_eq!(diary.entries(), "cleanup");
}

#[tokio::test(start_paused = true)]
async fn who_comes_and_leaves_at_once_has_it_run_no_more_often() {
    let diary = Diary::default();
    let flow = flow(&diary, Part::Passes, Part::Passes);
    for _ in 0..100 {
        let waiting = tokio::spawn({
            let flow = flow.clone();
            async move { flow.run().await }
        });
        sleep(SECOND / 40).await;
        waiting.abort();
        // Nobody waits now, so the run is broken off.
        sleep(SECOND / 40).await;
    }
    // In five seconds.
    let begun = diary.entries().matches("create").count();
    assert!((1..=6).contains(&begun), "{begun}");
    assert!(flow.run().await.passed());
}
