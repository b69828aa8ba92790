use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use handover_health::{HealthProbe, Healthy, ProbeClass, ProbeError, Schedule, Standing, Watched};
use tokio::time::Instant;

/// Behaves by the number of the check.
#[derive(Debug)]
struct Scripted {
    asked: AtomicU64,
    script: fn(u64) -> Behaviour,
}

enum Behaviour {
    Well,
    Fails(ProbeClass),
    Hangs,
    Panics,
}

#[async_trait]
impl HealthProbe for Scripted {
    async fn check(&self, _deadline: Duration) -> Result<Healthy, ProbeError> {
        match (self.script)(self.asked.fetch_add(1, Ordering::Relaxed)) {
            Behaviour::Well => Ok(Healthy::after(Duration::ZERO)),
            Behaviour::Fails(class) => Err(ProbeError::new(class, "scripted")),
            Behaviour::Hangs => std::future::pending().await,
            Behaviour::Panics => panic!("scripted"),
        }
    }
}

fn watch(script: fn(u64) -> Behaviour) -> (Arc<Scripted>, Watched) {
    let probe = Arc::new(Scripted { asked: AtomicU64::new(0), script });
    let watched = Watched::spawn(probe.clone(), Schedule::default().with_rise_fall(2, 2));
    (probe, watched)
}

/// The standings after each of the first `checks` checks.
async fn standings(watched: &Watched, checks: u64) -> Vec<Standing> {
    let mut status = watched.subscribe();
    let mut seen = Vec::new();
    for check in 1..=checks {
        seen.push(status.wait_for(|status| status.checks >= check).await.unwrap().standing);
    }
    seen
}

#[tokio::test(start_paused = true)]
async fn the_first_check_is_at_once_and_the_standing_follows_rise_and_fall() {
    let began = Instant::now();
    let (_probe, watched) =
        watch(|n| if n < 3 { Behaviour::Well } else { Behaviour::Fails(ProbeClass::Refused) });
    assert_eq!(watched.status().standing, Standing::Starting);
    assert_eq!(standings(&watched, 1).await, [Standing::Starting]);
    assert_eq!(began.elapsed(), Duration::ZERO);
    let (up, down) = (Standing::Up, Standing::Down);
    assert_eq!(standings(&watched, 5).await[1..], [up, up, up, down]);
}

#[tokio::test(start_paused = true)]
async fn a_503_counts_at_once() {
    let (_probe, watched) =
        watch(|n| if n < 2 { Behaviour::Well } else { Behaviour::Fails(ProbeClass::Status(503)) });
    assert_eq!(standings(&watched, 3).await, [Standing::Starting, Standing::Up, Standing::Down]);
}

#[tokio::test(start_paused = true)]
async fn hangs_and_panics_are_bad_answers_and_nobody_elses_trouble() {
    let (_hangs, hanging) = watch(|_| Behaviour::Hangs);
    let (_panics, panicking) = watch(|_| Behaviour::Panics);
    let (_well, well) = watch(|_| Behaviour::Well);
    assert_eq!(standings(&hanging, 2).await[1], Standing::Down);
    assert_eq!(standings(&panicking, 2).await[1], Standing::Down);
    assert_eq!(standings(&well, 2).await[1], Standing::Up);
    let class = |watched: &Watched| watched.status().last.unwrap().expect_err("bad").class();
    assert_eq!((class(&hanging), class(&panicking)), (ProbeClass::Timeout, ProbeClass::Panicked));
}

#[tokio::test(start_paused = true)]
async fn checks_begin_a_period_apart_and_only_the_first_has_the_jitter() {
    let (_probe, watched) = watch(|_| Behaviour::Well);
    let mut status = watched.subscribe();
    let mut last = Instant::now();
    for check in 1..30 {
        status.wait_for(|status| status.checks >= check).await.unwrap();
        let apart = last.elapsed();
        last = Instant::now();
        let wanted = match check {
            1 => 0..=0,
            2 => 5_000..=6_001,
            // What the first period was longer by is not caught up.
            _ => 5_000..=5_001,
        };
        assert!(wanted.contains(&apart.as_millis()), "{apart:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_it_asks_no_more_and_its_readers_know() {
    let (probe, watched) = watch(|_| Behaviour::Well);
    let mut status = watched.subscribe();
    standings(&watched, 1).await;
    drop(watched);
    assert!(status.wait_for(|_| false).await.is_err());
    let asked = probe.asked.load(Ordering::Relaxed);
    tokio::time::sleep(Duration::from_mins(10)).await;
    assert_eq!(probe.asked.load(Ordering::Relaxed), asked);
}
