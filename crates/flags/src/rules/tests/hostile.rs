//! Documents and callers that mean harm: no panic, no long wait, and nobody let in by what cannot be judged.

use proptest::prelude::*;

use super::super::{Constraint, Context, Op, Rule, Rules, Segment};
use super::{Compiled, compiled, decide, is_on};

fn with(constraint: Constraint) -> Rules {
    Rules { rules: vec![Rule { when: vec![constraint], ..Rule::default() }], ..Rules::default() }
}

fn op() -> impl Strategy<Value = Op> {
    proptest::sample::select(Op::all().collect::<Vec<_>>())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9a-z.:/T+-]{0,30}",
        any::<String>(),
        proptest::sample::select(vec![
            "NaN",
            "inf",
            "-inf",
            "1e999",
            "-0",
            "99999999999999999999.0.0",
            "\0",
            "(?i",
            "::/0"
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_a_constraint_says_it_is_judged(
        field in "userId|currentTime|plan", op in op(), values in prop::collection::vec(text(), 0..3),
        [not, ignore_case]: [bool; 2], found in text(),
    ) {
        let mut constraint = Constraint::new(&field, op, &[]);
        (constraint.values, constraint.not, constraint.ignore_case) = (values, not, ignore_case);
        let (fine, rules) = (constraint.check().is_ok(), with(constraint));
        prop_assert_eq!(fine, rules.check().is_ok());
        let compiled = Compiled::new("flag", &rules, &|_| None);
        let on = decide(&compiled, &Context::new().user(found.clone()).with(field, found)).on;
        prop_assert!(fine || !on, "what means nothing admits nobody");
        prop_assert_eq!(fine, compiled.problems().is_empty());
    }

    #[test]
    fn whatever_is_taken_can_be_written_and_read_again(text in "\\PC{0,60}|[{}\\[\\]:,\"a-z0-9]{0,60}") {
        if let Ok(rules) = Rules::parse(&text) {
            let written = serde_json::to_string(&rules).unwrap();
            prop_assert_eq!(Rules::parse(&written), Ok(rules));
        }
        let _ = Segment::parse(&text);
        let _ = crate::unleash::import(&text);
    }
}

/// A megabyte of the text that each operator has the most trouble with.
#[test]
fn a_megabyte_from_a_caller_is_no_trouble() {
    let megabyte = |text: &str| text.repeat((1 << 20) / text.len());
    for (op, value, long) in [
        (Op::In, "aaaa", "a"),
        (Op::Contains, "aaaaaaaaaaaaaaaaaaaaaaaab", "a"),
        (Op::StartsWith, "aaab", "a"),
        (Op::EndsWith, "baaa", "a"),
        (Op::Regex, "(a|aa)+$x", "a"),
        (Op::Cidr, "10.0.0.0/8", "1"),
        (Op::NumGt, "1", "9"),
        (Op::SemverGt, "1.0.0", "1."),
        (Op::SemverLt, "1.0.0-a.b", "1.0.0-a.b"),
        (Op::DateAfter, "2026-01-01T00:00:00Z", "2"),
    ] {
        for ignore_case in [false, op.knows_case()] {
            let constraint = Constraint { ignore_case, ..Constraint::new("plan", op, &[value]) };
            let compiled = Compiled::new("flag", &with(constraint), &|_| None);
            let on = decide(&compiled, &Context::new().with("plan", megabyte(long))).on;
            assert_eq!(on, op == Op::NumGt, "{op}");
        }
    }
}

#[test]
fn a_value_too_long_to_look_into_is_let_in_by_no_constraint() {
    let rules = |not: bool| {
        format!(
            r#"{{"rules": [{{"when": [{{"field": "a", "op": "contains", "value": "x", "not": {not}}}]}}]}}"#
        )
    };
    for (length, on) in [(4_096, true), (4_097, false)] {
        assert_eq!(is_on(&rules(false), &Context::new().with("a", "x".repeat(length))), on);
        assert_eq!(is_on(&rules(true), &Context::new().with("a", "y".repeat(length))), on);
    }
}

#[test]
fn a_hundred_thousand_fields_are_found_one_by_one() {
    let many = |context: Context<'static>, at: u32| context.with(format!("field {at}"), "x");
    let context = (0..100_000).fold(Context::new(), many);
    assert_eq!(context.get("field 0"), Some("x"));
    assert_eq!(context.get("field 100000"), None);
}

#[test]
fn the_largest_documents_are_ready_and_answered() {
    let ids: Vec<String> = (0..30_000).map(|id| format!("{id:06}")).collect();
    let rules = format!(r#"{{"rules":[{{"when":[{{"field":"userId","op":"in","values":{ids:?}}}]}}]}}"#)
        .replace(", ", ",");
    assert!(Rules::parse(&rules).is_err(), "this one is larger than allowed");
    let rules = compiled(&rules);
    assert!(
        decide(&rules, &Context::new().user("029999")).on
            && !decide(&rules, &Context::new().user("030000")).on
    );
}

#[test]
fn weights_that_were_not_checked_do_no_harm() {
    let most = u32::MAX;
    let list = format!(r#"{{"name": "a", "weight": {most}}}, {{"name": "b", "weight": {most}}}"#);
    let rules = compiled(&format!(r#"{{"variants": [{list}]}}"#));
    assert_eq!(decide(&rules, &Context::new().user("1")).variant.unwrap().name, "a");
    let rules = compiled(r#"{"variants": [{"name": "a", "weight": 0}]}"#);
    assert_eq!(decide(&rules, &Context::new()).variant, None);
}
