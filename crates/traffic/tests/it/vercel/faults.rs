//! A platform that lags, refuses, or half does what it was asked.

use std::time::Duration;

use handover_core::{Retry, Slot};
use handover_traffic::logbook::{Logbook, WithLogbook};
use handover_traffic::testkit::standin::vercel::{VercelMishap, VercelOn, VercelSetup};
use handover_traffic::vercel::{VercelClient, VercelPromote};
use handover_traffic::{Drained, Split, SwitchError, TrafficSwitcher};

use super::conformance::visit;
use super::{POLL, SETTLE, Shop, change, green, options, seen, shown};

#[tokio::test]
async fn readings_from_before_the_change_are_waited_out() {
    let shop = Shop::open().await;
    let traffic = shop.promoting(Logbook::in_memory()).await;
    shop.standin.lag(9);
    traffic.apply(&change("shift", Split::ALL_GREEN)).await.unwrap();
    assert_eq!((seen(&traffic).await, shop.writes().len()), (Split::ALL_GREEN, 1));
}

#[tokio::test]
async fn a_driver_that_died_is_not_repeated_by_one_that_reads_old_states() {
    let shop = Shop::open().await;
    let book = Logbook::in_memory();
    let traffic = shop.promoting(book.clone()).await;
    shop.standin.lag(7);
    shop.standin.strike(VercelOn::Write, VercelMishap::LostAnswer);
    let lost = traffic.apply(&change("shift", Split::ALL_GREEN)).await.unwrap_err();
    assert_eq!(lost.retry(), Retry::AfterReadBack, "{lost:?}");
    shop.promoting(book).await.apply(&change("shift", Split::ALL_GREEN)).await.unwrap();
    assert_eq!(shop.writes().len(), 1, "{:?}", shop.writes());
}

#[tokio::test]
async fn an_earlier_job_of_the_same_kind_is_not_taken_for_this_one() {
    let shop = Shop::open().await;
    let traffic = shop.promoting(Logbook::in_memory()).await;
    for (number, split) in [Split::ALL_GREEN, Split::ALL_BLUE, Split::ALL_GREEN].into_iter().enumerate() {
        traffic.apply(&change(&format!("shift {number}"), split)).await.unwrap();
    }
    // All within the second that the platform's clock tells: only the times of the requests tell them apart.
    shop.standin.stick("shop", &["shop.example", "www.shop.example"]);
    let failed = traffic.apply(&change("back", Split::ALL_BLUE)).await.unwrap_err();
    assert!(matches!(failed, SwitchError::Refused { .. }), "{failed:?}");
    assert_eq!(seen(&traffic).await, Split::ALL_GREEN);
}

#[tokio::test]
async fn a_clock_that_differs_by_a_day_either_way_changes_nothing() {
    for day in [86_400_000, -86_400_000] {
        let shop = Shop::open().await;
        shop.standin.skew(day);
        let traffic = shop.promoting(Logbook::in_memory()).await;
        traffic.apply(&change("shift", Split::ALL_GREEN)).await.unwrap();
        traffic.apply(&change("back", Split::ALL_BLUE)).await.unwrap();
        assert_eq!(shop.writes().len(), 2);
    }
}

