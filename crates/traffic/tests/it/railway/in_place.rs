//! What a switch and the way back do at the platform.

use handover_core::Slot;
use handover_traffic::logbook::Platform;
use handover_traffic::railway::RailwayInPlace;
use handover_traffic::testkit::standin::railway::SERVICE;
use handover_traffic::{DrainSupport, Drained, Split, SwitchError, TrafficSwitcher};

use super::{BLUE, GREEN, SECOND, change, client, in_place, logbook, standin, switcher, told};

#[tokio::test]
async fn a_switch_deploys_once_and_the_way_back_rolls_back_without_a_build() {
    let standin = standin().await;
    let traffic = switcher(&standin).await;
    let there = traffic.apply(&change(Slot::Green, "there")).await.unwrap();
    assert_eq!(there.route.split, Split::ALL_GREEN);
    assert_eq!(standin.serving(SERVICE).as_deref(), Some(GREEN));
    let back = traffic.apply(&change(Slot::Blue, "back")).await.unwrap();
    assert_eq!(back.route.split, Split::ALL_BLUE);
    let made: Vec<_> =
        standin.deployments(SERVICE).into_iter().map(|d| (d.runs, d.reason, d.status)).collect();
    let wanted = [(BLUE, "deploy", "REMOVED"), (GREEN, "deploy", "REMOVED"), (BLUE, "rollback", "SUCCESS")];
    assert_eq!(made, wanted.map(|(runs, reason, status)| (runs.into(), reason, status.into())));
}

#[tokio::test]
async fn a_commit_is_deployed_by_its_own_name() {
    let standin = standin().await;
    standin.edit(SERVICE, |settings| (settings.image, settings.repo) = (None, Some("acme/shop".into())));
    let logbook = logbook().await;
    let sha = "0123456789abcdef0123456789abcdef01234567";
    logbook.assign(Slot::Green, Some(format!("commit:{sha}"))).await.unwrap();
    let traffic = in_place(client(&standin), logbook.clone());
    traffic.apply(&change(Slot::Green, "there")).await.unwrap();
    assert_eq!(standin.serving(SERVICE).as_deref(), Some(sha));
    let green = logbook.targets().await.unwrap().green.unwrap();
    assert!(green.starts_with("deployment:dep-"), "{green}");
}

#[tokio::test]
async fn an_image_that_is_gone_is_built_again() {
    let standin = standin().await;
    let traffic = switcher(&standin).await;
    traffic.apply(&change(Slot::Green, "there")).await.unwrap();
    standin.forget_images();
    traffic.apply(&change(Slot::Blue, "back")).await.unwrap();
    let last = standin.deployments(SERVICE).pop().unwrap();
    assert_eq!((last.runs.as_str(), last.reason), (BLUE, "redeploy"));
}

#[tokio::test]
async fn a_bad_release_is_refused_with_its_reason_and_the_old_one_still_serves() {
    let standin = standin().await;
    standin.spoil(GREEN, "GET /ready answered 500");
    let logbook = logbook().await;
    let traffic = in_place(client(&standin), logbook.clone());
    let error = traffic.apply(&change(Slot::Green, "there")).await.unwrap_err();
    assert!(matches!(error, SwitchError::Refused { .. }), "{error:?}");
    insta::assert_snapshot!(told(&error), @"
    railway refused the change
      because: deployment dep-3 (ghcr.io/acme/shop:2) ended FAILED at HEALTHCHECK: GET /ready answered 500; its last lines: starting ghcr.io/acme/shop:2 | error: GET /ready answered 500; deployment dep-1 (ghcr.io/acme/shop:1) still has the traffic
    ");
    let seen = traffic.observe().await.unwrap();
    assert_eq!(
        (seen.route.split, seen.moving),
        (Split::ALL_BLUE, false),
        "{:?}",
        standin.deployments(SERVICE)
    );
    assert_eq!(standin.settings(SERVICE).unwrap().image.as_deref(), Some(BLUE), "the setting is put back");
    assert_eq!(logbook.targets().await.unwrap().green.unwrap(), format!("image:{GREEN}"));
}

#[tokio::test]
async fn without_subscriptions_the_deployment_is_asked_for_now_and_then() {
    let standin = standin().await;
    standin.sockets(false);
    let traffic = switcher(&standin).await;
    traffic.apply(&change(Slot::Green, "there")).await.unwrap();
    assert_eq!((standin.serving(SERVICE).as_deref(), standin.openings()), (Some(GREEN), 0));
}

#[tokio::test]
async fn somebody_elses_deployment_is_said_to_be_elsewhere() {
    let standin = standin().await;
    let traffic = switcher(&standin).await;
    traffic.observe().await.unwrap();
    standin.push(SERVICE, "ghcr.io/acme/shop:surprise");
    let mut told_elsewhere = None;
    for _ in 0..1_000 {
        let fresh = in_place(client(&standin), traffic.logbook().clone());
        if let Err(error) = fresh.observe().await {
            told_elsewhere = Some(told(&error));
            break;
        }
        tokio::task::yield_now().await;
    }
    insta::assert_snapshot!(told_elsewhere.unwrap(), @"railway sends traffic neither to blue nor to green, but to deployment dep-3 (ghcr.io/acme/shop:surprise)");
    traffic.apply(&change(Slot::Blue, "the way back")).await.unwrap();
    assert_eq!(standin.serving(SERVICE).as_deref(), Some(BLUE));
}

#[tokio::test]
async fn a_subscription_that_is_cut_in_the_middle_is_gone_on_from_by_asking() {
    let standin = standin().await;
    let traffic = switcher(&standin).await;
    let there = change(Slot::Green, "there");
    let cut = async {
        while standin.openings() == 0 {
            tokio::task::yield_now().await;
        }
        standin.sockets(false);
    };
    let (done, ()) = tokio::join!(traffic.apply(&there), cut);
    done.unwrap();
    assert_eq!((standin.serving(SERVICE).as_deref(), standin.openings()), (Some(GREEN), 1));
    assert_eq!(standin.deployments(SERVICE).len(), 2);
}

#[tokio::test]
async fn a_release_under_way_is_called_off_when_the_traffic_is_wanted_back() {
    let standin = standin().await;
    let traffic = switcher(&standin).await;
    traffic.observe().await.unwrap();
    let rival = standin.push(SERVICE, GREEN);
    let fresh = in_place(client(&standin), traffic.logbook().clone());
    fresh.apply(&change(Slot::Blue, "stay")).await.unwrap();
    assert_eq!(standin.serving(SERVICE).as_deref(), Some(BLUE));
    let rival = standin.deployments(SERVICE).into_iter().find(|d| d.id == rival).unwrap();
    assert_eq!(rival.status, "REMOVED");
}

#[tokio::test]
async fn the_drain_is_bounded_by_what_the_service_is_set_to() {
    let standin = standin().await;
    let opened = RailwayInPlace::open(client(&standin)).await.unwrap();
    let bound = std::time::Duration::from_secs(5);
    assert_eq!(opened.capabilities().drain, DrainSupport::Timed { bound });
    let traffic = switcher(&standin).await;
    let drained = traffic.drain(Slot::Green, SECOND * 10).await.unwrap();
    assert!(matches!(drained, Drained::Assumed { waited } if waited >= SECOND * 5), "{drained:?}");
    let short = traffic.drain(Slot::Green, SECOND).await.unwrap();
    assert!(matches!(short, Drained::TimedOut { .. }), "{short:?}");
}
