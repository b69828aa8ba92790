//! A crash at every request of a switch and of a rollback, then another process with the same logbook.

use std::path::Path;

use handover_core::Slot;
use handover_traffic::TrafficSwitcher;
use handover_traffic::logbook::Logbook;
use handover_traffic::railway::Railway;
use handover_traffic::testkit::standin::railway::{Fault, RailwayStandIn, SERVICE};

use super::{BLUE, GREEN, assigned, change, client, in_place, options, standin};

/// More requests than a switch has.
const MOST: u32 = 12;

fn logbook(folder: &Path) -> Logbook {
    Logbook::in_file(folder.join("traffic.json"))
}

/// Another process: nothing but the file is left of the one before.
async fn resume(standin: &RailwayStandIn, folder: &Path, slot: Slot, op: &str) {
    let fresh = in_place(client(standin), logbook(folder));
    fresh.apply(&change(slot, op)).await.unwrap_or_else(|e| panic!("{}", super::told(&e)));
}

/// Runs the change until its `number`th request, which is lost as `fault` says; then that process is gone.
async fn crash_at(
    standin: &RailwayStandIn,
    folder: &Path,
    (slot, op): (Slot, &str),
    number: u32,
    fault: Fault,
) -> bool {
    for _ in 1..number {
        standin.strike("*", Fault::Pass);
    }
    standin.strike("*", fault);
    let traffic = in_place(client(standin), logbook(folder));
    let ended = traffic.apply(&change(slot, op)).await;
    standin.calm();
    ended.is_ok()
}

async fn begun(folder: &Path) -> RailwayStandIn {
    let standin = standin().await;
    assigned(logbook(folder)).await;
    standin
}

fn made(standin: &RailwayStandIn) -> Vec<(String, &'static str)> {
    standin.deployments(SERVICE).into_iter().map(|d| (d.runs, d.reason)).collect()
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "how many crashes there were is worth knowing")]
async fn a_crash_at_every_request_of_a_switch_makes_no_second_deployment() {
    let mut crashes = 0;
    for fault in [Fault::LostAnswer, Fault::Reset, Fault::BadGateway, Fault::Truncated] {
        for number in 1..=MOST {
            let folder = tempfile::tempdir().unwrap();
            let standin = begun(folder.path()).await;
            let there = (Slot::Green, "there");
            let ended = crash_at(&standin, folder.path(), there, number, fault.clone()).await;
            resume(&standin, folder.path(), Slot::Green, "there").await;
            let wanted = [(BLUE.to_owned(), "deploy"), (GREEN.to_owned(), "deploy")];
            assert_eq!(made(&standin), wanted, "{fault:?} at request {number}");
            assert_eq!(standin.serving(SERVICE).as_deref(), Some(GREEN), "{fault:?} at request {number}");
            if ended {
                break;
            }
            crashes += 1;
        }
    }
    println!("{crashes} crashes of a switch, 0 deployments too many");
    assert!(crashes >= 12, "{crashes}");
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "how many crashes there were is worth knowing")]
async fn a_crash_at_every_request_of_a_rollback_makes_no_second_deployment() {
    let mut crashes = 0;
    for fault in [Fault::LostAnswer, Fault::Reset, Fault::BadGateway, Fault::Truncated] {
        for number in 1..=MOST {
            let folder = tempfile::tempdir().unwrap();
            let standin = begun(folder.path()).await;
            resume(&standin, folder.path(), Slot::Green, "there").await;
            let back = (Slot::Blue, "back");
            let ended = crash_at(&standin, folder.path(), back, number, fault.clone()).await;
            resume(&standin, folder.path(), Slot::Blue, "back").await;
            let wanted = [(BLUE, "deploy"), (GREEN, "deploy"), (BLUE, "rollback")];
            let wanted = wanted.map(|(runs, reason)| (runs.to_owned(), reason));
            assert_eq!(made(&standin), wanted, "{fault:?} at request {number}");
            assert_eq!(standin.serving(SERVICE).as_deref(), Some(BLUE), "{fault:?} at request {number}");
            if ended {
                break;
            }
            crashes += 1;
        }
    }
    println!("{crashes} crashes of a rollback, 0 deployments too many");
    assert!(crashes >= 8, "{crashes}");
}

/// The process is killed while it waits for an answer that never comes, at each request in turn.
#[tokio::test]
async fn a_dropped_future_at_every_request_is_taken_up_by_the_next_process() {
    for number in 1..=MOST {
        let folder = tempfile::tempdir().unwrap();
        let standin = begun(folder.path()).await;
        for _ in 1..number {
            standin.strike("*", Fault::Pass);
        }
        standin.strike("*", Fault::Silent);
        let traffic = in_place(Railway::new(options(&standin)).unwrap(), logbook(folder.path()));
        let ended = {
            let there = change(Slot::Green, "there");
            tokio::select! {
                ended = traffic.apply(&there) => Some(ended),
                () = standin.silenced() => None,
            }
        };
        standin.calm();
        resume(&standin, folder.path(), Slot::Green, "there").await;
        assert_eq!(made(&standin).len(), 2, "dropped at request {number}: {:?}", made(&standin));
        assert_eq!(standin.serving(SERVICE).as_deref(), Some(GREEN), "dropped at request {number}");
        if ended.is_some() {
            assert!(number > 3, "only {number} requests");
            return;
        }
    }
    panic!("a switch has more than {MOST} requests");
}

#[tokio::test]
async fn a_reader_that_is_told_old_news_after_a_crash_waits_before_it_deploys_again() {
    let folder = tempfile::tempdir().unwrap();
    let standin = begun(folder.path()).await;
    standin.stale_reads(3);
    standin.strike("serviceInstanceDeployV2", Fault::LostAnswer);
    let traffic = in_place(client(&standin), logbook(folder.path()));
    traffic.apply(&change(Slot::Green, "there")).await.unwrap_err();
    resume(&standin, folder.path(), Slot::Green, "there").await;
    assert_eq!(made(&standin).len(), 2, "{:?}", made(&standin));
    assert_eq!(standin.serving(SERVICE).as_deref(), Some(GREEN));
}
