//! Releases that Railway runs, on the stand-in.

use std::time::Duration;

use handover_core::{BySlot, Fence, OpId, ReleaseId, RunId, Slot};
use handover_rollout::Launcher;
use handover_rollout::hosted::{Condition, Host, HostedLauncher, Roster, Seat};
use handover_rollout::railway::{RailwayHost, RailwayServices, Template};
use handover_traffic::control::Token;
use handover_traffic::logbook::{Logbook, WithLogbook};
use handover_traffic::railway::{Railway, RailwayInPlace, RailwayLimits, RailwayOptions, RailwayToken};
use handover_traffic::testkit::standin::railway::{
    ENVIRONMENT, Fault, PROJECT, PROJECT_TOKEN, Pace, RailwayStandIn, SERVICE, Setup,
};
use handover_traffic::{Change, Expected, Route, Split, TrafficSwitcher};

const SECOND: Duration = Duration::from_millis(4);

async fn standin() -> RailwayStandIn {
    let pace = Pace::default().with_second(SECOND);
    RailwayStandIn::start(Setup::default().with_pace(pace)).await.unwrap()
}

fn client(standin: &RailwayStandIn) -> Railway {
    paced(standin, Duration::from_millis(10))
}

fn paced(standin: &RailwayStandIn, poll: Duration) -> Railway {
    let mut limits = RailwayLimits::default();
    (limits.poll, limits.settle) = (poll, Duration::from_secs(1));
    let token = RailwayToken::Project(Token::new(PROJECT_TOKEN).unwrap());
    let options = RailwayOptions::new(PROJECT, ENVIRONMENT, SERVICE, token);
    Railway::new(options.with_base(standin.base()).with_limits(limits)).unwrap()
}

fn template() -> Template {
    "image:ghcr.io/acme/shop:{release}".parse().unwrap()
}

fn seat(release: &str, run: &str) -> Seat {
    Seat { release: release.parse().unwrap(), run: run.parse().unwrap() }
}

fn named(seat: &Seat) -> (&ReleaseId, &RunId) {
    (&seat.release, &seat.run)
}

fn to_green(op: &str) -> Change {
    let route = Route::serve(Split::ALL_GREEN);
    Change { route, expected: Expected::Any, op: OpId::new(op), fence: Fence::ZERO }
}

/// A switcher and a host that share a logbook in which blue runs.
async fn in_place(standin: &RailwayStandIn) -> (WithLogbook<RailwayInPlace>, RailwayHost, Logbook) {
    let logbook = Logbook::in_memory();
    logbook.assign(Slot::Blue, Some("deployment:dep-1".into())).await.unwrap();
    let traffic = WithLogbook::new(RailwayInPlace::new(client(standin), SECOND), logbook.clone());
    (traffic, RailwayHost::new(client(standin), logbook.clone(), template()), logbook)
}

#[tokio::test]
async fn a_launch_in_place_only_says_what_the_slot_stands_for() {
    let standin = standin().await;
    let (traffic, host, logbook) = in_place(&standin).await;
    let two = seat("2", "run-1");
    host.launch(Slot::Green, named(&two).0, named(&two).1).await.unwrap();
    assert_eq!(logbook.targets().await.unwrap().green.as_deref(), Some("image:ghcr.io/acme/shop:2"));
    let Condition::Ready { summary, .. } = host.look(Slot::Green, &two).await.unwrap() else { panic!() };
    insta::assert_snapshot!(summary, @"Railway builds and checks it as it takes over");
    assert_eq!((standin.writes(), standin.requests()), (0, 0));
    traffic.apply(&to_green("shift")).await.unwrap();
    let Condition::Ready { summary, .. } = host.look(Slot::Green, &two).await.unwrap() else { panic!() };
    insta::assert_snapshot!(summary, @"deployment dep-3 is active");
    let one = seat("1", "run-0");
    let Condition::Ready { summary, .. } = host.look(Slot::Blue, &one).await.unwrap() else { panic!() };
    insta::assert_snapshot!(summary, @"deployment dep-1 can be rolled back to");
    host.launch(Slot::Green, named(&two).0, named(&two).1).await.unwrap();
    assert!(
        logbook.targets().await.unwrap().green.unwrap().starts_with("deployment:"),
        "it is there already"
    );
    host.stop(Slot::Blue, &one).await.unwrap();
    assert_eq!(host.last_lines(Slot::Green, &two).await.len(), 2);
}

#[tokio::test]
async fn looks_at_a_release_in_place_are_few() {
    let standin = standin().await;
    let (_, host, _) = in_place(&standin).await;
    for _ in 0..50 {
        host.look(Slot::Blue, &seat("1", "run-0")).await.unwrap();
    }
    assert_eq!(standin.requests(), 1);
}

fn services(standin: &RailwayStandIn, logbook: &Logbook) -> RailwayServices {
    let names = BySlot::from_fn(|slot| format!("shop-{slot}"));
    RailwayServices::new(client(standin), names, logbook.clone(), template())
}

