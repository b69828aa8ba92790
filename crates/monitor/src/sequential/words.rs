//! The sentences a verdict gives as its reason.

use std::time::Duration;

use super::block::Arm;
use super::bounds::quantile_codes;
use super::{SequentialAnalysis, share};
use crate::LatencyCode;
use crate::say::{grouped, percent, time};

/// Beyond this an evidence is only called overwhelming: nobody reads twenty digits.
const READABLE: f64 = 20.7;

/// The chance of such evidence against a candidate that is no worse.
pub(super) fn surely(log_e: f64, attributed: bool) -> String {
    let no_worse = if attributed { "no worse" } else { "within the limit" };
    if log_e > READABLE {
        return format!("were it {no_worse}, this would come up less than once in a billion releases");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a billion")]
    let once = log_e.exp() as u64;
    format!("were it {no_worse}, this would come up in fewer than one of {} releases", grouped(once))
}

pub(super) fn failing(judge: &SequentialAnalysis, attributed: bool) -> String {
    let (candidate, stable) = (judge.recent.candidate(), judge.recent.stable());
    let within = time(judge.recent.lasted());
    let failed = failures("candidate", candidate);
    if !attributed {
        let limit = percent(judge.limits.max_error_rate);
        return format!("{failed} in {within}, over the limit of {limit}; {ALONE}");
    }
    let odds = match judge.beside.likelihood.interval(0.05) {
        (Some(low), Some(high)) => format!(", {low:.1} to {high:.0} times the odds"),
        (Some(low), None) => format!(", over {low:.1} times the odds"),
        _ => String::new(),
    };
    format!(
        "{failed} in {within}, beside {} of {} of stable's ({}){odds}",
        stable.errors,
        stable.n,
        rate(stable)
    )
}

pub(super) fn late(judge: &SequentialAnalysis) -> String {
    let limit = judge.limits.max_p95;
    let of = |code: Option<LatencyCode>| code.map_or_else(|| "unknown".into(), |code| time(code.value()));
    let candidate = of(judge.recent.candidate().p95(limit));
    let stable =
        if judge.alone() { judge.past.and_then(|past| past.p95) } else { judge.recent.stable().p95(limit) };
    let then = if judge.alone() { " before it had all traffic" } else { "" };
    let ratio = judge.slower().map_or(0.0, |(ratio, _)| ratio);
    let within = match quantile_codes(&judge.recent.candidate().hist, 0.95, 0.05) {
        (Some(low), Some(high)) => format!(" ({} to {})", time(low.high()), time(high.high())),
        (Some(low), None) => format!(" (over {})", time(low.high())),
        _ => String::new(),
    };
    format!("the candidate's p95 of {candidate}{within} is {ratio:.1} times stable's {}{then}", of(stable))
}

pub(super) fn slow(judge: &SequentialAnalysis, attributed: bool) -> String {
    let candidate = judge.recent.candidate();
    let limit = time(judge.limits.max_p95);
    let slow = candidate.slow.min(candidate.seen());
    let waiting = match candidate.waiting {
        0 => String::new(),
        waiting => format!(", {waiting} without an answer when counted"),
    };
    let stable = judge.recent.stable();
    let beside = if attributed {
        let slow = stable.slow.min(stable.seen());
        format!("; stable: {slow} of {} ({})", stable.seen(), percent(share(slow, stable.seen())))
    } else {
        format!("; {ALONE}")
    };
    format!(
        "{slow} of {} candidate requests took longer than {limit} ({}, where a p95 allows 5.0 %){waiting}{beside}",
        candidate.seen(),
        percent(share(slow, candidate.seen()))
    )
}

pub(super) fn hanging(judge: &SequentialAnalysis) -> String {
    // A block of which the candidate completes nothing never ends, so the open one counts as well.
    let completed = |recent: &Arm, open: &Arm| recent.n.saturating_add(open.n);
    let candidate = completed(judge.recent.candidate(), &judge.block.candidate);
    let stable = completed(judge.recent.stable(), &judge.block.stable);
    let wanted = f64::from(judge.route.bps.unwrap_or(0)) / 10_000.0;
    let all = candidate.saturating_add(stable);
    format!(
        "the candidate completed {candidate} of {all} requests ({}), where its share is {}: it hangs or drops the others",
        percent(share(candidate, all)),
        percent(wanted)
    )
}

pub(super) fn silent(seen: u64, silent: Duration, elapsed: Duration) -> String {
    match seen {
        0 if elapsed.is_zero() => "nothing was observed yet".into(),
        0 => format!("no candidate request in {}", time(elapsed)),
        _ => format!("no candidate request for {}", time(silent)),
    }
}

pub(super) fn too_few(seen: u64, needed: u64) -> String {
    format!("{seen} of the {needed} candidate requests needed to call it healthy")
}

pub(super) fn incident(candidate: &Arm, stable: &Arm, lasted: Duration, alone: bool) -> String {
    let failed = format!("{} in {}", failures("candidate", candidate), time(lasted));
    if alone {
        return format!("{failed}, which is not yet told from chance; {ALONE}");
    }
    format!("{failed}, and stable suffers too: {} of {} ({})", stable.errors, stable.n, rate(stable))
}

pub(super) fn slower(ratio: f64, judge: &SequentialAnalysis) -> String {
    format!(
        "the candidate is provably slower: a p95 {ratio:.1} times stable's, below the limit of {:.1} times",
        judge.limits.max_p95_ratio
    )
}

pub(super) fn well(proven: bool, judge: &SequentialAnalysis) -> String {
    let how = if proven { "proven" } else { "so far" };
    let limit = judge.limits.max_p95;
    let total = judge.total.candidate;
    let p95 = judge.recent.candidate().p95(limit).map(LatencyCode::value);
    let (stable, word) = if judge.alone() {
        (judge.past.and_then(|past| past.p95), "after")
    } else {
        (judge.recent.stable().p95(limit), "beside")
    };
    let p95 = match (p95, stable.map(LatencyCode::value)) {
        (Some(p95), Some(stable)) => format!(", p95 {} {word} stable's {}", time(p95), time(stable)),
        (Some(p95), None) => format!(", p95 {}", time(p95)),
        (None, _) => String::new(),
    };
    format!(
        "the limits hold, {how}: {} of {} candidate requests failed ({}){p95}",
        total.1,
        total.0,
        percent(share(total.1, total.0))
    )
}

const ALONE: &str = "all traffic is the candidate's, so there is no stable traffic to compare with";

fn failures(who: &str, arm: &Arm) -> String {
    format!("{} of {} {who} requests failed ({})", arm.errors, arm.n, rate(arm))
}

fn rate(arm: &Arm) -> String {
    percent(share(arm.errors, arm.n))
}
