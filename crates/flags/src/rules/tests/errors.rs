//! Every message that a document can be refused with.

use super::super::{Rules, Segment};

fn why(rules: &str) -> String {
    Rules::parse(rules).unwrap_err().to_string()
}

fn rule(rule: &str) -> String {
    why(&format!(r#"{{"rules": [{{}}, {rule}]}}"#))
}

fn when(constraint: &str) -> String {
    rule(&format!(r#"{{"when": [{constraint}]}}"#))
}

fn op(op: &str, value: &str) -> String {
    when(&format!(r#"{{"field": "plan", "op": "{op}", "value": {value}}}"#))
}

#[test]
fn what_has_not_the_shape_of_rules_says_where_it_differs() {
    insta::assert_snapshot!(why(""), @"EOF while parsing a value at line 1 column 0");
    insta::assert_snapshot!(why("true"), @"invalid type: boolean `true`, expected an object at line 1 column 4");
    insta::assert_snapshot!(why("[]"), @"invalid type: sequence, expected an object at line 1 column 0");
    insta::assert_snapshot!(why(r#"{"rules": [[]]}"#), @"invalid type: sequence, expected an object at line 1 column 11");
    insta::assert_snapshot!(why(r#"{"rules": [{"when": [["plan", "in", 1]]}]}"#), @"invalid type: sequence, expected an object at line 1 column 21");
    insta::assert_snapshot!(why(r#"{"variants": [{"name": "a", "weight": 1, "payload": ["string", "x"]}]}"#), @"invalid type: sequence, expected an object at line 1 column 52");
    insta::assert_snapshot!(why(r#"{"rules": [], "rules": []}"#), @"duplicate field `rules` at line 1 column 21");
    insta::assert_snapshot!(why(r#"{"rule": []}"#), @"unknown field `rule`, expected one of `rules`, `variants`, `requires` at line 1 column 7");
    insta::assert_snapshot!(rule(r#"{"percent": 50}"#), @"unknown field `percent`, expected one of `name`, `when`, `segments`, `from`, `until`, `percentage`, `stickiness`, `group`, `variants` at line 1 column 25");
    insta::assert_snapshot!(why(&"[".repeat(1_000)), @"invalid type: sequence, expected an object at line 1 column 0");
    insta::assert_snapshot!(why(r#"{"a\u001b[31m": 1}"#), @"unknown field `a�[31m`, expected one of `rules`, `variants`, `requires` at line 1 column 14");
    insta::assert_snapshot!(why(&format!(r#"{{"{}": 1}}"#, "x".repeat(10_000))), @"unknown field `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… at line 1 column 10003");
    insta::assert_snapshot!(why(&" ".repeat(300_000)), @"the document has 300000 bytes; 262144 are allowed");
}

#[test]
fn a_percentage_out_of_bounds_is_refused() {
    insta::assert_snapshot!(rule(r#"{"percentage": 120}"#), @"120 is not a percentage from 0 to 100 at line 1 column 34");
    insta::assert_snapshot!(rule(r#"{"percentage": -1}"#), @"-1 is not a percentage from 0 to 100 at line 1 column 33");
    insta::assert_snapshot!(rule(r#"{"percentage": 0.00001}"#), @"0.00001 is finer than the 0.0001 % that a percentage can tell apart at line 1 column 38");
    insta::assert_snapshot!(rule(r#"{"percentage": 1e999}"#), @"number out of range at line 1 column 35");
    insta::assert_snapshot!(rule(r#"{"percentage": "50"}"#), @r#"invalid type: string "50", expected f64 at line 1 column 34"#);
}

#[test]
fn an_unknown_operator_is_answered_with_the_nearest() {
    insta::assert_snapshot!(op("startswith", "1"), @r#"there is no operator "startswith"; did you mean "starts_with"? at line 1 column 61"#);
    insta::assert_snapshot!(op("NUM_GT ", "1"), @r#"there is no operator "NUM_GT "; did you mean "num_gt"? at line 1 column 58"#);
    insta::assert_snapshot!(op("sounds like", "1"), @r#"there is no operator "sounds like"; there are in, contains, starts_with, ends_with, num_eq, num_gt, num_gte, num_lt, num_lte, date_after, date_before, semver_eq, semver_gt, semver_gte, semver_lt, semver_lte, regex, cidr at line 1 column 62"#);
}

#[test]
fn a_constraint_that_means_nothing_is_refused() {
    insta::assert_snapshot!(when(r#"{"field": "plan", "op": "in"}"#), @"a constraint has a `value`, or several `values` at line 1 column 54");
    insta::assert_snapshot!(when(r#"{"field": "plan", "op": "in", "value": 1, "values": [2]}"#), @"a constraint has `value` or `values`, not both at line 1 column 81");
    insta::assert_snapshot!(when(r#"{"field": "plan", "op": "in", "values": [{"deep": [1]}]}"#), @"invalid type: map, expected a string, a number or a boolean at line 1 column 67");
    insta::assert_snapshot!(when(r#"{"field": "plan", "op": "contains", "values": []}"#), @"rules[1].when[0]: `contains` compares with at least one value");
    insta::assert_snapshot!(when(r#"{"field": "plan", "op": "num_gt", "values": [1, 2]}"#), @"rules[1].when[0]: `num_gt` compares with one value, not 2");
    insta::assert_snapshot!(when(r#"{"field": "", "op": "in", "values": []}"#), @"rules[1].when[0]: `field` is empty");
    insta::assert_snapshot!(when(r#"{"field": "age", "op": "num_gt", "value": 1, "ignore_case": true}"#), @"rules[1].when[0]: `num_gt` knows no upper and lower case; leave `ignore_case` out");
    insta::assert_snapshot!(when(r#"{"field": "currentTime", "op": "in", "value": "noon"}"#), @"rules[1].when[0]: `currentTime` is compared by `date_after` and `date_before`, not by `in`");
    insta::assert_snapshot!(op("num_gt", r#""many""#), @r#"rules[1].when[0]: "many" is not a number"#);
    insta::assert_snapshot!(op("num_gt", r#""inf""#), @r#"rules[1].when[0]: "inf" is not a number"#);
    insta::assert_snapshot!(op("date_after", r#""2026-02-30T00:00:00Z""#), @r#"rules[1].when[0]: "2026-02-30T00:00:00Z" is not a date such as "2026-01-31T13:00:00Z""#);
    insta::assert_snapshot!(op("semver_gt", r#""v1""#), @r#"rules[1].when[0]: "v1" is not a version such as "1.2.3" or "2.0.0-beta.1""#);
    insta::assert_snapshot!(op("cidr", r#""10.0.0.0/64""#), @r#"rules[1].when[0]: "10.0.0.0/64" is not a network such as "10.0.0.0/8", nor an address"#);
    insta::assert_snapshot!(op("num_gt", &format!("{:?}", "9x".repeat(500))), @r#"rules[1].when[0]: "9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x9x…" is not a number"#);
}

#[test]
fn a_regular_expression_that_cannot_be_used_is_refused() {
    insta::assert_snapshot!(op("regex", r#""(pro""#), @"rules[1].when[0]: the regular expression does not compile: unclosed group");
    insta::assert_snapshot!(op("regex", r#""(?=pro)""#), @"rules[1].when[0]: the regular expression does not compile: look-around, including look-ahead and look-behind, is not supported");
    insta::assert_snapshot!(op("regex", r#""(pro)\\1""#), @"rules[1].when[0]: the regular expression does not compile: backreferences are not supported");
    insta::assert_snapshot!(op("regex", r#""(?:x{1000}){1000}""#), @"rules[1].when[0]: the regular expression is too large");
    insta::assert_snapshot!(op("regex", &format!("{:?}", "(".repeat(100))), @"rules[1].when[0]: the regular expression does not compile: unclosed group");
    insta::assert_snapshot!(op("regex", &format!("{:?}", "x".repeat(2_000))), @"rules[1].when[0]: `value` has 2000 bytes; 1024 are allowed");
}

#[test]
fn a_schedule_that_ends_before_it_begins_is_refused() {
    let window = r#"{"from": "2026-02-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}"#;
    insta::assert_snapshot!(rule(window), @"rules[1]: `from` 2026-02-01T00:00:00Z is not before `until` 2026-02-01T00:00:00Z");
    insta::assert_snapshot!(rule(r#"{"from": "tomorrow"}"#), @r#"this is not a date such as "2026-01-31T13:00:00Z" at line 1 column 35"#);
}

#[test]
fn names_are_neither_empty_nor_long() {
    insta::assert_snapshot!(rule(r#"{"stickiness": ""}"#), @"rules[1]: `stickiness` is empty");
    insta::assert_snapshot!(rule(r#"{"stickiness": "currentTime"}"#), @"rules[1]: `currentTime` is different every time; nothing sticks to it");
    insta::assert_snapshot!(rule(r#"{"segments": [""]}"#), @"rules[1].segments: `segments` is empty");
    insta::assert_snapshot!(rule(&format!(r#"{{"group": "{}"}}"#, "x".repeat(600))), @"rules[1]: `group` has 600 bytes; 512 are allowed");
}

#[test]
fn variants_that_cannot_be_meant_are_refused() {
    let variants = |list: &str| why(&format!(r#"{{"variants": [{list}]}}"#));
    insta::assert_snapshot!(variants(r#"{"name": "a", "weight": 5000000}"#), @"variants: a weight of 5000000 is too large; 1000000 is allowed");
    insta::assert_snapshot!(variants(r#"{"name": "a", "weight": -1}"#), @"invalid value: integer `-1`, expected u32 at line 1 column 40");
    insta::assert_snapshot!(variants(r#"{"name": "a", "weight": 0}"#), @"variants: all weights are 0, so nobody has a variant");
    insta::assert_snapshot!(variants(r#"{"name": "a", "weight": 1}, {"name": "a", "weight": 2}"#), @r#"variants: two variants are called "a""#);
    insta::assert_snapshot!(variants(
        r#"{"name": "a", "weight": 1, "stickiness": "userId"}, {"name": "b", "weight": 1, "stickiness": "plan"}"#
    ), @r#"variants: variants of one list stick to the same field, not to "userId" and "plan""#);
}

#[test]
fn requirements_that_contradict_themselves_are_refused() {
    insta::assert_snapshot!(why(r#"{"requires": [{"flag": "p", "enabled": false, "variants": ["a"]}]}"#), @r#"requires[0]: "p" must be off, so it has no variant to ask for"#);
    insta::assert_snapshot!(why(r#"{"requires": [{"flag": ""}]}"#), @"requires[0]: `flag` is empty");
}

#[test]
fn more_than_is_sensible_is_refused() {
    let many = |one: &str, count: usize| vec![one; count].join(",");
    insta::assert_snapshot!(why(&format!(r#"{{"rules": [{}]}}"#, many("{}", 101))), @"rules: 101 rules are too many; 100 are allowed");
    insta::assert_snapshot!(rule(&format!(r#"{{"when": [{}]}}"#, many(r#"{"field":"a","op":"in","values":[]}"#, 51))), @"rules[1].when: 51 constraints are too many; 50 are allowed");
    insta::assert_snapshot!(rule(&format!(r#"{{"segments": [{}]}}"#, many(r#""a""#, 21))), @"rules[1].segments: 21 segments are too many; 20 are allowed");
    let values = format!(r#"{{"field":"a","op":"contains","values":[{}]}}"#, many("1", 1_001));
    let regex = r#"{"when": [{"field":"a","op":"regex","value":"x"}]}"#;
    insta::assert_snapshot!(why(&format!(r#"{{"rules": [{}]}}"#, many(regex, 51))), @"rules: 51 regular expressions are too many; 50 are allowed");
    let half = format!(r#"{{"when": [{{"field":"a","op":"contains","values":[{}]}}]}}"#, many("1", 501));
    insta::assert_snapshot!(why(&format!(r#"{{"rules": [{half}, {half}]}}"#)), @"rules: 1002 values of `contains` are too many; 1000 are allowed");
    insta::assert_snapshot!(when(&values.replace("contains", "ends_with")), @"rules[1].when[0]: 1001 values are too many; 1000 are allowed");
    insta::assert_snapshot!(when(&values), @"rules: 1001 values of `contains` are too many; 1000 are allowed");
}

#[test]
fn a_segment_is_refused_as_rules_are() {
    let why = |segment: &str| Segment::parse(segment).unwrap_err().to_string();
    insta::assert_snapshot!(why("{}"), @"missing field `when` at line 1 column 2");
    insta::assert_snapshot!(why(r#"{"when": [{"field": "age", "op": "num_gt", "value": "old"}]}"#), @r#"when[0]: "old" is not a number"#);
}
