//! Blue and green as private services behind an edge.

use handover_traffic::SwitchError;
use handover_traffic::railway::Status;
use handover_traffic::testkit::standin::railway::{NEIGHBOUR, SERVICE};

use super::{GREEN, client, standin, told};

#[tokio::test]
async fn a_service_is_made_deployed_listed_read_and_taken_away() {
    let standin = standin().await;
    let railway = client(&standin);
    let id = railway.create_service("shop-green", None).await.unwrap();
    assert_eq!(railway.create_service("shop-green", None).await.unwrap(), id, "a second time is the same");
    let green = railway.for_service(&id).unwrap();
    green.set_image(GREEN).await.unwrap();
    let deployment = green.deploy(None).await.unwrap();
    assert_eq!(green.wait_for(&deployment).await.unwrap(), Status::Success);
    let listed = green.deployments(5).await.unwrap();
    assert_eq!(listed.iter().map(|d| d.id.as_str()).collect::<Vec<_>>(), [deployment.as_str()]);
    let found = railway.services().await.unwrap().into_iter().find(|service| service.id == id).unwrap();
    assert_eq!((found.name.as_str(), found.image.as_deref()), ("shop-green", Some(GREEN)));
    assert!(green.domains().await.unwrap().custom_domains.is_empty(), "it is private");
    green.remove(&deployment).await.unwrap();
    assert_eq!(standin.serving(&id), None);
    green.delete_service().await.unwrap();
    assert!(railway.services().await.unwrap().iter().all(|service| service.id != id));
}

#[tokio::test]
async fn the_last_lines_are_read_and_new_ones_followed() {
    let standin = standin().await;
    let railway = client(&standin);
    let said = |lines: Vec<handover_traffic::railway::LogLine>| -> Vec<String> {
        lines.into_iter().map(|line| line.message).collect()
    };
    standin.log("dep-1", "one");
    standin.log("dep-1", "two");
    assert_eq!(said(railway.logs("dep-1", 1).await.unwrap()), ["two"]);
    assert_eq!(said(railway.build_logs("dep-1", 5).await.unwrap()), ["building ghcr.io/acme/shop:1"]);
    let mut lines = railway.follow_logs("dep-1", 1).await.unwrap();
    assert_eq!(lines.next().await.unwrap().unwrap().message, "two");
    standin.log("dep-1", "three");
    assert_eq!(lines.next().await.unwrap().unwrap().message, "three");
}

#[tokio::test]
async fn variables_are_told_by_name_only() {
    let standin = standin().await;
    let names = client(&standin).variable_names().await.unwrap();
    assert_eq!(names, ["DATABASE_URL"]);
}

#[tokio::test]
async fn domains_are_read_with_their_certificates() {
    let standin = standin().await;
    let domains = client(&standin).domains().await.unwrap();
    let custom = &domains.custom_domains[0];
    assert_eq!((custom.domain.as_str(), custom.status.verified), ("shop.example.com", true));
    assert_eq!(custom.status.certificate_status, "CERTIFICATE_STATUS_TYPE_VALID");
}

#[tokio::test]
async fn a_deletion_that_wants_a_second_factor_is_refused_and_says_so() {
    let standin = standin().await;
    standin.want_second_factor();
    let error = client(&standin).for_service(NEIGHBOUR).unwrap().delete_service().await.unwrap_err();
    assert!(matches!(error, SwitchError::Refused { .. }), "{error:?}");
    insta::assert_snapshot!(told(&error), @"
    railway refused the change
      because: Two Factor Authentication Required: the workspace wants a second factor for this: a token cannot give one, so do it in Railway's dashboard, or relax the rule for tokens
    ");
    assert_ne!(standin.others(), "");
    assert!(standin.serving(SERVICE).is_some());
}
