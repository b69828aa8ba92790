//! The contracts of journal, order book and lease, on each implementation.

use std::sync::Arc;

use handover_core::Fence;
use handover_runbook::{
    Body, Ending, InMemoryJournal, InMemoryLease, Journal, JournalError, LEASE_TTL, Lease, LeaseError, Order,
    Orders, SqliteStore, StepName,
};
use serde_json::json;

use crate::support::run_id;

async fn on_each(law: impl AsyncFn(Arc<dyn Journal>, Arc<dyn Orders>)) {
    let memory = Arc::new(InMemoryJournal::new());
    law(memory.clone(), memory).await;
    let dir = tempfile::tempdir().unwrap();
    let file = Arc::new(SqliteStore::open(dir.path().join("journal.db")).await.unwrap());
    law(file.clone(), file).await;
}

fn noted(note: u64) -> Body {
    Body::Noted { step: StepName::new("s"), note: json!(note) }
}

fn sealed() -> Body {
    Body::Sealed { plan: json!({ "to": "v2", "share": 0.1 }) }
}

#[tokio::test]
async fn what_was_appended_is_read_back_from_any_place() {
    on_each(async |journal, _| {
        let mut written = Vec::new();
        for (seq, body) in [sealed(), noted(1), noted(2)].into_iter().enumerate() {
            written.push(journal.append(&run_id(), seq as u64, Fence::new(1), body).await.unwrap());
        }
        for from in 0..5 {
            let expected = written.get(from..).unwrap_or_default();
            assert_eq!(journal.read(&run_id(), from as u64).await.unwrap(), expected);
        }
        assert_eq!(journal.read(&"other".parse().unwrap(), 0).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_number_that_is_taken_or_leaves_a_gap_is_refused() {
    on_each(async |journal, _| {
        let run = run_id();
        journal.append(&run, 0, Fence::new(1), sealed()).await.unwrap();
        for wrong in [0, 2] {
            let refused = journal.append(&run, wrong, Fence::new(1), noted(0)).await;
            assert!(matches!(refused, Err(JournalError::Taken { seq, .. }) if seq == wrong));
        }
        assert_eq!(journal.read(&run, 0).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_lower_fence_than_the_last_is_refused() {
    on_each(async |journal, _| {
        let run = run_id();
        journal.append(&run, 0, Fence::new(5), sealed()).await.unwrap();
        let refused = journal.append(&run, 1, Fence::new(4), noted(0)).await;
        assert!(matches!(refused, Err(JournalError::Fenced { .. })));
        journal.append(&run, 1, Fence::new(5), noted(0)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn nothing_follows_an_ending() {
    on_each(async |journal, _| {
        let run = run_id();
        journal.append(&run, 0, Fence::ZERO, sealed()).await.unwrap();
        journal.append(&run, 1, Fence::ZERO, Body::Ended { ending: Ending::Done }).await.unwrap();
        let refused = journal.append(&run, 2, Fence::new(9), noted(0)).await;
        assert!(matches!(refused, Err(JournalError::Over { .. })));
    })
    .await;
}

#[tokio::test]
async fn runs_are_listed_with_plan_and_ending_the_latest_first() {
    on_each(async |journal, orders| {
        let (old, new) = ("old".parse().unwrap(), "new".parse().unwrap());
        orders.give(&"unborn".parse().unwrap(), Order::Pause, "ana").await.unwrap();
        journal.append(&old, 0, Fence::ZERO, sealed()).await.unwrap();
        let ending = Ending::Stuck { why: "no way".into() };
        journal.append(&old, 1, Fence::ZERO, Body::Ended { ending: ending.clone() }).await.unwrap();
        wait_a_millisecond().await;
        journal.append(&new, 0, Fence::ZERO, sealed()).await.unwrap();
        let runs = journal.runs().await.unwrap();
        let seen: Vec<_> = runs.iter().map(|run| (run.run.as_str(), run.ending.clone())).collect();
        assert_eq!(seen, [("new", None), ("old", Some(ending))]);
        assert_eq!(runs[1].plan, json!({ "to": "v2", "share": 0.1 }));
        assert!(runs[1].began <= runs[1].last);
        let checked = journal.verify().await.unwrap();
        assert_eq!((checked.runs, checked.records), (2, 3));
    })
    .await;
}

/// Until the wall clock shows another millisecond, so that the order of two records is visible.
async fn wait_a_millisecond() {
    let now = handover_core::Timestamp::now();
    while handover_core::Timestamp::now() == now {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn of_many_writers_at_once_exactly_one_gets_the_number() {
    on_each(async |journal, _| {
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let journal = Arc::clone(&journal);
                tokio::spawn(async move { journal.append(&run_id(), 0, Fence::ZERO, noted(writer)).await })
            })
            .collect();
        let mut written = 0;
        for writer in writers {
            match writer.await.unwrap() {
                Ok(_) => written += 1,
                Err(error) => assert!(matches!(error, JournalError::Taken { .. }), "{error:?}"),
            }
        }
        assert_eq!(written, 1);
    })
    .await;
}

#[tokio::test]
async fn orders_are_numbered_and_read_once_past_the_last() {
    on_each(async |_, orders| {
        let run = run_id();
        let given = [Order::Pause, Order::TurnBack { verb: "abort".into(), reason: None }, Order::Approve];
        for (i, order) in given.iter().enumerate() {
            assert_eq!(orders.give(&run, order.clone(), "ana").await.unwrap(), i as u64 + 1);
        }
        let rest = orders.after(&run, 1).await.unwrap();
        let rest: Vec<_> = rest.into_iter().map(|o| (o.number, o.order, o.by)).collect();
        assert_eq!(rest, [(2, given[1].clone(), "ana".into()), (3, given[2].clone(), "ana".into())]);
        assert_eq!(orders.after(&"other".parse().unwrap(), 0).await.unwrap(), []);
    })
    .await;
}

/// The laws that need no clock; `a` and `b` are two would-be holders of one lease.
async fn lease_laws(a: &dyn Lease, b: &dyn Lease) {
    assert_eq!(a.show().await.unwrap(), None);
    let first = a.acquire(false).await.unwrap();
    let Err(LeaseError::Held(by)) = b.acquire(false).await else { panic!("two hold it") };
    assert_eq!((by.holder.as_str(), by.fence, by.pid), ("a", first.fence, std::process::id()));
    assert!(by.left <= LEASE_TTL && !by.left.is_zero());
    assert_eq!(a.renew(&first).await.unwrap().fence, first.fence);

    let second = b.acquire(true).await.unwrap();
    assert!(second.fence > first.fence);
    assert!(matches!(a.renew(&first).await, Err(LeaseError::Lost { fence }) if fence == first.fence));
    a.release(first).await.unwrap();
    assert_eq!(b.show().await.unwrap().map(|held| held.fence), Some(second.fence), "a stranger released it");

    b.release(second.clone()).await.unwrap();
    assert_eq!(b.show().await.unwrap(), None);
    assert!(matches!(b.renew(&second).await, Err(LeaseError::Lost { .. })));
    assert!(a.acquire(false).await.unwrap().fence > second.fence, "a fence was given out twice");
}

#[tokio::test]
async fn a_lease_has_one_holder_and_a_fence_that_grows() {
    let a = InMemoryLease::new("a");
    lease_laws(&a, &a.holder("b")).await;
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path().join("journal.db")).await.unwrap();
    lease_laws(&store.lease("a"), &store.lease("b")).await;
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_ran_out_is_free_and_is_not_renewed() {
    let a = InMemoryLease::new("a");
    let held = a.acquire(false).await.unwrap();
    tokio::time::advance(LEASE_TTL).await;
    assert_eq!(a.show().await.unwrap(), None);
    assert!(matches!(a.renew(&held).await, Err(LeaseError::Lost { .. })));
    a.holder("b").acquire(false).await.unwrap();
}
