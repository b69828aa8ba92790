//! More than a hundred thousand checks that fail leave nothing behind: no file descriptor, no task, no thread, no process.
//!
//! A program of its own with a single test, since all of that is counted for the whole process.
#![cfg(all(
    target_os = "linux",
    feature = "command",
    feature = "disk",
    feature = "dns",
    feature = "http",
    feature = "instance",
    feature = "memory",
    feature = "postgres",
    feature = "process",
    feature = "redis",
    feature = "tcp"
))]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests may panic as the tests themselves do"
)]

mod held;
mod kinds;

use std::sync::Arc;
use std::time::Duration;

use handover_health::HealthProbe;
use tokio::task::JoinSet;

use held::Held;

/// So many checks of each kind fail that fails at once; nine kinds do.
const MANY: usize = 12_000;
/// So many of each that waits for its deadline, or starts a program.
const SOME: usize = 1_000;
const AT_ONCE: usize = 20;
/// Enough for a refusal, and soon over for who waits in vain.
const DEADLINE: Duration = Duration::from_millis(20);

async fn fail(kind: &str, probe: &Arc<dyn HealthProbe>, checks: usize) {
    let mut running = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (probe, kind) = (probe.clone(), kind.to_owned());
        running.spawn(async move {
            for _ in 0..checks / AT_ONCE {
                probe.check(DEADLINE).await.expect_err(&kind);
            }
        });
    }
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
}

fn checks(kind: &str) -> usize {
    let waits = ["pool", "hole", "frozen", "command", "DNS"].iter().any(|slow| kind.contains(slow));
    if waits { SOME } else { MANY }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failing_checks_leave_nothing_behind() {
    let surroundings = kinds::surroundings().await;
    let mut failed = 0;
    for (kind, probe) in kinds::all(&surroundings) {
        // What is made once and kept is made now.
        fail(&kind, &probe, 5 * AT_ONCE).await;
        let before = Held::settled().await;
        fail(&kind, &probe, checks(&kind)).await;
        failed += checks(&kind);
        before.is_all_again(&kind).await;
    }
    assert!(failed > 100_000, "{failed}");
}
