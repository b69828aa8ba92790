//! What holds for every history of windows.

use std::time::Duration;

use handover_monitor::{
    Action, Analysis, ArmWindow, SequentialAnalysis, SequentialLimits, ThresholdAnalysis, ThresholdLimits,
    Verdict, WindowPair,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::sim::{counts, pair};

fn arm(most: u64) -> impl Strategy<Value = ArmWindow> {
    (0..=most, 0.0f64..1.0, 0.0f64..0.3, 0u64..3).prop_map(|(n, errors, over, in_flight_over)| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "small"
        )]
        let part = |share: f64| (share * share * n as f64) as u64;
        ArmWindow { over: part(over), in_flight_over, ..counts(n, part(errors)) }
    })
}

fn history() -> impl Strategy<Value = Vec<WindowPair>> {
    let bps = prop_oneof![Just(1_000u16), Just(5_000), Just(10_000)];
    (bps, vec((arm(30), arm(60)), 1..30)).prop_map(|(bps, windows)| {
        let numbered = (1u64..).zip(windows);
        numbered.map(|(seq, (candidate, stable))| pair(seq, bps, candidate, stable)).collect()
    })
}

/// An analysis that looks back five seconds: twenty windows, so that the older ones of a history leave it.
fn short_sighted() -> ThresholdAnalysis {
    ThresholdAnalysis::new(ThresholdLimits::default().with_horizon(Duration::from_secs(5)))
}

fn judged(windows: &[WindowPair]) -> Verdict {
    judged_by(ThresholdAnalysis::new(ThresholdLimits::default()), windows)
}

fn judged_by_evidence(windows: &[WindowPair]) -> Verdict {
    judged_by(SequentialAnalysis::new(SequentialLimits::default()), windows)
}

fn judged_by<'a>(mut analysis: impl Analysis, windows: impl IntoIterator<Item = &'a WindowPair>) -> Verdict {
    for pair in windows {
        analysis.observe(pair);
    }
    analysis.verdict()
}

proptest! {
    #[test]
    fn more_candidate_errors_never_make_a_rollback_milder(windows in history(), at: prop::sample::Index, more in 1u64..20) {
        let mut worse = windows.clone();
        let at = at.index(worse.len());
        let arm = &mut worse[at].candidate;
        arm.errors = (arm.errors + more).min(arm.n);
        for judge in [judged, judged_by_evidence] {
            let (before, after) = (judge(&windows), judge(&worse));
            if before.action == Action::RollBack {
                prop_assert_eq!(after.action, Action::RollBack, "{} became {}", before.reason, after.reason);
            }
            if before.action == Action::Wait {
                prop_assert_ne!(after.action, Action::Promote);
            }
        }
    }

    #[test]
    fn evidence_cut_in_two_and_merged_is_the_evidence_of_all_requests(windows in history(), at: prop::sample::Index) {
        let (early, late) = windows.split_at(at.index(windows.len()));
        let watched = |windows: &[WindowPair]| {
            let mut analysis = SequentialAnalysis::new(SequentialLimits::default());
            for pair in windows {
                analysis.observe(pair);
            }
            analysis
        };
        let (mut one, mut other) = (watched(early), watched(late));
        other.merge(&watched(early));
        one.merge(&watched(late));
        let (one, other) = (one.verdict(), other.verdict());
        prop_assert_eq!(one.evidence.candidate_n, judged_by_evidence(&windows).evidence.candidate_n);
        let log_e = |verdict: &Verdict| verdict.evidence.odds.expect("sequential").log_e;
        prop_assert!((log_e(&one) - log_e(&other)).abs() < 1e-6, "{} and {}", one.reason, other.reason);
    }

    #[test]
    fn the_same_window_twice_is_once(windows in history(), again in vec(any::<prop::sample::Index>(), 0..10)) {
        let twice = windows.iter().chain(again.iter().map(|index| index.get(&windows)));
        prop_assert_eq!(judged_by(short_sighted(), twice), judged_by(short_sighted(), &windows));
    }

    #[test]
    fn the_order_of_windows_does_not_matter((windows, shuffled) in history().prop_flat_map(|windows| {
        (Just(windows.clone()), Just(windows).prop_shuffle())
    })) {
        prop_assert_eq!(judged(&shuffled), judged(&windows));
    }

    #[test]
    fn nor_does_it_where_windows_grow_old_and_the_split_changes(
        (windows, shuffled) in vec((arm(9), arm(9), prop_oneof![9 => Just(1_000u16), 1 => Just(5_000)]), 1..40)
            .prop_map(|windows| {
                let numbered = (1u64..).zip(windows);
                numbered.map(|(seq, (candidate, stable, bps))| pair(seq, bps, candidate, stable)).collect::<Vec<_>>()
            })
            .prop_flat_map(|windows| (Just(windows.clone()), Just(windows).prop_shuffle()))
    ) {
        prop_assert_eq!(judged_by(short_sighted(), &shuffled), judged_by(short_sighted(), &windows));
    }

    #[test]
    fn identical_arms_are_never_told_apart(windows in history()) {
        let same: Vec<_> = windows
            .into_iter()
            .map(|pair| WindowPair { stable: pair.candidate.clone(), candidate_bps: 5_000, ..pair })
            .collect();
        prop_assert_ne!(judged(&same).action, Action::RollBack);
        prop_assert_ne!(judged_by_evidence(&same).action, Action::RollBack);
    }

    #[test]
    fn impossible_counts_neither_panic_nor_promote(n in any::<u64>(), errors in any::<u64>(), over in any::<u64>(), lasted_ms in any::<u64>()) {
        let wild = ArmWindow { n, errors, over, in_flight_over: over, hist: counts(3, 0).hist };
        let windows: Vec<_> = (1..5)
            .map(|seq| WindowPair { lasted_ms, ..pair(seq, 1_000, wild.clone(), wild.clone()) })
            .collect();
        prop_assert_ne!(judged(&windows).action, Action::Promote);
    }

    #[test]
    fn a_verdict_reads_back_from_json(windows in history()) {
        let verdict = judged(&windows);
        for verdict in [verdict, judged_by_evidence(&windows)] {
            let json = serde_json::to_string(&verdict).expect("plain data");
            let back: Verdict = serde_json::from_str(&json).expect("own output");
            prop_assert_eq!(back.reason, verdict.reason);
        }
    }
}
