//! What goes wrong, as an operator reads it: each says whether anything changed.

use handover_core::Slot;
use handover_traffic::control::Token;
use handover_traffic::railway::{Railway, RailwayOptions, RailwayToken};
use handover_traffic::testkit::standin::railway::{
    ACCOUNT_TOKEN, Fault, PROJECT_TOKEN, RailwayStandIn, SERVICE,
};
use handover_traffic::{Split, SwitchError, TrafficSwitcher};

use super::{GREEN, InPlace, change, in_place, logbook, options, setup, standin, switcher, token, told};

async fn with(standin: &RailwayStandIn, edit: impl FnOnce(&mut RailwayOptions)) -> InPlace {
    let mut options = options(standin);
    edit(&mut options);
    in_place(Railway::new(options).unwrap(), logbook().await)
}

async fn refused(traffic: &InPlace) -> String {
    told(&traffic.apply(&change(Slot::Green, "there")).await.unwrap_err())
}

#[tokio::test]
async fn a_wrong_token_is_said_with_what_to_set() {
    let standin = standin().await;
    let traffic = with(&standin, |options| options.token = token("some-other-token")).await;
    insta::assert_snapshot!(refused(&traffic).await, @"
    railway refused the change
      because: Not Authorized: the token is not valid any more, or has no access to this project and environment: make a new project token in the project's settings, or an account token, and set it
    ");
    assert_eq!(standin.writes(), 0);
}

#[tokio::test]
async fn an_account_token_works_too() {
    let standin = standin().await;
    let account = || RailwayToken::Account(Token::new(ACCOUNT_TOKEN).unwrap());
    let traffic = with(&standin, |options| options.token = account()).await;
    traffic.apply(&change(Slot::Green, "there")).await.unwrap();
    assert_eq!(standin.serving(SERVICE).as_deref(), Some(GREEN));
}

#[tokio::test]
async fn a_missing_project_or_service_is_said() {
    let standin = standin().await;
    let traffic = with(&standin, |options| options.project = "prj-other".into()).await;
    let project = refused(&traffic).await;
    let traffic = with(&standin, |options| options.service = "svc-other".into()).await;
    insta::assert_snapshot!(format!("{project}\n{}", refused(&traffic).await), @"
    railway refused the change
      because: Project not found
    railway refused the change
      because: Service not found
    ");
    assert_eq!(standin.writes(), 0);
}

#[test]
fn an_option_that_is_missing_is_named_before_anything_is_sent() {
    let nobody = RailwayOptions::new("", "env", "svc", token(PROJECT_TOKEN));
    insta::assert_snapshot!(Railway::new(nobody).unwrap_err(), @"no project is named for Railway");
}

#[tokio::test]
async fn nonsense_while_reading_changes_nothing_and_says_so() {
    let standin = standin().await;
    let mut said = Vec::new();
    for fault in [Fault::Html, Fault::Empty, Fault::Truncated, Fault::BadGateway, Fault::Vague] {
        standin.strike("serviceInstance", fault.clone());
        said.push(format!("{fault:?}: {}", refused(&switcher(&standin).await).await));
    }
    insta::assert_snapshot!(said.join("\n"), @"
    Html: railway refused the change
      because: a page of HTML instead of JSON (status 200): expected value at line 1 column 1
    Empty: railway refused the change
      because: an empty answer (status 200): EOF while parsing a value at line 1 column 0
    Truncated: railway refused the change
      because: an answer that is not as published: EOF while parsing a string at line 1 column 513
    BadGateway: railway could not be reached
      because: status 502: bad gateway
    Vague: railway could not be reached
      because: Problem processing request
    ");
    assert_eq!((standin.writes(), standin.deployments(SERVICE).len()), (0, 1));
}

#[tokio::test]
async fn nonsense_after_an_order_is_not_known_until_somebody_looks() {
    let mut said = Vec::new();
    for fault in [Fault::Html, Fault::Empty, Fault::Truncated, Fault::BadGateway, Fault::Vague] {
        let standin = standin().await;
        standin.strike("serviceInstanceDeployV2", fault.clone());
        let traffic = switcher(&standin).await;
        let error = traffic.apply(&change(Slot::Green, "there")).await.unwrap_err();
        assert!(matches!(error, SwitchError::Unconfirmed { .. }), "{error:?}");
        said.push(format!("{fault:?}: {}", told(&error)));
        traffic.apply(&change(Slot::Green, "there")).await.unwrap();
        assert_eq!(standin.deployments(SERVICE).len(), 2, "{fault:?}");
    }
    insta::assert_snapshot!(said.join("\n"), @"
    Html: railway did not confirm
      because: a page of HTML instead of JSON (status 200): expected value at line 1 column 1
    Empty: railway did not confirm
      because: an empty answer (status 200): EOF while parsing a value at line 1 column 0
    Truncated: railway did not confirm
      because: an answer that is not as published: EOF while parsing a string at line 1 column 22
    BadGateway: railway did not confirm
      because: status 502: bad gateway
    Vague: railway did not confirm
      because: Problem processing request
    ");
}

#[tokio::test]
async fn a_status_that_nobody_knows_is_waited_for_as_not_ready() {
    let standin = standin().await;
    let mut limits = super::limits();
    limits.deploy = std::time::Duration::from_millis(300);
    let traffic = with(&standin, |options| options.limits = limits).await;
    let rival = standin.push(SERVICE, GREEN);
    standin.mask(&rival, Some("PAUSED"));
    let error = traffic.apply(&change(Slot::Green, "there")).await.unwrap_err();
    assert!(matches!(error, SwitchError::Unconfirmed { .. }), "{error:?}");
    let text = told(&error);
    assert!(text.contains("deployment dep-3 is still PAUSED"), "{text}");
    standin.mask(&rival, None);
    traffic.apply(&change(Slot::Green, "there")).await.unwrap();
    assert_eq!(standin.deployments(SERVICE).len(), 2, "what was under way was taken up");
}

#[tokio::test]
async fn a_clock_that_is_a_day_off_either_way_makes_no_difference() {
    for skew in [-86_400, 86_400] {
        let standin = RailwayStandIn::start(setup().with_skew(skew)).await.unwrap();
        let traffic = switcher(&standin).await;
        traffic.apply(&change(Slot::Green, "there")).await.unwrap();
        standin.strike("deploymentRollback", Fault::LostAnswer);
        traffic.apply(&change(Slot::Blue, "back")).await.unwrap_err();
        let back = traffic.apply(&change(Slot::Blue, "back")).await.unwrap();
        assert_eq!(back.route.split, Split::ALL_BLUE);
        assert_eq!(standin.deployments(SERVICE).len(), 3, "skew {skew}");
    }
}

#[tokio::test]
async fn nobody_listening_is_unreachable_and_nothing_was_sent() {
    let gone = standin().await;
    let options = options(&gone);
    drop(gone);
    let traffic = in_place(Railway::new(options).unwrap(), logbook().await);
    for _ in 0..1_000 {
        let error = traffic.apply(&change(Slot::Green, "there")).await.unwrap_err();
        assert!(matches!(error, SwitchError::Unreachable { .. }), "{error:?}");
        if told(&error).contains("refused") {
            return;
        }
    }
    panic!("somebody still listens");
}

#[tokio::test]
async fn a_token_is_in_no_debug_and_in_no_error() {
    let standin = standin().await;
    let secret = "s3cret-s3cret-s3cret";
    for kind in [RailwayToken::Project as fn(Token) -> RailwayToken, RailwayToken::Account] {
        let traffic = with(&standin, |options| options.token = kind(Token::new(secret).unwrap())).await;
        let error = traffic.apply(&change(Slot::Green, "there")).await.unwrap_err();
        let shown = format!("{traffic:?} {error:?} {}", told(&error));
        assert!(!shown.contains(secret), "{shown}");
    }
}
