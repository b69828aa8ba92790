use std::fmt::Write as _;

use handover_monitor::{DecisionMatrix, SequentialLimits, ThresholdLimits};

use super::*;

fn sequential() -> Replay {
    Replay::sequential(SequentialLimits::default(), DecisionMatrix::default())
}

fn answered(replay: &mut Replay, input: &str) -> String {
    let mut output = Vec::new();
    answer_all(BufReader::new(input.as_bytes()), &mut output, replay).unwrap();
    String::from_utf8(output).unwrap()
}

/// A window of 10 + 90 requests that all took 60 ms.
fn window(t: u32, failed: u64) -> String {
    format!(
        r#"{{"t":{t},"split":0.1,"candidate":{{"n":10,"err":{failed},"over_slo":0,"hist":[[48,10]]}},"stable":{{"n":90,"err":0,"over_slo":0,"hist":[[48,90]]}}}}"#
    )
}

fn windows(from: u32, count: u32, failed: u64) -> String {
    (from..from + count).fold(String::new(), |mut all, t| {
        let _ = writeln!(all, "{}", window(t, failed));
        all
    })
}

fn verdicts(answers: &str) -> Vec<String> {
    let verdict = |line: &str| {
        let answer: serde_json::Value = serde_json::from_str(line).unwrap();
        answer["verdict"].as_str().unwrap_or("none").to_owned()
    };
    answers.lines().map(verdict).collect()
}

