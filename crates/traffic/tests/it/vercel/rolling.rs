//! What a rolling release can and cannot be asked for.

use handover_traffic::logbook::Logbook;
use handover_traffic::testkit::standin::vercel::{Plan, VercelSetup};
use handover_traffic::vercel::VercelRolling;
use handover_traffic::{Split, SwitchError, TrafficSwitcher, Weights};

use super::conformance::visit;
use super::{Shop, change, client, green, seen, shown};

async fn connect_error(shop: &Shop) -> String {
    shown(&VercelRolling::connect(client(&shop.standin)).await.unwrap_err())
}

#[tokio::test]
async fn the_stages_are_the_projects_own() {
    let shop = Shop::open().await;
    shop.standin.configure("shop", &[2.5, 40.0]);
    let traffic = shop.rolling(Logbook::in_memory()).await;
    assert_eq!(traffic.capabilities().weights, Weights::Stages { shares: vec![250, 4_000] });
    let unsupported = traffic.apply(&change("canary", green(10))).await.unwrap_err();
    insta::assert_snapshot!(shown(&unsupported), @"vercel cannot express the split blue 90 % green 10 %");
    assert!(shop.writes().is_empty());
}

#[tokio::test]
async fn a_newcomer_goes_up_stage_by_stage_and_users_follow() {
    let shop = Shop::in_stages().await;
    let traffic = shop.rolling(Logbook::in_memory()).await;
    for (op, percent) in [("canary", 5), ("half", 50), ("all", 100)] {
        traffic.apply(&change(op, green(percent))).await.unwrap();
        let mut new = 0;
        for _ in 0..100 {
            new += u16::from(visit(&shop.standin, "shop.example").await.as_ref() == Some(&shop.green));
        }
        assert_eq!((new, seen(&traffic).await), (percent, green(percent)));
    }
    insta::assert_snapshot!(shop.writes().join("\n"), @"
    POST /v1/projects/shop/rolling-release/start
    POST /v1/projects/shop/rolling-release/approve-stage
    POST /v1/projects/shop/rolling-release/complete
    ");
}

#[tokio::test]
async fn a_lower_share_that_is_not_nothing_is_refused_and_changes_nothing() {
    let shop = Shop::in_stages().await;
    let traffic = shop.rolling(Logbook::in_memory()).await;
    traffic.apply(&change("half", green(50))).await.unwrap();
    let before = shop.writes().len();
    let down = traffic.apply(&change("down", green(5))).await.unwrap_err();
    insta::assert_snapshot!(shown(&down), @"
    vercel refused the change
      because: the newcomer has 50 %, and stages only go up: take it back whole, or go on
    ");
    assert_eq!((shop.writes().len(), seen(&traffic).await), (before, green(50)));
    traffic.apply(&change("back", Split::ALL_BLUE)).await.unwrap();
    assert_eq!(seen(&traffic).await, Split::ALL_BLUE);
}

#[tokio::test]
async fn somebody_elses_rolling_release_is_seen_and_can_be_taken_back() {
    let shop = Shop::in_stages().await;
    let third = shop.standin.deploy("shop", "r3");
    let other = Logbook::in_memory();
    let somebody = shop.rolling(other.clone()).await;
    other.assign(handover_core::Slot::Green, Some(third)).await.unwrap();
    somebody.apply(&change("theirs", green(5))).await.unwrap();
    let traffic = shop.rolling(Logbook::in_memory()).await;
    insta::assert_snapshot!(shown(&traffic.observe().await.unwrap_err()), @"vercel sends traffic neither to blue nor to green, but to deployment dpl_00000001, with 5 % to dpl_00000004 in a rolling release");
    let barred = traffic.apply(&change("canary", green(50))).await.unwrap_err();
    insta::assert_snapshot!(shown(&barred), @"
    vercel refused the change
      because: a rolling release from dpl_00000001 to dpl_00000004 is under way
    ");
    traffic.apply(&change("back", Split::ALL_BLUE)).await.unwrap();
    assert_eq!(seen(&traffic).await, Split::ALL_BLUE);
}

#[tokio::test]
async fn a_plan_without_rolling_releases_is_refused_before_anything_is_asked() {
    let shop = Shop::with(VercelSetup::default().with_plan(Plan::Hobby)).await;
    shop.standin.configure("shop", &[5.0]);
    insta::assert_snapshot!(connect_error(&shop).await, @"
    vercel refused the change
      because: the plan has no rolling releases (Rolling releases need Pro or Enterprise.): choose Pro or Enterprise, or promote at once
    ");
    let shop = Shop::with(VercelSetup::default().with_plan(Plan::Pro { slots: 1 })).await;
    shop.standin.configure("other", &[5.0]);
    insta::assert_snapshot!(connect_error(&shop).await, @"
    vercel refused the change
      because: the plan's slots for rolling releases are taken by prj_other (All slots are in use.): free one, or promote at once
    ");
    assert!(shop.writes().is_empty());
}

#[tokio::test]
async fn stages_that_move_on_by_themselves_are_refused() {
    let shop = Shop::open().await;
    insta::assert_snapshot!(connect_error(&shop).await, @"
    vercel refused the change
      because: the project has no rolling release configured: add stages that wait for approval, such as `vercel rolling-release configure --cfg` writes them
    ");
    shop.standin.configure_stages("shop", [(10.0, false, Some(600.0))]);
    insta::assert_snapshot!(connect_error(&shop).await, @"
    vercel refused the change
      because: the stage of 10 % moves on by itself after 600 min: set `requireApproval` on every stage, without a shift
    ");
}

#[tokio::test]
async fn a_slot_that_stands_for_nothing_or_for_the_others_deployment_is_refused() {
    let shop = Shop::in_stages().await;
    let book = Logbook::in_memory();
    let traffic = shop.rolling(book.clone()).await;
    for target in [None, Some(shop.blue.clone())] {
        book.assign(handover_core::Slot::Green, target).await.unwrap();
        let refused = traffic.apply(&change("canary", green(5))).await.unwrap_err();
        assert!(matches!(refused, SwitchError::Refused { .. }), "{refused:?}");
    }
    assert!(shop.writes().is_empty());
}