#[tokio::test]
async fn host_names_left_behind_are_named_and_can_be_taken_back() {
    let shop = Shop::open().await;
    let traffic = shop.promoting(Logbook::in_memory()).await;
    shop.standin.stick("shop", &["www.shop.example"]);
    let half = traffic.apply(&change("shift", Split::ALL_GREEN)).await.unwrap_err();
    insta::assert_snapshot!(shown(&half), @"
    vercel did not confirm
      because: the promote to dpl_00000002 ended as failed; not moved: www.shop.example; it says: www.shop.example (failed)
    ");
    let mixed = traffic.observe().await.unwrap_err();
    insta::assert_snapshot!(shown(&mixed), @"vercel sends traffic neither to blue nor to green, but to deployment dpl_00000002, but www.shop.example to dpl_00000001");
    shop.standin.stick("shop", &[]);
    traffic.apply(&change("back", Split::ALL_BLUE)).await.unwrap();
    for host in ["shop.example", "www.shop.example"] {
        assert_eq!(visit(&shop.standin, host).await.as_ref(), Some(&shop.blue));
    }
}

#[tokio::test]
async fn a_job_that_moved_nothing_is_a_refusal() {
    let shop = Shop::open().await;
    let traffic = shop.promoting(Logbook::in_memory()).await;
    shop.standin.stick("shop", &["shop.example", "www.shop.example"]);
    let failed = traffic.apply(&change("shift", Split::ALL_GREEN)).await.unwrap_err();
    insta::assert_snapshot!(shown(&failed), @"
    vercel refused the change
      because: the promote to dpl_00000002 ended as failed, and no host name was moved: shop.example (failed), www.shop.example (failed)
    ");
    assert_eq!(seen(&traffic).await, Split::ALL_BLUE);
}

#[tokio::test]
async fn a_promotion_queued_behind_a_rolling_release_is_said_to_be_unknown() {
    let shop = Shop::in_stages().await;
    let third = shop.standin.deploy("shop", "r3");
    let rolling = shop.rolling(Logbook::in_memory()).await;
    rolling.apply(&change("canary", green(5))).await.unwrap();
    let book = Logbook::in_memory();
    let traffic = shop.promoting(book.clone()).await;
    book.assign(Slot::Green, Some(third)).await.unwrap();
    let queued = traffic.apply(&change("shift", Split::ALL_GREEN)).await.unwrap_err();
    insta::assert_snapshot!(shown(&queued), @"
    vercel did not confirm
      because: dpl_00000004 waits until the rolling release of dpl_00000002 has ended; complete it, or take it back
    ");
}

#[tokio::test]
async fn a_job_of_somebody_elses_that_is_under_way_is_waited_for() {
    let setup = VercelSetup::default().with_delays(Duration::ZERO, Duration::from_millis(40));
    let shop = Shop::with(setup).await;
    let third = shop.standin.deploy("shop", "r3");
    let other = Logbook::in_memory();
    other.assign(Slot::Green, Some(third.clone())).await.unwrap();
    let somebody = WithLogbook::new(VercelPromote::new(super::client(&shop.standin)), other);
    let traffic = shop.promoting(Logbook::in_memory()).await;
    let (theirs, ours) = (change("theirs", Split::ALL_GREEN), change("ours", Split::ALL_GREEN));
    let begun = async {
        while shop.writes().is_empty() {
            tokio::task::yield_now().await;
        }
        traffic.apply(&ours).await
    };
    let (theirs, ours) = tokio::join!(somebody.apply(&theirs), begun);
    ours.unwrap();
    // Theirs was made, and may have been overtaken before it could be read back.
    drop(theirs);
    assert_eq!(shop.standin.production("shop"), Some(shop.green.clone()));
    assert_eq!(shop.writes().len(), 2);
}

#[tokio::test]
async fn a_quota_that_is_used_up_says_how_long_to_wait() {
    let shop = Shop::with(VercelSetup::default().with_quota(2)).await;
    let traffic = shop.promoting(Logbook::in_memory()).await;
    let full = traffic.apply(&change("shift", Split::ALL_GREEN)).await.unwrap_err();
    assert_eq!(full.retry(), Retry::After(Duration::from_mins(1)), "{full:?}");
    assert!(shop.writes().is_empty());
}

#[tokio::test]
async fn a_job_that_hangs_ends_as_unknown_within_its_limit() {
    let setup = VercelSetup::default().with_delays(Duration::ZERO, Duration::from_hours(1));
    let shop = Shop::with(setup).await;
    let book = Logbook::in_memory();
    shop.keep(&book).await;
    let short = options(&shop.standin).with_patience(super::LONG, POLL, Duration::from_millis(80), SETTLE);
    let traffic = WithLogbook::new(VercelPromote::new(VercelClient::new(short).unwrap()), book);
    let unknown = traffic.apply(&change("shift", Split::ALL_GREEN)).await.unwrap_err();
    let SwitchError::Unconfirmed { source: Some(source), .. } = unknown else { panic!("{unknown:?}") };
    assert_eq!(source.to_string(), format!("the promote to {} is pending", shop.green));
    shop.standin.pass(Duration::from_hours(2));
    traffic.apply(&change("shift", Split::ALL_GREEN)).await.unwrap();
    assert_eq!(shop.writes().len(), 1, "it was found and followed");
}

#[tokio::test]
async fn a_drain_counts_nothing_and_says_so() {
    let traffic = Shop::open().await.promoting(Logbook::in_memory()).await;
    // The stand-in is gone by now, and a drain of the idle slot still has to read first.
    assert!(traffic.drain(Slot::Green, Duration::ZERO).await.is_err());
    let shop = Shop::open().await;
    let traffic = shop.promoting(Logbook::in_memory()).await;
    let drained = traffic.drain(Slot::Green, Duration::ZERO).await.unwrap();
    assert_eq!(drained, Drained::Assumed { waited: Duration::ZERO });
}
