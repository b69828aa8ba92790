//! Releases that run where no agent looks: the roster, and the launcher made of it and a host.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, Hint as _, ReleaseId, RunId, Slot};
use handover_monitor::source::WindowSource as _;
use handover_rollout::hosted::{Condition, Host, HostedLauncher, Roster, RosterError, Seat, SilentSource};
use handover_rollout::{Launcher as _, WorldError};

use crate::sim::{release, run_id};

/// Says what it is told to say, and counts how often it was asked.
#[derive(Debug, Clone)]
struct Told {
    condition: Arc<Mutex<Condition>>,
    asked: Arc<Mutex<u32>>,
    pace: Duration,
}

impl Told {
    fn new(condition: Condition) -> Self {
        Self {
            condition: Arc::new(Mutex::new(condition)),
            asked: Arc::default(),
            pace: Duration::from_mins(5),
        }
    }
}

fn ready() -> Condition {
    Condition::Ready { summary: "well".into(), restarts: 0 }
}

#[async_trait]
impl Host for Told {
    async fn look(&self, _: Slot, _: &Seat) -> Result<Condition, WorldError> {
        *self.asked.lock().unwrap() += 1;
        Ok(self.condition.lock().unwrap().clone())
    }

    async fn launch(&self, _: Slot, _: &ReleaseId, _: &RunId) -> Result<(), WorldError> {
        Ok(())
    }

    async fn stop(&self, _: Slot, _: &Seat) -> Result<(), WorldError> {
        Ok(())
    }

    fn pace(&self) -> Duration {
        self.pace
    }
}

fn roster(folder: &tempfile::TempDir) -> Roster {
    Roster::in_file(folder.path().join("slots.json"))
}

#[tokio::test]
async fn what_was_launched_and_named_stable_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let launcher = HostedLauncher::new(Told::new(ready()), roster(&folder));
    let (v2, run, fence) = (release("v2"), run_id("run-2"), Fence::new(3));
    launcher.launch(Slot::Green, &v2, &run, fence).await.unwrap();
    launcher.settle(Slot::Green, &v2, Duration::from_hours(24), fence).await.unwrap();
    let again = HostedLauncher::new(Told::new(ready()), roster(&folder));
    assert_eq!(again.stable().await.unwrap(), Some((Slot::Green, v2.clone())));
    assert_eq!(again.look(Slot::Green).await.unwrap().unwrap().release, v2);
    assert_eq!(again.look(Slot::Blue).await.unwrap(), None);
}

#[tokio::test]
async fn who_lost_the_lease_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let launcher = HostedLauncher::new(Told::new(ready()), roster(&folder));
    launcher.launch(Slot::Green, &release("v2"), &run_id("run-2"), Fence::new(3)).await.unwrap();
    let late =
        launcher.launch(Slot::Green, &release("v3"), &run_id("run-3"), Fence::new(2)).await.unwrap_err();
    assert!(late.fenced);
    insta::assert_snapshot!(late, @"fence 2 is behind 3: somebody with a newer lease has acted");
    assert_eq!(launcher.look(Slot::Green).await.unwrap().unwrap().release, release("v2"));
}

#[tokio::test]
async fn a_release_that_is_not_in_its_slot_is_not_named_stable() {
    let folder = tempfile::tempdir().unwrap();
    let launcher = HostedLauncher::new(Told::new(ready()), roster(&folder));
    let settled = launcher.settle(Slot::Green, &release("v2"), Duration::ZERO, Fence::new(1)).await;
    insta::assert_snapshot!(settled.unwrap_err(), @"release v2 is not in green any more");
}

#[tokio::test(start_paused = true)]
async fn a_host_with_a_quota_is_asked_about_a_ready_release_no_more_often_than_it_allows() {
    let folder = tempfile::tempdir().unwrap();
    let host = Told::new(Condition::Starting { summary: "building".into() });
    let launcher = HostedLauncher::new(host.clone(), roster(&folder));
    launcher.launch(Slot::Green, &release("v2"), &run_id("run-2"), Fence::new(1)).await.unwrap();
    let ask = async |times: u32| {
        for _ in 0..times {
            launcher.look(Slot::Green).await.unwrap();
        }
        *host.asked.lock().unwrap()
    };
    assert_eq!(ask(3).await, 3, "one that is on its way is asked each time");
    *host.condition.lock().unwrap() = ready();
    assert_eq!(ask(100).await, 4);
    tokio::time::advance(Duration::from_mins(5)).await;
    assert_eq!(ask(1).await, 5);
}

#[tokio::test]
async fn where_nobody_counts_time_passes_and_no_request_is_made_up() {
    let source = SilentSource::new();
    source.begin(&run_id("run-2"), Slot::Green, Duration::from_millis(500)).await.unwrap();
    let (mut lasted, mut last) = (0, None);
    while lasted == 0 {
        for pair in source.after(last, Duration::from_secs(5)).await.unwrap().pairs {
            assert_eq!((pair.candidate.n, pair.stable.n), (0, 0));
            (lasted, last) = (lasted + pair.lasted_ms, Some(pair.seq));
        }
    }
}

#[test]
fn a_damaged_roster_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("slots.json");
    let mut said = Vec::new();
    for text in ["", r#"{"format":1,"#, r#"{"format":7}"#, r#"{"format":1,"colour":"blue"}"#] {
        std::fs::write(&file, text).unwrap();
        let error = roster(&folder).edit(Fence::new(1), |_| ()).unwrap_err();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        assert!(matches!(error, RosterError::Unreadable { .. } | RosterError::Newer { .. }), "{error:?}");
        said.push(
            format!("{error}; {}", error.hint().unwrap()).replace(&folder.path().display().to_string(), "F"),
        );
    }
    insta::assert_snapshot!(said.join("\n"), @"
    could not understand F/slots.json; mend or move F/slots.json away; the next deployment then counts as the first
    could not understand F/slots.json; mend or move F/slots.json away; the next deployment then counts as the first
    F/slots.json has format 7, this version knows up to 1; use the handover binary that wrote it, or a newer one
    could not understand F/slots.json; mend or move F/slots.json away; the next deployment then counts as the first
    ");
}
