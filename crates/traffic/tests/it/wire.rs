//! How changes and observations look as JSON: other programs, and older versions of this one, read them.

use std::fmt::Debug;
use std::time::Duration;

use handover_core::{BySlot, Fence, OpId, Timestamp};
use handover_traffic::{
    Capabilities, Change, DrainSupport, Drained, Expected, InFlight, Observed, Proof, Revision, Route, Split,
    Weights,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn json<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> String {
    let text = serde_json::to_string_pretty(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value, "what was written is what is read");
    text
}

#[test]
fn a_change_is_written_whole() {
    let tenth = Split::from_green_bps(1_000).unwrap();
    let (op, fence) = (OpId::new("run 7, shift 10 %"), Fence::new(3));
    let held = Route::hold(tenth, Timestamp::from_unix_millis(1_790_000_000_000));
    let planned = Change { route: Route::serve(tenth), expected: Expected::Any, op, fence };
    let guarded = Change { route: held, expected: Expected::Revision(Revision::new(4)), ..planned.clone() };
    insta::assert_snapshot!(format!("{}\n{}", json(&planned), json(&guarded)));
}

#[test]
fn what_was_observed_is_written_with_what_is_not_known_as_null() {
    let full = Observed {
        route: Route::serve(Split::ALL_GREEN),
        revision: Revision::new(5),
        last_op: Some(OpId::new("promote")),
        fence: Some(Fence::new(3)),
        in_flight: Some(BySlot {
            blue: InFlight { streams: 2, ..InFlight::default() },
            green: InFlight::default(),
        }),
        served: Some(BySlot { blue: 10, green: 90 }),
        moving: false,
    };
    let bare = Observed { last_op: None, fence: None, in_flight: None, served: None, ..full.clone() };
    insta::assert_snapshot!(format!("{}\n{}", json(&full), json(&bare)));
}

#[test]
fn each_kind_of_drain_proof_and_claim_has_its_own_tag() {
    let waited = Duration::from_millis(1_500);
    let drained = [
        Drained::Clean { waited },
        Drained::TimedOut { requests: 1, streams: 2, upgrades: 3 },
        Drained::Assumed { waited },
    ];
    let proofs = [
        Proof::Accepted,
        Proof::ReadBack,
        Proof::Probed { probes: 20, hits: 19 },
        Proof::Counted { moved: 1_000 },
    ];
    let can = Capabilities::new(Weights::Stages { shares: vec![1_000, 5_000] })
        .with_atomic()
        .with_drain(DrainSupport::Timed { bound: waited });
    let lines = drained.iter().map(json).chain(proofs.iter().map(json)).chain([json(&can)]);
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}
