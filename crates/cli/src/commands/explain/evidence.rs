//! What a decision rests on, read from the journal's own JSON: in sentences, numbers included.

use std::time::Duration;

use handover_monitor::{Action, Metric, Odds, Verdict};
use handover_rollout::ViewLine;
use serde_json::Value;

use crate::output::{count, percent_of, seconds, short_duration};

/// The parts of the evidence that are known here; anything else is shown as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Evidence {
    /// What the judge said.
    pub(super) verdict: Option<Verdict>,
    /// What a release logged last.
    pub(super) log: Vec<String>,
    /// How long the stage had lasted.
    pub(super) stage: Option<Duration>,
    /// How the service looked from outside, view by view.
    views: Vec<String>,
    /// What is none of these.
    pub(super) other: Option<String>,
}

impl Evidence {
    /// Reads what it can; never fails.
    pub(super) fn read(value: &Value) -> Self {
        let verdict = value.get("verdict").unwrap_or(value);
        let verdict: Option<Verdict> = serde_json::from_value(verdict.clone()).ok();
        let lines = value.get("log").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let log: Vec<String> = lines.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let stage = value.get("stage_seconds").and_then(Value::as_f64);
        let views = views(value);
        let known = verdict.is_some() || !log.is_empty() || !views.is_empty() || value.is_null();
        Self {
            other: (!known).then(|| order(value).unwrap_or_else(|| value.to_string())),
            verdict,
            log,
            views,
            stage: stage.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        }
    }

    /// Users' requests that the candidate answered with an error, as far as the judge counted.
    pub(super) fn harmed(&self) -> Option<u64> {
        let verdict = self.verdict.as_ref().filter(|verdict| verdict.action == Action::RollBack);
        verdict.map(|verdict| verdict.evidence.candidate_errors)
    }

    /// The numbers as sentences.
    pub(super) fn sentences(&self) -> Vec<String> {
        let mut said = self.numbers();
        said.extend(self.views.iter().cloned());
        said
    }

    fn numbers(&self) -> Vec<String> {
        let Some(Verdict { metric, evidence, .. }) = &self.verdict else {
            return self.other.iter().cloned().collect();
        };
        let arm = |name: &str, n: u64, errors: u64, p95: Option<f64>| {
            let p95 = p95.map_or_else(|| "too few for a p95".into(), |p95| format!("p95 {}", seconds(p95)));
            format!(
                "{name} answered {} requests, {} of them with an error ({}), {p95}",
                count(n),
                count(errors),
                percent_of(errors, n)
            )
        };
        let mut said = vec![arm(
            "the candidate",
            evidence.candidate_n,
            evidence.candidate_errors,
            evidence.candidate_p95,
        )];
        said.push(match (evidence.attributed, evidence.stable_n) {
            (false, 0) => "there was no stable traffic to compare with".into(),
            _ => arm("stable", evidence.stable_n, evidence.stable_errors, evidence.stable_p95),
        });
        said.extend(evidence.limit.map(|limit| format!("the limit is {}", limit_of(*metric, limit))));
        said.extend(evidence.odds.iter().flat_map(|odds| surely(odds, evidence.attributed)));
        said
    }
}

/// How each view saw the service.
fn views(value: &Value) -> Vec<String> {
    let lines =
        value.get("views").and_then(|views| serde_json::from_value::<Vec<ViewLine>>(views.clone()).ok());
    lines.unwrap_or_default().iter().map(view).collect()
}

fn view(line: &ViewLine) -> String {
    let class = line.class.map(|class| format!(" ({class})")).unwrap_or_default();
    let p95 = line.p95_ms.map(|millis| format!(", p95 {}", short_duration(Duration::from_millis(millis))));
    let counts = if line.counts { "" } else { "; it does not count, not having been up before the switch" };
    let (name, standing, p95) = (&line.name, line.standing.as_str(), p95.unwrap_or_default());
    format!("{name}: {standing}{class}, asked {} times{p95}{counts}", count(line.checks))
}

/// An order that a person gave, or the agent in their stead.
fn order(value: &Value) -> Option<String> {
    let (number, by) = (value.get("order")?.as_u64()?, value.get("by")?.as_str()?);
    let verb = value.get("verb")?.as_str()?;
    Some(format!("order {number} of the run, `{verb}`, given by {by}"))
}

/// How sure it is: the interval of the odds, and how often luck alone would show as much.
fn surely(odds: &Odds, attributed: bool) -> Vec<String> {
    let times = |end: f64| rounded(end).to_string();
    let ratio = match odds.ratio {
        (Some(low), Some(high)) => Some(format!("between {} and {}", times(low), times(high))),
        (Some(low), None) => Some(format!("at least {}", times(low))),
        (None, Some(high)) => Some(format!("at most {}", times(high))),
        (None, None) => None,
    };
    let ratio = ratio
        .map(|times| format!("its odds of failing are {times} times those of stable, with 95 % confidence"));
    let null = if attributed { "no worse than stable" } else { "within the limits" };
    let luck = (odds.log_e >= odds.needed).then(|| {
        let once = odds.log_e.min(BILLION.ln()).exp();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a billion")]
        let once = count(once as u64);
        let needed = odds.needed.exp().round();
        format!("were it {null}, at most one of {once} releases would ever show as much; one of {needed} is acted on")
    });
    ratio.into_iter().chain(luck).collect()
}

