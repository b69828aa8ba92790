//! Every request of ours, and every reply of the stand-in, against the description that the platform publishes.

mod published;

use std::collections::BTreeSet;
use std::time::Duration;

use handover_traffic::logbook::Logbook;
use handover_traffic::testkit::standin::vercel::{Plan, VercelRecorded, VercelSetup};
use handover_traffic::vercel::{Filter, NewDeployment, Source, examine};
use handover_traffic::{Split, TrafficSwitcher};
use serde_json::json;

pub(super) use self::published::Published;
use super::{Shop, change, client, green, options};

/// Everything that a client of ours asks for, on one stand-in.
async fn everything() -> Vec<VercelRecorded> {
    let setup = VercelSetup::default().with_delays(Duration::from_hours(1), Duration::from_millis(4));
    let shop = Shop::with(setup).await;
    shop.standin.configure("shop", &[5.0, 50.0]);
    builds(&shop).await;
    let rolling = shop.rolling(Logbook::in_memory()).await;
    for (op, percent) in [("canary", 5), ("half", 50), ("all", 100), ("back", 0), ("again", 5), ("abort", 0)]
    {
        rolling.apply(&change(op, green(percent))).await.unwrap();
    }
    let promoting = shop.promoting(Logbook::in_memory()).await;
    promoting.apply(&change("shift", Split::ALL_GREEN)).await.unwrap();
    shop.standin.stick("shop", &["www.shop.example"]);
    promoting.apply(&change("half of it", Split::ALL_BLUE)).await.unwrap_err();
    shop.standin.recorded()
}

async fn builds(shop: &Shop) {
    let client = client(&shop.standin);
    let source = Source::Commit { sha: "4f".repeat(20), reference: "main".to_owned() };
    let made = client.create(&NewDeployment::of(source).marked("handoverRelease", "r3")).await.unwrap();
    let again = client.create(&NewDeployment::of(Source::Deployment(made.id.clone()))).await.unwrap();
    client.deployment(&made.url).await.unwrap();
    client.events(&made.id, 10).await.unwrap();
    client.cancel(&again.id).await.unwrap();
    client.delete(&again.id).await.unwrap();
    client.aliases_of(&shop.blue).await.unwrap();
    let filter = Filter::production().of_commit("4f".repeat(20)).rollback_candidates();
    client.deployments("prj_shop", &filter).await.unwrap();
    client.assign_domains_by_itself(false).await.unwrap();
    examine(&options(&shop.standin), &[]).await;
    client.deployment("dpl_none").await.unwrap_err();
}

#[tokio::test]
async fn every_request_of_ours_is_as_the_platform_describes_it() {
    let Some(published) = Published::read() else { return };
    let recorded = everything().await;
    let wrong: Vec<_> = recorded.iter().flat_map(|it| published.faults_of_request(it)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let asked: BTreeSet<_> = recorded.iter().filter_map(|it| published.operation(it)).collect();
    insta::assert_snapshot!(asked.into_iter().collect::<Vec<_>>().join("\n"), @"
    DELETE /v13/deployments/{id}
    GET /v1/projects/{idOrName}/rolling-release
    GET /v1/projects/{idOrName}/rolling-release/billing
    GET /v1/projects/{idOrName}/rolling-release/config
    GET /v1/projects/{projectId}/promote/aliases
    GET /v13/deployments/{idOrUrl}
    GET /v2/deployments/{id}/aliases
    GET /v2/user
    GET /v3/deployments/{idOrUrl}/events
    GET /v4/aliases
    GET /v6/deployments
    GET /v9/projects/{idOrName}
    GET /v9/projects/{idOrName}/domains
    PATCH /v12/deployments/{id}/cancel
    PATCH /v9/projects/{idOrName}
    POST /v1/projects/{idOrName}/rolling-release/approve-stage
    POST /v1/projects/{idOrName}/rolling-release/complete
    POST /v1/projects/{idOrName}/rolling-release/start
    POST /v1/projects/{projectId}/rollback/{deploymentId}
    POST /v10/projects/{projectId}/promote/{deploymentId}
    POST /v13/deployments
    ");
}

#[tokio::test]
async fn every_reply_of_the_stand_in_is_as_the_platform_describes_it() {
    let Some(published) = Published::read() else { return };
    let mut recorded = everything().await;
    recorded.extend(more_replies().await);
    let wrong: Vec<_> = recorded.iter().flat_map(|it| published.faults_of_reply(it)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Replies that only other plans and other clients get.
async fn more_replies() -> Vec<VercelRecorded> {
    let mut all = Vec::new();
    for plan in [Plan::Hobby, Plan::Pro { slots: 1 }, Plan::Pro { slots: 2 }] {
        let shop = Shop::with(VercelSetup::default().with_plan(plan)).await;
        shop.standin.configure("other", &[5.0]);
        shop.standin.fail_next_build();
        let client = client(&shop.standin);
        let failed = client.create(&NewDeployment::of(Source::Deployment(shop.blue.clone()))).await.unwrap();
        client.deployment(&failed.id).await.unwrap();
        client.failed_aliases("prj_shop").await.unwrap();
        examine(&options(&shop.standin), &[500]).await;
        all.extend(shop.standin.recorded());
    }
    all
}

type Spoil = fn(&mut VercelRecorded);

#[tokio::test]
async fn a_made_up_field_path_or_parameter_is_caught() {
    let Some(published) = Published::read() else { return };
    let recorded = everything().await;
    let of =
        |verb: &str| recorded.iter().find(|it| it.is_write() && it.path.ends_with(verb)).unwrap().clone();
    let cases: [(&str, Spoil); 5] = [
        ("deployments", |it| it.body.as_mut().unwrap()["comittedBy"] = json!("somebody")),
        ("approve-stage", |it| it.body.as_mut().unwrap()["nextStageIndex"] = json!("1")),
        ("start", |it| it.body = Some(json!({ "deploymentId": "dpl_1" }))),
        ("deployments", |it| it.query.push(("waitForReady".into(), "true".into()))),
        ("start", |it| it.path = it.path.replace("rolling-release", "rolling")),
    ];
    for (verb, spoil) in cases {
        let mut request = of(verb);
        assert!(published.faults_of_request(&request).is_empty(), "{verb}");
        spoil(&mut request);
        assert!(!published.faults_of_request(&request).is_empty(), "{verb} passed: {request:?}");
    }
}

#[tokio::test]
async fn a_reply_that_the_platform_would_not_give_is_caught() {
    let Some(published) = Published::read() else { return };
    let recorded = everything().await;
    let of =
        |part: &str| recorded.iter().find(|it| it.path.contains(part) && it.status == 200).unwrap().clone();
    let cases: [(&str, &str, serde_json::Value); 4] = [
        ("/v13/deployments/", "/readyState", json!("DONE")),
        ("/v9/projects/shop", "/lastAliasRequest", json!({ "jobStatus": "succeeded" })),
        ("rolling-release/billing", "/reason", json!("paid")),
        ("/v4/aliases", "/aliases/0/uid", json!(7)),
    ];
    for (part, place, value) in cases {
        let mut reply = of(part);
        assert!(published.faults_of_reply(&reply).is_empty(), "{part}");
        *reply.answer.as_mut().unwrap().pointer_mut(place).unwrap() = value;
        assert!(!published.faults_of_reply(&reply).is_empty(), "{part}{place} passed");
    }
}
