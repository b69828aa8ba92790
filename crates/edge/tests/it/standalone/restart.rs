//! What survives when the edge is killed.

use std::time::Duration;

use handover_core::{BySlot, Fence, Slot};
use handover_edge::api::{ApiError, ApiErrorKind, Secrets, WatchView};
use handover_traffic::Observed;

use super::bench::Bench;

fn route(text: &str) -> Observed {
    serde_json::from_str(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_route_its_revision_and_its_fence_outlive_the_edge() {
    let mut bench = Bench::start().await;
    bench.split(2_500).await;
    let mut last = bench.change(10_000);
    last.fence = Fence::new(7);
    let before = route(&bench.ask("PUT /v1/route", &serde_json::to_string(&last).unwrap()).await.1);
    // Where a fresh edge would begin is nothing to one that has a route.
    bench.kill_and_restart(Slot::Blue).await;
    let after = route(&bench.ask("GET /v1/route", "").await.1);
    assert_eq!(
        (after.route, after.revision, after.fence, &after.last_op),
        (before.route, before.revision, before.fence, &before.last_op)
    );
    assert_eq!(bench.get("/").await.body, "v2");
    // The same change again is once; a lower fence is too late.
    let again = route(&bench.ask("PUT /v1/route", &serde_json::to_string(&last).unwrap()).await.1);
    assert_eq!(again.revision, before.revision);
    let (status, late) = bench.ask("PUT /v1/route", &serde_json::to_string(&bench.change(0)).unwrap()).await;
    let late: ApiError = serde_json::from_str(&late).unwrap();
    let fenced = ApiErrorKind::Fenced { offered: Fence::new(1), seen: Fence::new(7) };
    assert_eq!((status, late.kind), (412, fenced));
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_glass_outlives_the_edge_and_shuts_out_whoever_acted_before() {
    let mut bench = Bench::start().await;
    bench.split(10_000).await;
    let panic = r#"{"to":"blue","why":"by hand","op":"glass"}"#;
    let after = route(&bench.ask("POST /v1/panic", panic).await.1);
    assert_eq!((after.route.split.sole(), after.fence), (Some(Slot::Blue), Some(Fence::new(2))));
    bench.kill_and_restart(Slot::Green).await;
    assert_eq!(bench.get("/").await.body, "v1");
    assert_eq!(bench.ask("PUT /v1/route", &serde_json::to_string(&bench.change(1)).unwrap()).await.0, 412);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_goes_on_probing_and_watching_through_an_edge_that_was_started_again() {
    let mut bench = Bench::start().await;
    let secrets = |text: String| serde_json::from_str::<Secrets>(&text).unwrap();
    let before = secrets(bench.ask("GET /v1/secrets", "").await.1);
    let watch = r#"{"run":"r2","candidate":"green","limit_ms":500}"#;
    let first: WatchView = serde_json::from_str(&bench.ask("POST /v1/watch", watch).await.1).unwrap();
    bench.kill_and_restart(Slot::Blue).await;
    assert_eq!(secrets(bench.ask("GET /v1/secrets", "").await.1), before);
    let second: WatchView = serde_json::from_str(&bench.ask("POST /v1/watch", watch).await.1).unwrap();
    assert!(second.epoch > first.epoch, "what was counted before is gone, and that is said");
    for _ in 0..30 {
        bench.get("/").await;
    }
    let mut counted = 0;
    let began = tokio::time::Instant::now();
    while counted < 30 && began.elapsed() < Duration::from_secs(20) {
        let (_, pairs) = bench.ask("GET /v1/windows?after=0&wait_ms=200", "").await;
        let pairs: handover_monitor::Pairs = serde_json::from_str(&pairs).unwrap();
        assert_eq!(pairs.epoch, second.epoch);
        counted = pairs.pairs.iter().map(|pair| pair.stable.n).sum::<u64>();
    }
    assert_eq!(counted, 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_in_the_state_folder_and_nobody_else_may_look_into_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::start().await;
    bench.split(5_000).await;
    let secrets: Secrets = serde_json::from_str(&bench.ask("GET /v1/secrets", "").await.1).unwrap();
    let BySlot { blue, green } = secrets.pins.unwrap();
    let dir = bench.dir.path().join("state");
    assert_eq!(std::fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
    for entry in std::fs::read_dir(&dir).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for secret in [super::bench::TOKEN, &secrets.probe, &blue, &green] {
            assert!(!text.contains(secret));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_route_is_refused_and_recovered_at_a_revision_that_nobody_has_seen() {
    let mut bench = Bench::start().await;
    let mut last = bench.split(2_500).await;
    for bps in [5_000, 10_000] {
        last = bench.split(bps).await;
    }
    let file = bench.dir.path().join("state").join("edge.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, &text[..text.len() / 2]).unwrap();
    bench.kill().await;
    let refused = bench.reopen(false).await.unwrap_err();
    assert!(refused.to_string().contains("is cut short or was overwritten"), "{refused}");
    drop(bench.reopen(true).await.unwrap());
    bench.kill_and_restart(Slot::Blue).await;
    let found = route(&bench.ask("GET /v1/route", "").await.1);
    assert_eq!(found.route.split.green_bps(), 5_000, "the one before the last");
    assert!(found.revision > last.revision, "{found:?}");
}