/// Nobody needs to be surer, or could check it.
const BILLION: f64 = 1e9;

/// A limit in the unit of its metric.
fn limit_of(metric: Metric, limit: f64) -> String {
    match metric {
        Metric::ErrorRate => format!("{} % of the requests failing", rounded(limit * 100.0)),
        Metric::P95 => format!("a p95 of {}", seconds(limit)),
        Metric::P95Ratio => format!("{} times the p95 of stable", rounded(limit)),
        Metric::Completions => format!("{} % of the requests", rounded(limit * 100.0)),
        Metric::Traffic => format!("{} requests", rounded(limit)),
    }
}

/// Two decimals at most.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use handover_monitor::Evidence as Counts;
    use serde_json::json;

    use super::*;

    fn verdict(metric: Metric, limit: f64) -> Value {
        let evidence = Counts {
            candidate_n: 402,
            candidate_errors: 81,
            stable_n: 3_600,
            stable_errors: 2,
            candidate_p95: Some(0.031),
            stable_p95: Some(0.030),
            limit: Some(limit),
            attributed: true,
            odds: None,
        };
        let verdict = Verdict { action: Action::RollBack, metric, reason: "errors".into(), evidence };
        serde_json::to_value(verdict).unwrap()
    }

    fn said(value: &Value) -> String {
        Evidence::read(value).sentences().join("\n")
    }

    #[test]
    fn the_numbers_of_a_verdict_are_sentences() {
        insta::assert_snapshot!(said(&verdict(Metric::ErrorRate, 0.05)), @"
        the candidate answered 402 requests, 81 of them with an error (20.1 %), p95 31ms
        stable answered 3,600 requests, 2 of them with an error (0.1 %), p95 30ms
        the limit is 5 % of the requests failing
        ");
        let wrapped = json!({ "verdict": verdict(Metric::P95, 0.5), "stage_seconds": 61.5 });
        let read = Evidence::read(&wrapped);
        assert_eq!((read.harmed(), read.stage), (Some(81), Some(Duration::from_millis(61_500))));
        insta::assert_snapshot!(read.sentences().last().unwrap(), @"the limit is a p95 of 500ms");
    }

    #[test]
    fn how_sure_it_is_is_said_as_odds() {
        let mut sure = verdict(Metric::ErrorRate, 0.05);
        sure["evidence"]["odds"] =
            json!({ "log_e": 9.2, "needed": 4.605_170_185_988_091, "ratio": [4.757, null] });
        let sentences = Evidence::read(&sure).sentences();
        insta::assert_snapshot!(sentences[3..].join("\n"), @"
        its odds of failing are at least 4.76 times those of stable, with 95 % confidence
        were it no worse than stable, at most one of 9,897 releases would ever show as much; one of 100 is acted on
        ");
        sure["evidence"]["odds"] =
            json!({ "log_e": 1e6, "needed": 4.605_170_185_988_091, "ratio": [0.5, 2.0] });
        sure["evidence"]["attributed"] = false.into();
        let sentences = Evidence::read(&sure).sentences();
        insta::assert_snapshot!(sentences[3..].join("\n"), @"
        its odds of failing are between 0.5 and 2 times those of stable, with 95 % confidence
        were it within the limits, at most one of 999,999,999 releases would ever show as much; one of 100 is acted on
        ");
    }

    #[test]
    fn each_view_is_a_sentence_of_its_own() {
        let line = |name: &str, standing: &str, class: Value, counts: bool| json!({ "name": name, "standing": standing, "class": class, "since": null, "checks": 1_045, "p95_ms": 12, "counts": counts });
        let views = [
            line("http://a/", "down", json!({ "status": 503 }), true),
            line("http://b/", "up", Value::Null, false),
        ];
        insta::assert_snapshot!(said(&json!({ "views": views })), @"
        http://a/: down (answered 503), asked 1,045 times, p95 12ms
        http://b/: up, asked 1,045 times, p95 12ms; it does not count, not having been up before the switch
        ");
    }

    #[test]
    fn without_a_baseline_it_is_said() {
        let mut alone = verdict(Metric::P95Ratio, 2.0);
        alone["evidence"]["attributed"] = false.into();
        alone["evidence"]["stable_n"] = 0.into();
        alone["evidence"]["candidate_p95"] = Value::Null;
        insta::assert_snapshot!(said(&alone), @"
        the candidate answered 402 requests, 81 of them with an error (20.1 %), too few for a p95
        there was no stable traffic to compare with
        the limit is 2 times the p95 of stable
        ");
    }

    #[test]
    fn evidence_of_another_kind_is_shown_as_it_is() {
        assert_eq!(said(&json!({ "smoke": "/pay" })), r#"{"smoke":"/pay"}"#);
        assert_eq!(said(&Value::Null), "");
        let order = json!({ "by": "ann@host", "order": 2, "reason": null, "verb": "abort" });
        assert_eq!(said(&order), "order 2 of the run, `abort`, given by ann@host");
        let log = Evidence::read(&json!({ "cause": "exited", "log": ["one", 2, "three"] }));
        assert_eq!((log.log.join(" "), log.sentences().len()), ("one three".into(), 0));
        let strange = Evidence::read(&json!({ "verdict": 7, "stage_seconds": -1.0 }));
        assert_eq!((strange.verdict, strange.stage), (None, None));
    }
}
