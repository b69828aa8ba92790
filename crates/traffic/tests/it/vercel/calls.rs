//! What the launcher and the doctor ask for.

use std::time::Duration;

use handover_traffic::testkit::standin::vercel::VercelSetup;
use handover_traffic::vercel::{Filter, NewDeployment, ReadyState, Source, Substate};

use super::{Shop, client};

fn commit() -> NewDeployment {
    let source = Source::Commit { sha: "4f".repeat(20), reference: "main".to_owned() };
    NewDeployment::of(source).marked("handoverRelease", "r3").marked("handoverRun", "run-1")
}

#[tokio::test]
async fn a_commit_is_built_for_production_and_found_by_what_is_written_on_it() {
    let setup = VercelSetup::default().with_delays(Duration::from_hours(1), Duration::ZERO);
    let shop = Shop::with(setup).await;
    let client = client(&shop.standin);
    let made = client.create(&commit()).await.unwrap();
    assert_eq!((&made.ready_state, made.is_for_production()), (&ReadyState::Queued, true));
    shop.standin.pass(Duration::from_mins(30));
    assert_eq!(client.deployment(&made.url).await.unwrap().ready_state, ReadyState::Building);
    shop.standin.pass(Duration::from_mins(31));
    let found =
        client.deployments("prj_shop", &Filter::production().marked("handoverRelease", "r3")).await.unwrap();
    let [ready] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((&ready.id, &ready.substate), (&made.id, &Some(Substate::Staged)));
    let by_commit = Filter::default().of_commit("4f".repeat(20));
    assert_eq!(client.deployments("prj_shop", &by_commit).await.unwrap(), found);
}

#[tokio::test]
async fn a_build_can_be_taken_again_cancelled_and_removed() {
    let setup = VercelSetup::default().with_delays(Duration::from_hours(1), Duration::ZERO);
    let shop = Shop::with(setup).await;
    let client = client(&shop.standin);
    let again = client.create(&NewDeployment::of(Source::Deployment(shop.blue.clone()))).await.unwrap();
    assert_eq!(client.cancel(&again.id).await.unwrap().ready_state, ReadyState::Canceled);
    client.delete(&again.id).await.unwrap();
    assert!(client.deployment(&again.id).await.is_err());
}

#[tokio::test]
async fn a_failed_build_tells_its_last_lines_in_order() {
    let shop = Shop::open().await;
    shop.standin.fail_next_build();
    let client = client(&shop.standin);
    let made = client.create(&commit()).await.unwrap();
    let failed = client.deployment(&made.id).await.unwrap();
    assert_eq!(
        (failed.ready_state, failed.reason.as_deref()),
        (ReadyState::Error, Some("Command \"npm run build\" exited with 1"))
    );
    let events = client.events(&made.id, 2).await.unwrap();
    let lines: Vec<_> = events.iter().filter_map(|event| event.text()).collect();
    assert_eq!(lines, ["error: module not found: ./cart", "Command \"npm run build\" exited with 1"]);
}

#[tokio::test]
async fn host_names_and_what_can_be_rolled_back_to_are_listed() {
    let shop = Shop::open().await;
    let client = client(&shop.standin);
    let names: Vec<_> = client.aliases_of(&shop.blue).await.unwrap().into_iter().map(|it| it.alias).collect();
    assert_eq!(names, ["shop.example", "www.shop.example"]);
    let back = Filter::production().rollback_candidates();
    assert!(client.deployments("prj_shop", &back).await.unwrap().is_empty());
    shop.standin.settle("shop", &shop.green);
    let found = client.deployments("prj_shop", &back).await.unwrap();
    assert_eq!(found.iter().map(|it| &it.id).collect::<Vec<_>>(), [&shop.blue]);
    assert!(client.failed_aliases("prj_shop").await.unwrap().is_empty());
}
