use serde_json::{Value, json};

use super::super::import;
use crate::rules::Rules;

fn notes(state: &Value) -> String {
    let notes = import(&state.to_string()).unwrap().notes;
    notes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What is said about a flag with this strategy, which must then admit nobody.
fn refused(strategy: &Value) -> String {
    let state = json!({"features": [{"name": "f", "enabled": true, "strategies": [strategy]}]});
    assert_eq!(import(&state.to_string()).unwrap().rules["f"], Rules::nobody());
    notes(&state)
}

fn constraint(operator: &str, value: &str) -> String {
    let constraint = json!({"contextName": "plan", "operator": operator, "value": value, "values": [value]});
    refused(&json!({"name": "default", "constraints": [constraint]}))
}

#[test]
fn a_strategy_that_cannot_be_carried_over_admits_nobody_and_says_why() {
    let rollout =
        |rollout: &str| refused(&json!({"name": "flexibleRollout", "parameters": {"rollout": rollout}}));
    insta::assert_snapshot!(refused(&json!({"name": "ourOwn"})), @r#"f: strategy "ourOwn" admits nobody: it is one of your own"#);
    insta::assert_snapshot!(refused(&json!({"name": "default", "disabled": true})), @r#"f: strategy "default" admits nobody: it is disabled"#);
    insta::assert_snapshot!(refused(&json!({"name": "userWithId"})), @r#"f: strategy "userWithId" admits nobody: it has no `userIds`"#);
    insta::assert_snapshot!(refused(&json!({"name": "gradualRolloutUserId", "parameters": {"percentage": "50"}})), @r#"f: strategy "gradualRolloutUserId" admits nobody: it has no `groupId`"#);
    insta::assert_snapshot!(refused(&json!({"name": "remoteAddress", "parameters": {"IPs": "home, work"}})), @r#"
    f: left out of a list of networks: home, work
    f: strategy "remoteAddress" admits nobody: it lists no network
    "#);
    insta::assert_snapshot!(rollout("101"), @r#"f: strategy "flexibleRollout" admits nobody: "101" is not a whole percentage from 0 to 100"#);
    insta::assert_snapshot!(rollout("12.5"), @r#"f: strategy "flexibleRollout" admits nobody: "12.5" is not a whole percentage from 0 to 100"#);
}

#[test]
fn a_constraint_that_means_nothing_closes_its_strategy_and_says_why() {
    insta::assert_snapshot!(constraint("SOUNDS_LIKE", "pro"), @r#"f: strategy "default" admits nobody: there is no operator "SOUNDS_LIKE""#);
    insta::assert_snapshot!(constraint("NUM_GT", "many"), @r#"f: strategy "default" admits nobody: NUM_GT on "plan": "many" is not a number"#);
    insta::assert_snapshot!(constraint("SEMVER_EQ", "v1.2.3"), @r#"f: strategy "default" admits nobody: SEMVER_EQ on "plan": "v1.2.3" is not a version such as "1.2.3" or "2.0.0-beta.1""#);
    insta::assert_snapshot!(constraint("REGEX", "(pro"), @r#"f: strategy "default" admits nobody: REGEX on "plan": the regular expression does not compile: unclosed group"#);
    insta::assert_snapshot!(constraint("DATE_AFTER", "soon"), @r#"f: strategy "default" admits nobody: DATE_AFTER on "plan": "soon" is not a date such as "2026-01-31T13:00:00Z""#);
}

#[test]
fn what_is_left_out_is_named() {
    let networks =
        json!({"contextName": "remoteAddress", "operator": "IN_CIDR", "values": ["home", "10.0.0.0/8"]});
    let kept = json!({"name": "default", "constraints": [networks]});
    let hosts = json!({"name": "applicationHostname", "parameters": {"hostNames": "a, B"}});
    let variants = json!([{"name": "a", "weight": 1, "stickiness": "userId"},
        {"name": "b", "weight": -1, "stickiness": "random"}]);
    let parent = json!({"feature": "p", "enabled": false, "variants": ["a"]});
    let state = json!({"features": [{"name": "f", "enabled": true, "strategies": [kept, hosts],
        "variants": variants, "dependencies": [parent]}]});
    insta::assert_snapshot!(notes(&state), @r#"
    f: left out of a list of networks: home
    f: a list of host names looks at the context's field `hostname`, which the program must give
    f: variants stick to different fields; as in Unleash they all stick to the first one's
    f: variant "b" has a weight of -1, read as 0
    f: "p" must be off, so its variants are not asked for
    "#);
}

/// Unleash's engine minds the case of whole values whatever is asked.
#[test]
fn only_parts_of_texts_are_compared_without_regard_to_case() {
    let list = |operator: &str| json!({"contextName": "plan", "operator": operator, "values": ["pro"], "caseInsensitive": true});
    let strategy = json!({"name": "default", "constraints": [list("IN"), list("STR_CONTAINS")]});
    let state = json!({"features": [{"name": "f", "enabled": true, "strategies": [strategy]}]});
    let rules = &import(&state.to_string()).unwrap().rules["f"].rules[0];
    assert_eq!(rules.when.iter().map(|constraint| constraint.ignore_case).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_network_is_not_taken_out_of_a_list_that_shuts_people_out() {
    let networks = json!({"contextName": "remoteAddress", "operator": "IN_CIDR", "inverted": true,
        "values": ["home", "10.0.0.0/8"]});
    insta::assert_snapshot!(refused(&json!({"name": "default", "constraints": [networks]})), @r#"f: strategy "default" admits nobody: IN_CIDR on "remoteAddress": "home" is not a network such as "10.0.0.0/8", nor an address"#);
}

#[test]
fn a_segment_that_is_missing_or_means_nothing_is_named_with_the_rules_it_closes() {
    let broken = json!({"id": 7, "name": "big spenders", "constraints":
        [{"contextName": "spent", "operator": "NUM_GT", "value": "much"}]});
    let strategies = json!([{"name": "default", "segments": [7]}, {"name": "default", "segments": [8]}]);
    let state =
        json!({"features": [{"name": "f", "enabled": true, "strategies": strategies}], "segments": [broken]});
    insta::assert_snapshot!(notes(&state), @r#"
    big spenders: left out, so rules with this segment admit nobody: NUM_GT on "spent": "much" is not a number
    f: there is no segment "big spenders", so its rule admits nobody
    f: there is no segment "segment-8", so its rule admits nobody
    "#);
}

#[test]
fn two_segments_of_one_name_stay_two() {
    let segment = |id: u32, plan: &str| {
        json!({"id": id, "name": "same", "constraints":
        [{"contextName": "plan", "operator": "IN", "values": [plan]}]})
    };
    let state = json!({"features": [], "segments": [segment(1, "free"), segment(2, "pro")]});
    let segments = import(&state.to_string()).unwrap().segments;
    assert_eq!(segments.keys().collect::<Vec<_>>(), ["same", "segment-2"]);
}

#[test]
fn what_is_too_large_for_a_document_is_on_for_nobody() {
    let strategies = vec![json!({"name": "flexibleRollout", "parameters": {"rollout": "1"}}); 101];
    let state = json!({"features": [{"name": "f", "enabled": true, "strategies": strategies}]});
    insta::assert_snapshot!(notes(&state), @"f: it is on for nobody: rules: 101 rules are too many; 100 are allowed");
    assert_eq!(import(&state.to_string()).unwrap().rules["f"], Rules::nobody());
}

#[test]
fn what_is_no_state_says_so() {
    let why = |json: &str| import(json).unwrap_err().to_string();
    insta::assert_snapshot!(why("{"), @"EOF while parsing an object at line 1 column 1");
    insta::assert_snapshot!(why("[]"), @"invalid length 0, expected struct State with 3 elements at line 1 column 2");
    insta::assert_snapshot!(why(r#"{"version": 2}"#), @"there are neither `features` nor `events` in it, so it is no state of Unleash");
    insta::assert_snapshot!(why(r#"{"features": [{"name": "f"}]}"#), @"missing field `enabled` at line 1 column 27");
    insta::assert_snapshot!(why(r#"{"events": [{"type": "feature-archived"}]}"#), @"unknown variant `feature-archived`, expected one of `feature-updated`, `feature-removed`, `segment-updated`, `segment-removed`, `hydration` at line 1 column 39");
    assert!(import(&"[".repeat(1_000_000)).is_err(), "however deep");
}
