//! A whole deployment stays below a tenth of the smallest hourly quota, which is 100 requests.

use std::time::Duration;

use handover_core::{Retry, Slot};
use handover_traffic::railway::examine;
use handover_traffic::testkit::standin::railway::{Fault, RailwayStandIn, SERVICE};
use handover_traffic::{SwitchError, TrafficSwitcher};

use super::{GREEN, change, client, in_place, logbook, options, setup, standin, switcher};

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the count is what is asked for")]
async fn a_whole_deployment_and_its_rollback_take_ten_requests_at_the_most() {
    let (standin, logbook) = (standin().await, logbook().await);
    let mut counts = Vec::new();
    let mut before = (0, 0);
    let mut count = |what: &'static str| {
        let (all, openings) = (standin.requests(), standin.openings());
        counts.push((what, all - before.0, openings - before.1));
        before = (all, openings);
    };
    examine(&options(&standin)).await;
    count("preflight");
    // Each of these is a process of its own, so no reading is shared between them.
    let there = in_place(client(&standin), logbook.clone());
    there.apply(&change(Slot::Green, "there")).await.unwrap();
    count("switch");
    let back = in_place(client(&standin), logbook);
    back.apply(&change(Slot::Blue, "back")).await.unwrap();
    count("rollback");
    for (what, all, openings) in &counts {
        println!("{what}: {all} requests, {openings} of them openings of a subscription");
    }
    let (all, openings) = (standin.requests(), standin.openings());
    println!("together: {all} requests, {} of them in GraphQL over HTTP", all - openings);
    let of_moving: u64 = counts[1..].iter().map(|(_, all, _)| all).sum();
    assert!(of_moving <= 10, "switch and rollback: {of_moving}");
    assert!(all - openings <= 10, "with the preflight: {}", all - openings);
}

#[tokio::test]
async fn a_commit_takes_one_request_less_than_an_image() {
    let (standin, logbook) = (standin().await, logbook().await);
    standin.edit(SERVICE, |settings| (settings.image, settings.repo) = (None, Some("acme/shop".into())));
    let sha = "0123456789abcdef0123456789abcdef01234567";
    logbook.assign(Slot::Green, Some(format!("commit:{sha}"))).await.unwrap();
    in_place(client(&standin), logbook).apply(&change(Slot::Green, "there")).await.unwrap();
    assert_eq!((standin.requests(), standin.openings()), (4, 1));
}

#[tokio::test]
async fn a_used_up_quota_is_throttled_and_then_nothing_more_is_sent() {
    let standin = RailwayStandIn::start(setup().with_quota(1)).await.unwrap();
    let mut limits = super::limits();
    limits.fresh = Duration::ZERO;
    let client = handover_traffic::railway::Railway::new(options(&standin).with_limits(limits)).unwrap();
    let traffic = in_place(client, logbook().await);
    traffic.observe().await.unwrap();
    let error = traffic.apply(&change(Slot::Green, "there")).await.unwrap_err();
    let Retry::After(wait) = error.retry() else { panic!("{error:?}") };
    assert!(matches!(error, SwitchError::Throttled { .. }) && wait > Duration::from_secs(3_500), "{error:?}");
    assert_eq!((standin.requests(), standin.writes()), (1, 0), "it knew that there was nothing left");
}

#[tokio::test]
async fn a_429_is_honoured_with_its_patience() {
    let standin = standin().await;
    standin.strike("serviceInstanceDeployV2", Fault::Throttled(Duration::from_secs(7)));
    let traffic = switcher(&standin).await;
    let error = traffic.apply(&change(Slot::Green, "there")).await.unwrap_err();
    assert_eq!(error.retry(), Retry::After(Duration::from_secs(7)), "{error:?}");
    assert_eq!(standin.deployments(SERVICE).len(), 1);
    traffic.apply(&change(Slot::Green, "there")).await.unwrap();
    assert_eq!(standin.serving(SERVICE).as_deref(), Some(GREEN));
}