#[test]
fn every_window_is_answered_by_a_line_and_a_reset_by_none() {
    let mut replay = sequential();
    let said = answered(&mut replay, &format!("{{\"reset\":true,\"run\":1}}\n{}\n", windows(1, 3, 0)));
    insta::assert_snapshot!(said, @r#"
    {"verdict":"wait","metric":"traffic","log_e":-1.658502341077984,"reason":"10 of the 20 candidate requests needed to call it healthy"}
    {"verdict":"continue","metric":"error_rate","log_e":-1.9950055993516909,"reason":"the limits hold, so far: 0 of 20 candidate requests failed (0.0 %), p95 61 ms beside stable's 61 ms"}
    {"verdict":"continue","metric":"error_rate","log_e":-2.0076933383835103,"reason":"the limits hold, so far: 0 of 30 candidate requests failed (0.0 %), p95 61 ms beside stable's 61 ms"}
    "#);
    assert!(replay.refused().is_none());
}

#[test]
fn a_rollback_stays_until_the_next_release() {
    let mut replay = sequential();
    let history = format!("{}{}", windows(1, 2, 10), windows(3, 200, 0));
    let said = verdicts(&answered(&mut replay, &history));
    assert!(said.iter().all(|verdict| verdict == "rollback"), "{said:?}");
    let said = verdicts(&answered(&mut replay, &format!("{{\"reset\":true}}\n{}", windows(1, 60, 0))));
    assert_eq!(said.last().map(String::as_str), Some("promote"));
    assert!(!said.contains(&"rollback".to_owned()));
}

#[test]
fn plain_limits_answer_in_the_same_form() {
    let mut replay = Replay::threshold(ThresholdLimits::default());
    let said = answered(&mut replay, &windows(1, 3, 5));
    insta::assert_snapshot!(said.lines().last().unwrap(), @r#"{"verdict":"rollback","metric":"error_rate","log_e":null,"reason":"10 of 20 candidate requests failed (50.0 %) in 2.0 s, over the limit of 5.0 %; stable: 0 of 180 (0.0 %)"}"#);
}

fn refusal(line: &str) -> String {
    let mut replay = sequential();
    let said = answered(&mut replay, &format!("{}\n{line}\n{}\n", window(5, 0), window(6, 0)));
    let said: Vec<_> = said.lines().collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert_eq!(verdicts(said[2]), ["continue"], "the others are judged");
    assert_eq!(replay.refused().map(|refused| refused.first), Some(2));
    said[1].to_owned()
}

#[test]
fn a_window_that_cannot_be_is_refused_by_name() {
    let with = |what: &str, instead: &str| {
        let line = window(6, 0);
        assert!(line.contains(what), "{what}");
        refusal(&line.replacen(what, instead, 1))
    };
    insta::assert_snapshot!(with(r#""err":0"#, r#""err":11"#), @r#"{"error":"candidate.err is 11, more than the 10 requests","line":2}"#);
    insta::assert_snapshot!(with(r#""err":0"#, r#""err":-1"#), @r#"{"error":"invalid value: integer `-1`, expected u64","line":2}"#);
    insta::assert_snapshot!(with(r#""err":0"#, r#""err":NaN"#), @r#"{"error":"no JSON: expected value at line 1 column 46","line":2}"#);
    insta::assert_snapshot!(with(r#""err":0"#, r#""err":0.5"#), @r#"{"error":"invalid type: floating point `0.5`, expected u64","line":2}"#);
    insta::assert_snapshot!(with(r#""over_slo":0"#, r#""over_slo":11"#), @r#"{"error":"candidate.over_slo is 11, more than the 10 requests","line":2}"#);
    insta::assert_snapshot!(with(r#""n":10"#, r#""n":11"#), @r#"{"error":"candidate.hist holds 10 requests, not the 11 of n","line":2}"#);
    insta::assert_snapshot!(with(r#""n":10"#, r#""n":99999999999999"#), @r#"{"error":"candidate.n is 99999999999999, more than 1000000000000","line":2}"#);
    insta::assert_snapshot!(with(r#""n":10"#, r#""n":1e300"#), @r#"{"error":"invalid type: floating point `1e+300`, expected u64","line":2}"#);
    insta::assert_snapshot!(with("[[48,10]]", "[]"), @r#"{"error":"candidate.hist holds 0 requests, not the 10 of n","line":2}"#);
    insta::assert_snapshot!(with("[[48,10]]", "[[9999,10]]"), @r#"{"error":"candidate.hist: bucket 9999 is not one from -160 to 270","line":2}"#);
    insta::assert_snapshot!(with("[[48,10]]", "[[48,18446744073709551615],[49,18446744073709551615]]"), @r#"{"error":"candidate.hist holds 18446744073709551615 requests, not the 10 of n","line":2}"#);
    insta::assert_snapshot!(with("[[48,10]]", "[[48]]"), @r#"{"error":"invalid length 1, expected a tuple of size 2","line":2}"#);
    insta::assert_snapshot!(with(r#""t":6"#, r#""t":4"#), @r#"{"error":"t is 4, before the 5 of the window before","line":2}"#);
    insta::assert_snapshot!(with(r#""t":6"#, r#""t":-6"#), @r#"{"error":"t is -6, not a second from 0 up","line":2}"#);
    insta::assert_snapshot!(with(r#""t":6"#, r#""t":1e999"#), @r#"{"error":"no JSON: number out of range at line 1 column 10","line":2}"#);
    insta::assert_snapshot!(with(r#""t":6,"#, ""), @r#"{"error":"missing field `t`","line":2}"#);
    insta::assert_snapshot!(with(r#""split":0.1"#, r#""split":10"#), @r#"{"error":"split is 10, not a share from 0 to 1","line":2}"#);
    insta::assert_snapshot!(with(r#""split""#, r#""spilt""#), @r#"{"error":"unknown field `spilt`, expected one of `t`, `split`, `candidate`, `stable`","line":2}"#);
    insta::assert_snapshot!(with(r#""stable""#, r#""blue""#), @r#"{"error":"unknown field `blue`, expected one of `t`, `split`, `candidate`, `stable`","line":2}"#);
}

#[test]
fn a_line_that_is_no_window_is_refused() {
    insta::assert_snapshot!(refusal("[1,2]"), @r#"{"error":"a line is an object","line":2}"#);
    insta::assert_snapshot!(refusal("window"), @r#"{"error":"no JSON: expected value at line 1 column 1","line":2}"#);
    insta::assert_snapshot!(refusal(r#"{"reset":false}"#), @r#"{"error":"`reset` can only be true","line":2}"#);
    insta::assert_snapshot!(refusal(r#"{"reset":true,"runs":1}"#), @r#"{"error":"unknown field `runs`, expected `reset` or `run`","line":2}"#);
    insta::assert_snapshot!(refusal("\u{1b}]0;owned\u{7}"), @r#"{"error":"no JSON: expected value at line 1 column 1","line":2}"#);
    insta::assert_snapshot!(refusal(&format!(r#"{{"t":{}}}"#, "1".repeat(1 << 20))), @r#"{"error":"longer than a megabyte","line":2}"#);
    assert!(refusal(&"[".repeat(1_000)).starts_with(r#"{"error":"no JSON: recursion limit"#));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let mut replay = sequential();
    assert!(replay.answer(b"\xff\xfe\x00").is_some_and(|answer| answer.starts_with(r#"{"error""#)));
    assert!(replay.answer(b" \t\n").is_none());
    assert_eq!(replay.refused().map(|refused| (refused.lines, refused.first)), Some((1, 1)));
}

#[test]
fn windows_may_be_as_fine_or_as_coarse_as_they_like() {
    let line = |t: f64, n: u64, failed: u64| {
        let arm = |n: u64, err: u64| format!(r#"{{"n":{n},"err":{err},"hist":[[48,{n}]]}}"#);
        format!(r#"{{"t":{t},"split":0.1,"candidate":{},"stable":{}}}"#, arm(n, failed), arm(n * 9, 0)) + "\n"
    };
    let fine: String = (0..400).map(|at| line(f64::from(at) * 0.01, 1, u64::from(at % 2 == 0))).collect();
    assert!(verdicts(&answered(&mut sequential(), &fine)).contains(&"rollback".into()));
    let coarse = line(86_400.0, 1_000_000, 500_000);
    assert_eq!(verdicts(&answered(&mut sequential(), &coarse)), ["rollback"]);
}
