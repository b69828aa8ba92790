//! Each error as an operator reads it: message, causes, hint, and what may be done next.

use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

use handover_core::{Fence, Hint};
use handover_traffic::{Feature, Revision, Route, Split, SwitchError};

fn shown(error: &SwitchError) -> String {
    let mut text = format!("error: {error}\n");
    let mut cause = error.source();
    while let Some(because) = cause {
        writeln!(text, "  because: {because}").unwrap();
        cause = because.source();
    }
    if let Some(hint) = error.hint() {
        writeln!(text, "hint: {hint}").unwrap();
    }
    writeln!(text, "retry: {:?}", error.retry()).unwrap();
    text
}

fn every_variant() -> Vec<SwitchError> {
    let backend = "railway";
    let tenth = Split::from_green_bps(1_000).unwrap();
    let source = || Some("connection reset by peer".into());
    vec![
        SwitchError::Conflict { expected: Revision::new(4), found: Revision::new(7) },
        SwitchError::Fenced { offered: Fence::new(2), seen: Fence::new(3) },
        SwitchError::Unsupported { backend, feature: Feature::Weight(Route::serve(tenth).split) },
        SwitchError::Unsupported { backend, feature: Feature::Hold },
        SwitchError::Refused { backend, source: "no such service".into() },
        SwitchError::Throttled { backend, after: Duration::from_secs(30) },
        SwitchError::Unreachable { backend, source: "connection refused".into() },
        SwitchError::Unconfirmed { backend, after: Duration::from_secs(5), source: source() },
        SwitchError::Unconfirmed { backend, after: Duration::from_secs(5), source: None },
    ]
}

#[test]
fn every_error_says_what_happened_why_and_what_to_do() {
    let text: Vec<String> = every_variant().iter().map(shown).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn a_source_is_a_cause_and_is_not_repeated_in_the_message() {
    for error in every_variant() {
        if let Some(source) = error.source() {
            assert!(!error.to_string().contains(&source.to_string()), "{error}");
        }
    }
}

#[tokio::test]
async fn the_models_own_refusals_name_the_reason() {
    use handover_core::{OpId, Slot};
    use handover_traffic::{InMemory, TrafficSwitcher, TrafficSwitcherExt};

    let traffic = InMemory::new();
    let in_use = traffic.drain(Slot::Blue, Duration::ZERO).await.unwrap_err();
    traffic.shift_to(Split::ALL_GREEN, OpId::new("shift")).await.unwrap();
    let reused = traffic.shift_to(Split::ALL_BLUE, OpId::new("shift")).await.unwrap_err();
    insta::assert_snapshot!([in_use, reused].iter().map(shown).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_share_above_the_whole_is_refused_with_both_numbers() {
    insta::assert_snapshot!(Split::from_green_bps(10_001).unwrap_err(), @"10001 basis points is more than the whole (10000)");
}
