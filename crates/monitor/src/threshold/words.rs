//! The sentences a verdict gives as its reason.

use super::horizon::Stretch;
use super::limits::ThresholdLimits;
use super::tally::{Rule, Tally, share};
use crate::histogram::Bounds;
use crate::say::{percent, time};

const ALONE: &str = "all traffic is the candidate's, so there is no stable traffic to compare with";

pub(super) fn breach(
    rule: Rule,
    stretch: &Stretch,
    p95: Option<Bounds>,
    limits: &ThresholdLimits,
    alone: bool,
) -> String {
    let beside = if alone { ALONE.to_owned() } else { format!("stable: {}", counted(rule, &stretch.stable)) };
    let over = match rule {
        Rule::Errors => format!("over the limit of {}", percent(limits.max_error_rate)),
        Rule::Slow => slow(stretch, p95, limits),
    };
    format!("{} in {}, {over}; {beside}", candidate(rule, &stretch.candidate, limits), time(stretch.lasted))
}

/// Why a share of slow requests breaks a p95 limit.
fn slow(stretch: &Stretch, p95: Option<Bounds>, limits: &ThresholdLimits) -> String {
    let waiting = match stretch.candidate.waiting {
        0 => String::new(),
        waiting => format!(", {waiting} without an answer when counted"),
    };
    match p95 {
        Some(p95) if p95.value > limits.max_p95 => format!("p95 {}{waiting}", time(p95.value)),
        _ => format!("where a p95 allows 5.0 %{waiting}"),
    }
}

pub(super) fn ratio(
    candidate: Bounds,
    stable: Bounds,
    ratio: f64,
    limits: &ThresholdLimits,
    alone: bool,
) -> String {
    let then = if alone { " before it had all traffic" } else { "" };
    format!(
        "the candidate's p95 of {} is {ratio:.1} times stable's {}{then}, over the limit of {:.1}",
        time(candidate.value),
        time(stable.value),
        limits.max_p95_ratio
    )
}

pub(super) fn shared(rule: Rule, stretch: &Stretch, limits: &ThresholdLimits) -> String {
    let (candidate, stable) = (candidate(rule, &stretch.candidate, limits), counted(rule, &stretch.stable));
    format!("{candidate} in {}, and stable suffers alike: {stable}", time(stretch.lasted))
}

pub(super) fn suspect(rule: Rule, stretch: &Stretch, limits: &ThresholdLimits) -> String {
    let candidate = candidate(rule, &stretch.candidate, limits);
    let limit = percent(rule.limit(limits));
    format!(
        "{candidate} in {}, over {limit}, but that is too little to tell it from chance",
        time(stretch.lasted)
    )
}

pub(super) fn too_few(whole: &Stretch, limits: &ThresholdLimits) -> String {
    match whole.candidate.seen() {
        0 if whole.windows == 0 => "nothing was observed yet".to_owned(),
        0 => format!("no candidate request in {}", time(whole.lasted)),
        seen => format!("{seen} of the {} candidate requests needed to judge", limits.min_requests),
    }
}

pub(super) fn held(
    how: &str,
    whole: &Stretch,
    candidate: Option<Bounds>,
    stable: Option<Bounds>,
    alone: bool,
) -> String {
    let tally = &whole.candidate;
    let failed = format!("{} of {} candidate requests failed", tally.errors, tally.n);
    let p95 = candidate.map_or_else(String::new, |p95| format!(", p95 {}", time(p95.value)));
    let beside = match (stable, alone) {
        (Some(stable), false) => format!(" beside stable's {}", time(stable.value)),
        (Some(stable), true) => format!(" after stable's {}", time(stable.value)),
        (None, _) => String::new(),
    };
    let beside = if p95.is_empty() { String::new() } else { beside };
    format!("the limits hold, {how}: {failed} ({}){p95}{beside}", percent(share(tally.errors, tally.n)))
}

fn candidate(rule: Rule, tally: &Tally, limits: &ThresholdLimits) -> String {
    let (bad, of) = rule.count(tally);
    let did = match rule {
        Rule::Errors => "failed".to_owned(),
        Rule::Slow => format!("took longer than {}", time(limits.max_p95)),
    };
    format!("{bad} of {of} candidate requests {did} ({})", percent(share(bad, of)))
}

fn counted(rule: Rule, tally: &Tally) -> String {
    match rule.count(tally) {
        (_, 0) => "no request".to_owned(),
        (bad, of) => format!("{bad} of {of} ({})", percent(share(bad, of))),
    }
}
