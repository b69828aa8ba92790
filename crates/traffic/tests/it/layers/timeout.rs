use std::error::Error;

use handover_traffic::RequestKind;
use handover_traffic::layers::{Call, Mishap};

use super::*;

fn slow(call: Call, by: Mishap) -> Timeout<Fault<InMemory>> {
    Timeout::new(Fault::new(InMemory::new()).with(call, [by]), SECOND)
}

#[tokio::test(start_paused = true)]
async fn a_change_without_an_answer_is_unconfirmed_whether_or_not_it_was_made() {
    let late =
        [(Mishap::Delay(2 * SECOND), Split::ALL_BLUE), (Mishap::LateAck(2 * SECOND), Split::ALL_GREEN)];
    for (mishap, left) in late {
        let traffic = slow(Call::Apply, mishap);
        let said = traffic.apply(&to_green("shift")).await.unwrap_err();
        insta::allow_duplicates! {
            insta::assert_snapshot!(said, @"the backend did not confirm within 1s");
        }
        assert_eq!(traffic.observe().await.unwrap().route.split, left, "{mishap:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_without_an_answer_found_nobody() {
    let said = slow(Call::Observe, Mishap::Delay(2 * SECOND)).observe().await.unwrap_err();
    assert!(matches!(said, SwitchError::Unreachable { .. }), "{said:?}");
    insta::assert_snapshot!(said, @"the backend could not be reached");
    insta::assert_snapshot!(said.source().unwrap(), @"no answer within 1s");
}

#[tokio::test(start_paused = true)]
async fn a_drain_has_its_own_limit_and_the_bound_on_top() {
    let traffic = slow(Call::Drain, Mishap::Delay(SECOND / 2));
    let _open = traffic.inner().inner().open(Slot::Green, RequestKind::Stream);
    let drained = traffic.drain(Slot::Green, 5 * SECOND).await.unwrap();
    assert!(matches!(drained, Drained::TimedOut { streams: 1, .. }), "{drained:?}");
    traffic.inner().script(Call::Drain, [Mishap::Delay(60 * SECOND)]);
    let said = traffic.drain(Slot::Green, 5 * SECOND).await.unwrap_err();
    insta::assert_snapshot!(said, @"the backend did not confirm within 6s");
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_time_is_passed_on() {
    let traffic = slow(Call::Apply, Mishap::Delay(SECOND / 2));
    assert_eq!(traffic.apply(&to_green("shift")).await.unwrap().route.split, Split::ALL_GREEN);
}
