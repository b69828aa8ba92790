use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn read(body: &str) -> Reading {
    Reading::parse(Some("application/json; charset=utf-8"), body.as_bytes()).unwrap()
}

/// One line for the whole, and one for each part.
fn told(reading: &Reading) -> String {
    let check = |check: &CheckReading| {
        let class = check.class.as_ref().map_or_else(String::new, |class| format!(" ({class})"));
        format!("\n  {}: {}{class}", check.name, check.said.as_str())
    };
    let checks: String = reading.checks.iter().map(check).collect();
    format!("{:?}: {}{checks}", reading.format, reading.said.as_str())
}

#[test]
fn the_strategys_form() {
    insta::assert_snapshot!(told(&read(r#"{"status":"ready","checks":{"z":"ok","api":"error","new":"maybe"},"degraded":true,"timestamp":"x"}"#)), @"
    Strategy: degraded
      z: well
      api: unwell
      new: unknown
    ");
    insta::assert_snapshot!(told(&read(r#"{"status":"smoke_test_failed","tests":[{"name":"create","status":"pass"},{"name":"query","status":"fail","error":"timeout"}]}"#)), @"
    Strategy: unwell
      create: well
      query: unwell (timeout)
    ");
    assert_eq!(read(r#"{"status":"alive","pid":7,"memory":{"rss":1}}"#).said, Said::Well);
    assert_eq!(read(r#"{"status":"not_ready","checks":{"a":"ok","b":"unknown"}}"#).said, Said::Starting);
    assert_eq!(read(r#"{"status":"not_ready","checks":{"a":"error","b":"unknown"}}"#).said, Said::Unwell);
    assert_eq!(read(r#"{"status":"not_ready"}"#).said, Said::Unwell);
}

#[test]
fn health_json() {
    insta::assert_snapshot!(told(&read(r#"{"status":"fail","output":"x","checks":{
        "db:responseTime":[{"status":"pass"},{"status":"fail","output":"refused"}],
        "cpu":[{"observedValue":3}], "odd":"no list", "disk:utilization":[{"status":"warn","output":"92 %"}]}}"#)), @"
    HealthJson: unwell
      db: unwell (refused)
      cpu: well
      disk: degraded (92 %)
    ");
    let ok = br#"{"status":"up"}"#;
    assert_eq!(Reading::parse(Some("Application/Health+JSON"), ok).unwrap().format, Format::HealthJson);
    assert_eq!(Reading::parse(Some("application/json"), ok), None);
}

#[test]
fn microprofile() {
    insta::assert_snapshot!(told(&read(r#"{"status":"DOWN","checks":[
        {"name":"db","status":"DOWN","data":{"error":"timeout"}},
        {"name":"cache","status":"UP","data":{"state":"error","criticality":"degrades"}},
        {"name":"mine","status":"UP","data":{"free":7}}, {"status":"UP"}, 7]}"#)), @"
    MicroProfile: unwell
      db: unwell (timeout)
      cache: degraded (error)
      mine: well
    ");
}

#[test]
fn what_is_no_known_form_is_none() {
    for body in [
        "",
        "ok",
        "{}",
        "[]",
        "7",
        r#"{"status":7}"#,
        r#"{"status":"UP","components":{}}"#,
        r#"{"status":"purple"}"#,
        r#"{"status":"ok""#,
    ] {
        assert_eq!(Reading::parse(None, body.as_bytes()), None, "{body}");
    }
    assert_eq!(Reading::parse(Some("text/html"), br#"{"status":"ok"}"#), None);
    assert_eq!(read(r#"{"status":"ok","checks":[7],"degraded":"yes","notes":{}}"#).checks, []);
}

#[test]
fn names_cannot_drive_a_terminal_and_large_bodies_are_cut() {
    let long = "x".repeat(100_000);
    let body = json!({"status": "not_ready", "checks": {"\u{1b}[2J\u{202e}db\n": "error", &long: "error"}});
    let reading = read(&body.to_string());
    let mut names: Vec<_> = reading.checks.iter().map(|check| check.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["[2J db", &format!("{}…", "x".repeat(LONGEST))]);
    let many: serde_json::Map<String, Value> = (0..1_000).map(|n| (n.to_string(), "ok".into())).collect();
    let reading = read(&json!({"status": "ready", "checks": many}).to_string());
    assert_eq!((reading.checks.len(), reading.left_out), (MOST, 800));
    let listed = json!({"status": "UP", "checks": vec![json!({"name": "a", "status": "UP"}); 1_000]});
    assert_eq!(read(&listed.to_string()).left_out, 800);
    let huge = json!({"status": "ok", "more": "x".repeat(LARGEST)}).to_string();
    assert_eq!(Reading::parse(None, huge.as_bytes()), None);
}

#[test]
fn a_body_nested_without_end_is_refused() {
    let deep = format!(r#"{{"status":"ok","checks":{}"#, "[".repeat(100_000));
    assert_eq!(Reading::parse(None, deep.as_bytes()), None);
}

fn any_json() -> impl Strategy<Value = Value> {
    let words = [
        "ok",
        "UP",
        "DOWN",
        "pass",
        "warn",
        "fail",
        "error",
        "ready",
        "not_ready",
        "starting",
        "\u{1b}]0;x\u{7}",
    ];
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        prop::sample::select(words.to_vec()).prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    let keys = [
        "status", "checks", "tests", "name", "data", "state", "notes", "degraded", "output", "error", "db:x",
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let entries = vec((prop::sample::select(keys.to_vec()), inner.clone()), 0..6);
        prop_oneof![
            vec(inner, 0..6).prop_map(Value::from),
            entries.prop_map(|all| all
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<Value>()),
        ]
    })
}

/// Bodies of each form whose names and classes are anything.
fn any_report() -> impl Strategy<Value = Value> {
    let words = ["ok", "error", "UP", "DOWN", "pass", "warn", "fail", "ready", "not_ready", "alive"];
    let word = || prop::sample::select(words.to_vec());
    let text = || prop_oneof![".*", "[\u{0}-\u{1f}\u{200b}-\u{206f}]{0,90}"];
    let part = (text(), word(), text()).prop_map(|(name, word, class)| {
        let node = json!({"status": word, "output": &class});
        [
            (name.clone(), json!(word)),
            (name.clone(), json!([node])),
            (name.clone(), json!({"name": name, "status": word, "data": {"error": &class}, "error": &class})),
        ]
    });
    (word(), vec(part, 0..6), 0usize..3, any::<bool>()).prop_map(|(status, parts, form, listed)| {
        let parts = parts.into_iter().map(|mut forms| std::mem::take(&mut forms[form]));
        let checks: Value = if listed { parts.map(|(_, part)| part).collect() } else { parts.collect() };
        json!({"status": status, "checks": checks})
    })
}

fn is_tidy(reading: &Reading) -> bool {
    let tidy = |text: &str| text.chars().all(is_printable) && text.chars().count() <= LONGEST + 1;
    reading.checks.iter().all(|check| tidy(&check.name) && check.class.as_deref().is_none_or(tidy))
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_not_and_never_a_danger(body in vec(any::<u8>(), 0..400), media in "\\PC{0,30}") {
        prop_assert!(Reading::parse(Some(&media), &body).is_none_or(|reading| is_tidy(&reading)));
        prop_assert!(Reading::parse(None, &body).is_none_or(|reading| is_tidy(&reading)));
    }

    #[test]
    fn names_and_classes_are_tidy_in_every_form(body in any_report()) {
        prop_assert!(Reading::parse(None, body.to_string().as_bytes()).is_none_or(|reading| is_tidy(&reading)));
    }

    #[test]
    fn any_json_is_read_or_not_and_never_a_danger(status in any_json(), checks in any_json(), more in any_json()) {
        let body = json!({"status": status, "checks": checks, "tests": more, "notes": more, "degraded": more});
        prop_assert!(Reading::parse(None, body.to_string().as_bytes()).is_none_or(|reading| is_tidy(&reading)));
        prop_assert!(Reading::parse(None, checks.to_string().as_bytes()).is_none_or(|reading| is_tidy(&reading)));
    }
}
