//! A platform that forgets everything, and the logbook that remembers for it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, OpId, Slot};

use super::*;
use crate::{
    Capabilities, Change, DrainSupport, Drained, Expected, Revision, Route, Split, SwitchError,
    TrafficSwitcher, Weights,
};

/// Two weights and a count of how often they were written.
#[derive(Debug, Clone)]
struct Weightbox {
    place: Arc<Mutex<Place>>,
    writes: Arc<AtomicU32>,
    /// Does as told, and its answer is lost.
    deaf: bool,
}

impl Default for Weightbox {
    fn default() -> Self {
        Self {
            place: Arc::new(Mutex::new(Place::Slots(Split::ALL_BLUE))),
            writes: Arc::default(),
            deaf: false,
        }
    }
}

impl Weightbox {
    fn set(&self, split: Split) {
        *self.place.lock().unwrap() = Place::Slots(split);
    }

    fn writes(&self) -> u32 {
        self.writes.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Platform for Weightbox {
    fn name(&self) -> &'static str {
        "the weightbox"
    }

    fn capabilities(&self) -> Capabilities {
        let timed = DrainSupport::Timed { bound: Duration::ZERO };
        Capabilities::new(Weights::Any { step: 1 }).with_atomic().with_read_back().with_drain(timed)
    }

    async fn read(&self, _: &Targets) -> Result<Seen, SwitchError> {
        Ok(Seen::in_place(self.place.lock().unwrap().clone()))
    }

    async fn bring(&self, intent: &mut Intent<'_>) -> Result<(), SwitchError> {
        let tries = intent.note::<u32>()?.unwrap_or(0) + 1;
        intent.remember(&tries).await?;
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.set(intent.split());
        if self.deaf {
            return Err(SwitchError::Unconfirmed {
                backend: self.name(),
                after: Duration::ZERO,
                source: None,
            });
        }
        Ok(())
    }

    async fn drain(&self, _: Slot, _: Duration, _: &Targets) -> Result<Drained, SwitchError> {
        Ok(Drained::Assumed { waited: Duration::ZERO })
    }
}

fn to_green(op: &str) -> Change {
    let route = Route::serve(Split::ALL_GREEN);
    Change { route, expected: Expected::Any, op: OpId::new(op), fence: Fence::ZERO }
}

fn in_folder(folder: &tempfile::TempDir) -> Logbook {
    Logbook::in_file(folder.path().join("traffic.json"))
}

mod in_memory {
    crate::conformance_tests!(super::WithLogbook::new(
        super::Weightbox::default(),
        super::Logbook::in_memory()
    ));
}

#[tokio::test]
async fn what_one_process_did_another_knows() {
    let (folder, platform) = (tempfile::tempdir().unwrap(), Weightbox::default());
    let first = WithLogbook::new(platform.clone(), in_folder(&folder));
    let change = Change { fence: Fence::new(7), ..to_green("shift") };
    let done = first.apply(&change).await.unwrap();
    let second = WithLogbook::new(platform.clone(), in_folder(&folder));
    let seen = second.observe().await.unwrap();
    assert_eq!((seen.revision, seen.last_op, seen.fence), (done.revision, done.last_op, Some(Fence::new(7))));
    second.apply(&change).await.unwrap();
    assert_eq!(platform.writes(), 1, "the same operation was sent once");
    let late = second.apply(&to_green("somebody without the lease")).await.unwrap_err();
    assert!(matches!(late, SwitchError::Fenced { .. }), "{late:?}");
}

#[tokio::test]
async fn a_change_made_at_the_platform_itself_is_a_new_revision_of_nobodys() {
    let platform = Weightbox::default();
    let traffic = WithLogbook::new(platform.clone(), Logbook::in_memory());
    let planned = traffic.apply(&to_green("shift")).await.unwrap().revision;
    platform.set(Split::from_green_bps(4_000).unwrap());
    let seen = traffic.observe().await.unwrap();
    assert_eq!((seen.revision, seen.last_op), (planned.next(), None));
    let stale = Change { expected: Expected::Revision(planned), ..to_green("on the old footing") };
    let refused = traffic.apply(&stale).await.unwrap_err();
    assert!(matches!(refused, SwitchError::Conflict { .. }), "{refused:?}");
}

#[tokio::test]
async fn traffic_that_goes_elsewhere_is_said_and_can_be_taken_back() {
    let platform = Weightbox::default();
    let traffic = WithLogbook::new(platform.clone(), Logbook::in_memory());
    let planned = traffic.observe().await.unwrap().revision;
    *platform.place.lock().unwrap() = Place::Elsewhere("a third release".into());
    let said = traffic.observe().await.unwrap_err();
    insta::assert_snapshot!(said, @"the weightbox sends traffic neither to blue nor to green, but to a third release");
    let on_the_old_footing = Change { expected: Expected::Revision(planned), ..to_green("planned before") };
    let refused = traffic.apply(&on_the_old_footing).await.unwrap_err();
    assert!(matches!(refused, SwitchError::Conflict { .. }), "{refused:?}");
    traffic.apply(&to_green("the way back")).await.unwrap();
    assert_eq!(traffic.observe().await.unwrap().route.split, Split::ALL_GREEN);
}

#[tokio::test]
async fn a_change_without_an_answer_is_known_by_looking() {
    let (folder, platform) = (tempfile::tempdir().unwrap(), Weightbox::default());
    let deaf = Weightbox { deaf: true, ..platform.clone() };
    let unsure = WithLogbook::new(deaf, in_folder(&folder)).apply(&to_green("shift")).await.unwrap_err();
    assert!(matches!(unsure, SwitchError::Unconfirmed { .. }), "{unsure:?}");
    let seen = WithLogbook::new(platform, in_folder(&folder)).observe().await.unwrap();
    assert_eq!((seen.last_op, seen.revision), (Some(OpId::new("shift")), Revision::new(1)));
}

#[tokio::test]
async fn a_later_attempt_finds_the_note_of_an_earlier_one() {
    let (folder, platform) = (tempfile::tempdir().unwrap(), Weightbox::default());
    let deaf = Weightbox { deaf: true, ..platform.clone() };
    let _ = WithLogbook::new(deaf, in_folder(&folder)).apply(&to_green("shift")).await;
    // The platform lost it again, so the same operation has to be made anew.
    platform.set(Split::ALL_BLUE);
    WithLogbook::new(platform, in_folder(&folder)).apply(&to_green("shift")).await.unwrap();
    let text = std::fs::read_to_string(folder.path().join("traffic.json")).unwrap();
    assert!(text.contains(r#""open": null"#), "{text}");
}

#[tokio::test]
async fn a_logbook_that_cannot_be_understood_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("traffic.json");
    let cases = [("", "EOF"), (r#"{"format":1"#, "EOF"), (r#"{"format":9}"#, "it has format 9")];
    for (text, because) in cases {
        std::fs::write(&file, text).unwrap();
        let traffic = WithLogbook::new(Weightbox::default(), Logbook::in_file(&file));
        let error = traffic.apply(&to_green("shift")).await.unwrap_err();
        let SwitchError::Refused { source, .. } = error else { panic!("{error:?}") };
        assert!(source.to_string().contains(because), "{source}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text, "it was not overwritten");
    }
}

#[tokio::test]
async fn nothing_moves_where_the_wish_cannot_be_written_down() {
    let platform = Weightbox::default();
    let nowhere = Logbook::in_file("/nowhere/traffic.json");
    let error = WithLogbook::new(platform.clone(), nowhere).apply(&to_green("shift")).await.unwrap_err();
    assert!(matches!(error, SwitchError::Refused { .. }), "{error:?}");
    assert_eq!(platform.writes(), 0);
}

#[tokio::test]
async fn what_is_in_force_is_seen_also_where_nothing_can_be_written_down() {
    let (folder, platform) = (tempfile::tempdir().unwrap(), Weightbox::default());
    let traffic = WithLogbook::new(platform.clone(), in_folder(&folder));
    let known = traffic.observe().await.unwrap();
    std::fs::create_dir(folder.path().join("traffic.tmp")).unwrap();
    platform.set(Split::ALL_GREEN);
    let seen = traffic.observe().await.unwrap();
    assert_eq!((seen.route.split, seen.revision), (Split::ALL_GREEN, known.revision.next()));
}

#[tokio::test]
async fn what_a_slot_stands_for_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    in_folder(&folder).assign(Slot::Green, Some("dpl_1".into())).await.unwrap();
    let targets = in_folder(&folder).targets().await.unwrap();
    assert_eq!((targets.blue, targets.green.as_deref()), (None, Some("dpl_1")));
}
