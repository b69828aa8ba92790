use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::{Compiled, Context, Other, Others, Segment, Why};
use super::{compiled, decide, is_on, with_segment};

fn who() -> Context<'static> {
    Context::new().user("42").with("plan", "pro").with("currentTime", "2026-02-01T12:00:00Z")
}

#[test]
fn without_rules_a_flag_is_on_for_everybody() {
    assert_eq!(decide(&compiled("{}"), &Context::new()).why, Why::Everybody);
    assert!(is_on("{}", &Context::new()));
    assert!(!is_on(r#"{"rules": [{"percentage": 0}]}"#, &who()));
}

#[test]
fn the_first_rule_that_admits_is_named() {
    let rules = compiled(
        r#"{"rules": [{"when": [{"field": "plan", "op": "in", "value": "free"}]}, {"name": "us", "percentage": 100}]}"#,
    );
    assert_eq!(decide(&rules, &who()).why, Why::Rule { index: 1, name: Some("us") });
    let rules = compiled(r#"{"rules": [{"percentage": 0}]}"#);
    assert_eq!(decide(&rules, &who()).why, Why::NoRule);
}

#[test]
fn a_schedule_begins_with_its_first_moment_and_ends_before_its_last() {
    let rules =
        compiled(r#"{"rules": [{"from": "2026-02-01T00:00:00Z", "until": "2026-03-01T00:00:00+01:00"}]}"#);
    let on = |time: &'static str| decide(&rules, &Context::new().with("currentTime", time)).on;
    assert!(!on("2026-01-31T23:59:59.999Z") && on("2026-02-01T00:00:00Z"));
    assert!(on("2026-02-28T22:59:59Z") && !on("2026-02-28T23:00:00Z"));
    assert!(!on("whenever"), "a time that cannot be read is none");
    assert!(rules.changes_with_time());
}

#[test]
fn without_a_time_the_systems_clock_is_asked() {
    let date =
        |op: &str| format!(r#"{{"field": "currentTime", "op": "{op}", "value": "2020-01-01T00:00:00Z"}}"#);
    let rules = |op: &str| format!(r#"{{"rules": [{{"when": [{}]}}]}}"#, date(op));
    assert!(is_on(&rules("date_after"), &Context::new()));
    assert!(!is_on(&rules("date_before"), &Context::new()));
    let not = rules("date_before").replace(r#""op""#, r#""not": true, "op""#);
    assert!(is_on(&not, &Context::new()));
}

#[test]
fn a_segment_holds_with_the_rules_own_constraints() {
    let rules =
        r#"{"rules": [{"segments": ["paying"], "when": [{"field": "userId", "op": "in", "value": 42}]}]}"#;
    let segment = |plan: &str| format!(r#"{{"when": [{{"field": "plan", "op": "in", "value": "{plan}"}}]}}"#);
    assert!(decide(&with_segment(rules, "paying", &segment("pro")), &who()).on);
    assert!(!decide(&with_segment(rules, "paying", &segment("free")), &who()).on);
    assert!(!decide(&with_segment(rules, "paying", &segment("pro")), &who().user("1")).on);
}

#[test]
fn a_rule_that_cannot_be_judged_admits_nobody_and_is_listed() {
    let rules = compiled(
        r#"{"rules": [{"segments": ["gone"]},
            {"when": [{"field": "plan", "op": "regex", "value": "(", "not": true}]}]}"#,
    );
    assert!(!decide(&rules, &who()).on);
    insta::assert_snapshot!(rules.problems().join("\n"), @r#"
    rules[0] admits nobody: there is no segment "gone"
    rules[1] admits nobody: when[0]: the regular expression does not compile: unclosed group
    "#);
    let rules = r#"{"rules": [{"segments": ["odd"]}]}"#;
    let odd = with_segment(
        rules,
        "odd",
        r#"{"when": [{"field": "plan", "op": "num_gt", "value": "x", "not": true}]}"#,
    );
    assert!(!decide(&odd, &who()).on);
    insta::assert_snapshot!(odd.problems().join("\n"), @r#"rules[0] admits nobody: segment "odd": when[0]: "x" is not a number"#);
}

#[test]
fn a_segment_that_many_rules_ask_for_is_read_once() {
    let asked = std::cell::Cell::new(0);
    let find = |_: &str| {
        asked.set(asked.get() + 1);
        Some(Arc::new(Segment::default()))
    };
    let rules =
        serde_json::from_str(r#"{"rules": [{"segments": ["a"]}, {"segments": ["a", "a"]}]}"#).unwrap();
    Compiled::new("flag", &rules, &find);
    assert_eq!(asked.get(), 1);
}

#[test]
fn a_rule_without_variants_gives_the_flags() {
    let rules = compiled(
        r#"{"rules": [{"when": [{"field": "plan", "op": "in", "value": "pro"}], "variants": [{"name": "own", "weight": 1}]}, {}],
            "variants": [{"name": "general", "weight": 1}]}"#,
    );
    let named = |context: &Context<'_>| decide(&rules, context).variant.unwrap().name.clone();
    assert_eq!(named(&who()), "own");
    assert_eq!(named(&Context::new()), "general");
}

#[test]
fn an_override_comes_before_the_weights() {
    let rules = compiled(
        r#"{"variants": [{"name": "a", "weight": 1000}, {"name": "b", "weight": 0, "overrides": [{"field": "plan", "values": ["pro"]}]}]}"#,
    );
    assert_eq!(decide(&rules, &who()).variant.unwrap().name, "b");
    assert_eq!(decide(&rules, &Context::new()).variant.unwrap().name, "a");
}

#[test]
fn variants_stick_to_their_own_field_before_the_rules() {
    let rules = |own: &str| {
        compiled(&format!(
            r#"{{"rules": [{{"stickiness": "plan", "variants": [{{"name": "a", "weight": 1{own}}},
                {{"name": "b", "weight": 1}}]}}]}}"#
        ))
    };
    let named = |rules: &Compiled, id: u32, plan: &'static str| {
        let (user, context) = (id.to_string(), Context::new().with("plan", plan));
        decide(rules, &context.user(user)).variant.unwrap().name.clone()
    };
    let differ = |rules: &Compiled| (1..50).any(|id| named(rules, id, "pro") != named(rules, 0, "pro"));
    assert!(!differ(&rules("")));
    assert!(differ(&rules(r#", "stickiness": "userId""#)));
}

/// Flags by name, with their gates.
struct Flags(BTreeMap<&'static str, (bool, Option<Compiled>)>);

impl Others for Flags {
    fn ask(&self, flag: &str, question: &mut dyn FnMut(Option<Other<'_>>) -> bool) -> bool {
        let known = self.0.get(flag);
        question(known.map(|(gate, rules)| Other { gate: *gate, rules: rules.as_ref() }))
    }
}

#[test]
fn a_flag_that_requires_another_is_on_where_that_is_as_required() {
    let variants = r#"{"variants": [{"name": "a", "weight": 1}]}"#;
    let flags = Flags(BTreeMap::from([
        ("on", (true, None)),
        ("off", (false, None)),
        (
            "pro",
            (
                true,
                Some(compiled(r#"{"rules": [{"when": [{"field": "plan", "op": "in", "value": "pro"}]}]}"#)),
            ),
        ),
        ("varied", (true, Some(compiled(variants)))),
        ("child", (true, Some(compiled(r#"{"requires": [{"flag": "on"}]}"#)))),
        ("self", (true, Some(compiled(r#"{"requires": [{"flag": "self"}]}"#)))),
    ]));
    let why = |requires: &str| {
        let rules = compiled(&format!(r#"{{"requires": [{requires}]}}"#));
        let decision = rules.decide(&who(), &flags);
        assert_eq!(decision.on, decision.why == Why::Everybody);
        if let Why::Requires(flag) = decision.why { flag.to_owned() } else { "on".to_owned() }
    };
    assert_eq!(why(r#"{"flag": "on"}, {"flag": "pro"}, {"flag": "off", "enabled": false}"#), "on");
    assert_eq!(why(r#"{"flag": "on"}, {"flag": "off"}"#), "off");
    assert_eq!(why(r#"{"flag": "pro", "enabled": false}"#), "pro");
    assert_eq!(why(r#"{"flag": "varied", "variants": ["b", "a"]}"#), "on");
    assert_eq!(why(r#"{"flag": "varied", "variants": ["b"]}"#), "varied");
    assert_eq!(why(r#"{"flag": "on", "variants": ["disabled"]}"#), "on");
    let off = r#"{"flag": "off", "enabled": false, "variants": ["a"]}"#;
    assert_eq!(why(off), "on", "a flag that is off is not asked for its variant");
    assert_eq!(why(r#"{"flag": "child"}"#), "child", "one that requires others itself is never as required");
    assert_eq!(why(r#"{"flag": "self"}"#), "self");
    assert_eq!(why(r#"{"flag": "unheard of"}"#), "unheard of");
}

#[test]
fn whether_time_alone_changes_the_answer_is_known() {
    let changes = |rules: &str| compiled(rules).changes_with_time();
    let date = |field: &str| {
        format!(
            r#"{{"when": [{{"field": "{field}", "op": "date_after", "value": "2026-01-01T00:00:00Z"}}]}}"#
        )
    };
    assert!(changes(r#"{"rules": [{"until": "2026-01-01T00:00:00Z"}]}"#));
    assert!(changes(&format!(r#"{{"rules": [{}]}}"#, date("currentTime"))));
    assert!(!changes(&format!(r#"{{"rules": [{}]}}"#, date("signedUp"))));
    assert!(!changes(
        r#"{"rules": [{"percentage": 0, "from": "2026-01-01T00:00:00Z"}, {"percentage": 50}]}"#
    ));
    let segment = with_segment(r#"{"rules": [{"segments": ["late"]}]}"#, "late", &date("currentTime"));
    assert!(segment.changes_with_time());
}
