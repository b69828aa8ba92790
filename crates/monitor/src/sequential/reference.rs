//! The published reference values, computed by other means (`scipy`).

use serde_json::Value;

use super::bounds::{Likelihood, one_sample, quantile_codes};
use super::mixture::Mixture;
use super::odds::{above, below, tilt};
use super::{least_candidate_requests, least_requests};
use crate::LatencyCode;
use crate::histogram::Histogram;

/// `None`, said aloud, where the folder of contracts is not there.
#[expect(clippy::print_stderr, reason = "a test that was skipped says so")]
fn vectors() -> Option<Value> {
    let shared = std::env::var_os("HANDOVER_SHARED").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        std::path::PathBuf::from,
    );
    let path = shared.join("contracts/canary/vectors.json");
    let Ok(text) = std::fs::read(&path) else {
        eprintln!("skipped: no reference values at {}", path.display());
        return None;
    };
    Some(serde_json::from_slice(&text).expect("the reference values are JSON"))
}

fn float(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or_else(|| panic!("{key} of {value}"))
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("a count, not {value}"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("{key} is a list"))
}

fn near(ours: f64, theirs: f64, of: &Value) {
    assert!((ours - theirs).abs() < 1e-9, "{ours} is not {theirs} for {of}");
}

/// Candidate and stable of one window: (n, errors) each.
fn windows(case: &Value) -> Vec<[u64; 4]> {
    let window = |window: &Value| [0, 1, 2, 3].map(|at| count(&window[at]));
    list(case, "windows_ng_eg_nb_eb").iter().map(window).collect()
}

fn absorb(mixture: &mut Mixture, [n, errors, beside, failed]: [u64; 4]) {
    mixture.absorb(errors, errors + failed, super::share(n, n + beside), 1.0);
}

#[test]
fn the_primitive() {
    let Some(all) = vectors() else { return };
    for case in list(&all, "tilt") {
        let [k, m, s] = ["k", "m", "s"].map(|key| float(case, key));
        let log = tilt(k, m, s, float(case, "omega")) - tilt(k, m, s, float(case, "omega0"));
        near(log, float(case, "log_lr"), case);
    }
}

#[test]
fn two_arms() {
    let Some(all) = vectors() else { return };
    for case in list(&all, "two_sample") {
        let null = float(case, "theta0");
        let mut mixture = Mixture::single(null, above(null));
        let mut crossed = None;
        for (at, (window, wanted)) in windows(case).into_iter().zip(list(case, "log_e_trace")).enumerate() {
            absorb(&mut mixture, window);
            near(mixture.log_e(), wanted.as_f64().expect("a number"), case);
            if crossed.is_none() && mixture.log_e() >= 100f64.ln() {
                crossed = Some(at as u64);
            }
        }
        assert_eq!(crossed, case["first_cross_alpha_0_01"].as_u64());
    }
}

#[test]
fn copies_that_begin_later() {
    let Some(all) = vectors() else { return };
    for case in list(&all, "restart_mixture") {
        let (null, starts) = (float(case, "theta0"), count(&case["starts"]));
        let step = usize::try_from(count(&case["step_windows"])).expect("small");
        let mut mixture = Mixture::new(null, above(null));
        for (at, (window, wanted)) in windows(case).into_iter().zip(list(case, "log_e_trace")).enumerate() {
            if at % step == 0 && ((at / step) as u64) < starts {
                mixture.start(1.0 / crate::interval::wide(starts));
            }
            absorb(&mut mixture, window);
            near(mixture.log_e(), wanted.as_f64().expect("a number"), case);
        }
    }
}

#[test]
fn one_arm_against_a_limit() {
    let Some(all) = vectors() else { return };
    for case in list(&all, "one_sample") {
        let points = if case["direction"] == "above" { above(1.0) } else { below(1.0) };
        let (k, n) = (count(&case["k"]), count(&case["n"]));
        near(one_sample(k, n, float(case, "p0"), &points), float(case, "log_e"), case);
        let mut mixture = Mixture::single(1.0, points);
        mixture.absorb(k, n, float(case, "p0"), 1.0);
        near(mixture.log_e(), float(case, "log_e"), case);
    }
}

#[test]
fn bounds_of_a_quantile() {
    let Some(all) = vectors() else { return };
    for case in list(&all, "quantile_bounds") {
        let mut hist = Histogram::default();
        for (code, samples) in (0u16..).zip(list(case, "counts")) {
            hist.add_many(LatencyCode::try_from(code).expect("128 codes"), count(samples));
        }
        let (low, high) = quantile_codes(&hist, float(case, "q"), float(case, "alpha"));
        let index = |code: Option<LatencyCode>| code.map(|code| code.index() as u64);
        assert_eq!(index(high), case["hi_bucket"].as_u64(), "{case}");
        assert_eq!(index(low), case["lo_bucket"].as_u64(), "{case}");
    }
}

#[test]
fn the_interval_of_a_ratio() {
    let Some(all) = vectors() else { return };
    for case in list(&all, "ratio_interval") {
        let mut likelihood = Likelihood::new();
        for [n, errors, beside, failed] in windows(case) {
            likelihood.absorb(errors, errors + failed, super::share(n, n + beside), 1.0);
        }
        let (low, high) = likelihood.interval(float(case, "alpha"));
        for (ours, theirs) in [(low, &case["lo"]), (high, &case["hi"])] {
            assert_eq!(ours.is_some(), theirs.is_number(), "{case}");
            near(ours.unwrap_or(0.0), theirs.as_f64().unwrap_or(0.0), case);
        }
    }
}

#[test]
fn what_no_test_can_do_better() {
    let Some(all) = vectors() else { return };
    for case in list(&all, "kl_limits") {
        let [stable, candidate, share, alpha] = ["pb", "pg", "share", "alpha"].map(|key| float(case, key));
        let (both, alone) =
            (float(case, "two_sample_requests"), float(case, "known_baseline_green_requests"));
        near(least_requests(stable, candidate, share, alpha) / both, 1.0, case);
        near(least_candidate_requests(stable, candidate, alpha) / alone, 1.0, case);
    }
}
