//! What makes a deployment without downtime impossible is refused, and set where it can be.

use handover_traffic::doctor::{Finding, Verdict};
use handover_traffic::railway::{Mend, examine, mend};
use handover_traffic::testkit::standin::railway::SERVICE;

use super::{options, standin, token};

fn shown(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let next = finding.next.as_ref().map(|next| format!("\n      next: {next}")).unwrap_or_default();
        format!("{:?} {}: {}{next}", finding.verdict, finding.name, finding.found)
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_service_that_is_set_up_well_is_found_so() {
    insta::assert_snapshot!(shown(&examine(&options(&standin().await)).await), @"
    Ok access: service shop in production, replicas: 1
    Ok health check: /ready must answer 200 within 300 s
    Ok overlap: 2 s
    Ok draining: 3 s from SIGTERM to SIGKILL
    Ok volume: none
    Ok auto-deploy: off
    Ok way back: deployment dep-1 (ghcr.io/acme/shop:1) has the traffic
    ");
}

#[tokio::test]
async fn everything_that_would_make_a_gap_is_refused() {
    let standin = standin().await;
    standin.edit(SERVICE, |settings| {
        settings.healthcheck_path = None;
        settings.overlap_seconds = None;
        settings.draining_seconds = Some(0);
        settings.volume = Some("/data".into());
        settings.auto_deploy = true;
    });
    let findings = examine(&options(&standin)).await;
    assert_eq!(findings.iter().filter(|finding| finding.verdict == Verdict::Refuse).count(), 5);
    insta::assert_snapshot!(shown(&findings), @"
    Ok access: service shop in production, replicas: 1
    Refuse health check: no path: a release has traffic as soon as its process runs
          next: set a path that answers 200 when the release can take traffic
    Refuse overlap: 0 s: the old deployment ends while the edge still sends requests to it
          next: set overlapSeconds, 10 for instance
    Refuse draining: 0 s: the old deployment is killed with its requests in flight
          next: set drainingSeconds, 60 for instance, and end on SIGTERM
    Refuse volume: one at /data: the old deployment has to end before the new one starts
          next: move the data to a database or a bucket, and detach the volume
    Refuse auto-deploy: on: a push deploys by itself, also in the middle of a handover
          next: turn it off; handover deploys the commit it is told to
    Ok way back: deployment dep-1 (ghcr.io/acme/shop:1) has the traffic
    ");
}

#[tokio::test]
async fn what_can_be_set_is_set_and_what_somebody_chose_stays() {
    let standin = standin().await;
    standin.edit(SERVICE, |settings| {
        settings.healthcheck_path = None;
        settings.overlap_seconds = Some(0);
        settings.draining_seconds = Some(7);
        settings.auto_deploy = true;
    });
    let wanted = Mend::default().with_healthcheck_path("/ready");
    let findings = mend(&options(&standin), &wanted).await.unwrap();
    assert!(findings.iter().all(|finding| finding.verdict == Verdict::Ok), "{}", shown(&findings));
    let settings = standin.settings(SERVICE).unwrap();
    let set = (settings.healthcheck_path.as_deref(), settings.overlap_seconds, settings.draining_seconds);
    assert_eq!(set, (Some("/ready"), Some(10), Some(7)));
    let writes = standin.writes();
    mend(&options(&standin), &wanted).await.unwrap();
    assert_eq!(standin.writes(), writes, "nothing is set twice");
}

#[tokio::test]
async fn a_look_without_access_is_one_finding() {
    let standin = standin().await;
    let mut options = options(&standin);
    options.token = token("some-other-token");
    insta::assert_snapshot!(shown(&examine(&options).await), @"
    Refuse access: railway refused the change: Not Authorized: the token is not valid any more, or has no access to this project and environment: make a new project token in the project's settings, or an account token, and set it
          next: check token, project, environment and service
    ");
}
