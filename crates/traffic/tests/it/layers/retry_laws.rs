//! What holds whatever befalls the calls.

use handover_traffic::layers::{Call, Mishap, Retry};
use proptest::prelude::*;
use tokio::time::Instant;

use super::*;

fn mishaps() -> impl Strategy<Value = Vec<Mishap>> {
    let any = prop_oneof![
        Just(Mishap::LostAck),
        Just(Mishap::LostRequest),
        Just(Mishap::ResetBefore),
        Just(Mishap::ResetAfter),
        Just(Mishap::Reorder),
        Just(Mishap::Partial),
        Just(Mishap::Refused),
        (0..4u64).prop_map(|secs| Mishap::Throttled(Duration::from_secs(secs))),
        (0..4u64).prop_map(|secs| Mishap::Delay(Duration::from_secs(secs))),
        (0..4u64).prop_map(|secs| Mishap::LateAck(Duration::from_secs(secs))),
    ];
    proptest::collection::vec(any, 0..6)
}

struct Ended {
    answer: Result<Observed, SwitchError>,
    calls: Vec<(&'static str, &'static str)>,
    in_force: Route,
    took: Duration,
}

/// One change over a path with these mishaps, on paused time.
fn change(applies: Vec<Mishap>, observes: Vec<Mishap>) -> Ended {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(async {
        let (backend, begun) = (InMemory::new(), Instant::now());
        let path = Fault::new(backend.clone()).with(Call::Apply, applies).with(Call::Observe, observes);
        let traffic = Retry::new(Noted::new(path)).with_budget(quick());
        let answer = traffic.apply(&to_green("shift")).await;
        let in_force = backend.observe().await.unwrap().route;
        Ended { answer, calls: traffic.inner().calls(), in_force, took: begun.elapsed() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn success_is_said_only_of_what_is_in_force(applies in mishaps(), observes in mishaps()) {
        let ended = change(applies, observes);
        if let Ok(seen) = ended.answer {
            prop_assert_eq!(seen.route, Route::serve(Split::ALL_GREEN));
            prop_assert_eq!(ended.in_force, seen.route);
        }
    }

    #[test]
    fn an_unknown_never_becomes_a_success_without_reading_back(applies in mishaps(), observes in mishaps()) {
        let ended = change(applies, observes);
        let lost = ended.calls.iter().rposition(|call| *call == ("apply", "unconfirmed"));
        if let (Ok(_), Some(lost)) = (&ended.answer, lost) {
            prop_assert!(ended.calls[lost..].contains(&("observe", "ok")), "{:?}", ended.calls);
        }
    }

    #[test]
    fn nothing_changed_is_said_only_when_nothing_did(applies in mishaps(), observes in mishaps()) {
        let ended = change(applies, observes);
        match &ended.answer {
            Ok(_) | Err(SwitchError::Unconfirmed { .. }) => {}
            Err(error) => {
                prop_assert_eq!(ended.in_force, Route::serve(Split::ALL_BLUE), "{:?}", error);
                prop_assert!(!ended.calls.contains(&("apply", "unconfirmed")), "{:?}", ended.calls);
            }
        }
    }

    #[test]
    fn neither_budget_is_overdrawn(applies in mishaps(), observes in mishaps()) {
        let ended = change(applies, observes);
        let applied = ended.calls.iter().filter(|(call, _)| *call == "apply").count();
        prop_assert!(applied <= 3, "{:?}", ended.calls);
        // The last attempt begins within the budget; it, and the look after it, may be delayed by 3 s.
        prop_assert!(ended.took <= 11 * SECOND, "{:?}", ended.took);
    }
}