/// Looks until the release is neither on its way nor unseen.
async fn come_up(host: &RailwayServices, slot: Slot, seat: &Seat) -> Condition {
    for _ in 0..2_000 {
        tokio::time::sleep(Duration::from_millis(2)).await;
        let seen = host.look(slot, seat).await.unwrap();
        if !matches!(seen, Condition::Starting { .. }) {
            return seen;
        }
    }
    panic!("it does not come up")
}

#[tokio::test]
async fn a_release_in_a_service_of_its_own_comes_up_before_it_has_traffic_and_is_taken_away() {
    let (standin, logbook, folder) = (standin().await, Logbook::in_memory(), tempfile::tempdir().unwrap());
    let host = services(&standin, &logbook);
    assert_eq!(host.upstream(Slot::Green, 8080), "http://shop-green.railway.internal:8080");
    let launcher = HostedLauncher::new(host, Roster::in_file(folder.path().join("roster.json")));
    let two = seat("2", "run-1");
    launcher.launch(Slot::Green, &two.release, &two.run, Fence::ZERO).await.unwrap();
    let host = services(&standin, &logbook);
    let up = come_up(&host, Slot::Green, &two).await;
    assert!(matches!(up, Condition::Ready { .. }), "{up:?}");
    assert_eq!(
        standin.serving(SERVICE).as_deref(),
        Some("ghcr.io/acme/shop:1"),
        "the other service is untouched"
    );
    assert!(launcher.look(Slot::Green).await.unwrap().unwrap().ready);
    launcher.stop(Slot::Green, &two.release, Fence::ZERO).await.unwrap();
    assert_eq!(launcher.look(Slot::Green).await.unwrap(), None);
    host.stop(Slot::Green, &two).await.unwrap();
}

#[tokio::test]
async fn what_runs_in_a_private_service_already_is_found_by_its_image() {
    let (standin, logbook) = (standin().await, Logbook::in_memory());
    let railway = client(&standin);
    let service = railway.create_service("shop-blue", None).await.unwrap();
    let here = railway.for_service(&service).unwrap();
    here.set_image("ghcr.io/acme/shop:7").await.unwrap();
    here.deploy(None).await.unwrap();
    let host = services(&standin, &logbook);
    let mut found = None;
    for _ in 0..2_000 {
        found = host.found(Slot::Blue).await.unwrap();
        if found.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(found, Some("7".parse().unwrap()));
    assert_eq!(host.found(Slot::Green).await.unwrap(), None);
    let adopted = |release: &str| Seat::adopted(release.parse().unwrap()).unwrap();
    let seen = host.look(Slot::Blue, &adopted("7")).await.unwrap();
    assert!(matches!(seen, Condition::Ready { .. }), "{seen:?}");
    assert_eq!(host.look(Slot::Blue, &adopted("6")).await.unwrap(), Condition::Gone);
    // Nobody here launched it, so nobody here takes it away.
    host.stop(Slot::Blue, &adopted("7")).await.unwrap();
    assert_eq!(standin.serving(&service).as_deref(), Some("ghcr.io/acme/shop:7"));
}

#[tokio::test]
async fn looks_at_a_release_in_a_service_of_its_own_are_few() {
    let (standin, logbook) = (standin().await, Logbook::in_memory());
    let two = seat("2", "run-1");
    services(&standin, &logbook).launch(Slot::Green, &two.release, &two.run).await.unwrap();
    let patient = paced(&standin, Duration::from_mins(1));
    let names = BySlot::from_fn(|slot| format!("shop-{slot}"));
    let host = RailwayServices::new(patient, names, logbook.clone(), template());
    let before = standin.requests();
    for _ in 0..50 {
        host.look(Slot::Green, &two).await.unwrap();
    }
    assert_eq!(standin.requests() - before, 1);
}

#[tokio::test]
async fn a_launch_whose_answer_was_lost_is_found_and_not_made_twice() {
    let (standin, logbook) = (standin().await, Logbook::in_memory());
    let two = seat("2", "run-1");
    let host = services(&standin, &logbook);
    standin.strike("serviceInstanceDeployV2", Fault::LostAnswer);
    host.launch(Slot::Green, &two.release, &two.run).await.unwrap_err();
    let next = services(&standin, &logbook);
    next.launch(Slot::Green, &two.release, &two.run).await.unwrap();
    let service =
        client(&standin).services().await.unwrap().into_iter().find(|s| s.name == "shop-green").unwrap();
    assert_eq!(standin.deployments(&service.id).len(), 1);
}

#[tokio::test]
async fn a_bad_release_in_a_service_of_its_own_fails_with_its_last_lines() {
    let (standin, logbook) = (standin().await, Logbook::in_memory());
    standin.spoil("ghcr.io/acme/shop:2", "GET /ready answered 500");
    let (host, two) = (services(&standin, &logbook), seat("2", "run-1"));
    host.launch(Slot::Green, &two.release, &two.run).await.unwrap();
    let Condition::Failed { cause, log } = come_up(&host, Slot::Green, &two).await else { panic!() };
    assert!(cause.ends_with("ended FAILED"), "{cause}");
    assert_eq!(log, ["starting ghcr.io/acme/shop:2", "error: GET /ready answered 500"]);
}
