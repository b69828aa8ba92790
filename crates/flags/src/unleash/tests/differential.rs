//! Random states asked of Unleash's own engine and of ours.
//!
//! Left out is chance, and where the engine is known to part from Unleash's specification or reference client:
//! - one constraint that means nothing turns its whole flag off; the specification asks that of its strategy alone;
//! - the opposite of a regular expression that does not compile, or of a list without one network, is everybody;
//!   here it is nobody;
//! - a number where a version belongs, and the reverse, is compared as what it looks like; here it means nothing;
//! - a parent's rollout without a group of its own is divided by the child's name; here by the parent's, so that
//!   parent and child agree on who is in;
//! - any variant is granted to a parent that has none; the reference client calls that variant `disabled`.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use unleash_yggdrasil::{ClientFeatures, Context as TheirContext, EngineState, UpdateMessage};

use super::generated::{caller, state};
use super::oracle::{Ours, context};

fn theirs(state: &Value) -> EngineState {
    let engine = EngineState::default();
    let features: ClientFeatures = serde_json::from_value(state.clone()).unwrap();
    let warnings = engine.take_state(UpdateMessage::FullResponse(features));
    assert!(warnings.is_none(), "the state is one that the engine takes: {warnings:?}");
    engine
}

/// Where the caller has nothing that the first variant sticks to, chance decides.
fn is_chance(feature: &Value, caller: &Value) -> bool {
    let known = |field: &str| caller[field].is_string() || caller["properties"][field].is_string();
    let sticks = |stickiness: &str| match stickiness {
        "default" => known("userId") || known("sessionId"),
        field => known(field),
    };
    let mut lists = vec![feature["variants"][0]["stickiness"].as_str().unwrap_or("default")];
    for strategy in feature["strategies"].as_array().unwrap() {
        lists.push(strategy["parameters"]["stickiness"].as_str().unwrap_or("default"));
    }
    !lists.into_iter().all(sticks)
}

fn parents_by_chance(state: &Value, feature: &Value, caller: &Value) -> bool {
    let names = feature["dependencies"].as_array().into_iter().flatten().map(|parent| &parent["feature"]);
    let all = state["features"].as_array().unwrap();
    names
        .flat_map(|name| all.iter().filter(move |other| &other["name"] == name))
        .any(|parent| is_chance(parent, caller))
}

fn differences(state: &Value, callers: &[Value], seen: &mut BTreeMap<&'static str, u32>) -> Vec<String> {
    let (engine, ours) = (theirs(state), Ours::of(&state.to_string()));
    let mut wrong = Vec::new();
    for (caller, feature) in callers
        .iter()
        .flat_map(|caller| state["features"].as_array().unwrap().iter().map(move |feature| (caller, feature)))
    {
        if is_chance(feature, caller) || parents_by_chance(state, feature, caller) {
            continue;
        }
        let flag = feature["name"].as_str().unwrap();
        let theirs: TheirContext = serde_json::from_value(caller.clone()).unwrap();
        let (on, variant) =
            (engine.is_enabled(flag, &theirs, &None), engine.get_variant(flag, &theirs, &None));
        let (asked, found) = (context(caller), ours.decide(flag, &context(caller)));
        let named = found.and_then(|decision| decision.variant).map_or("disabled", |variant| &variant.name);
        *seen.entry(if on { "on" } else { "off" }).or_default() += 1;
        *seen.entry(if variant.enabled { "with a variant" } else { "without" }).or_default() += 1;
        if ours.is_on(flag, &asked) != on || named != variant.name {
            wrong.push(format!("{flag} for {caller}: {on} {}, not {named}: {feature}", variant.name));
        }
    }
    wrong
}

#[test]
fn random_flags_are_decided_as_by_unleashs_own_engine() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::default());
    let seen = std::cell::RefCell::new(BTreeMap::new());
    let states = (state(), prop::collection::vec(caller(), 12));
    runner
        .run(&states, |(state, callers)| {
            let wrong = differences(&state, &callers, &mut seen.borrow_mut());
            prop_assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), state["segments"]);
            Ok(())
        })
        .unwrap();
    let seen = seen.into_inner();
    // What is compared is worth comparing: neither answer is rare.
    assert!(seen.len() == 4 && seen.values().all(|count| *count > 500), "{seen:?}");
}

/// A state of one flag with one strategy, whose constraint may mean nothing at all.
fn nonsense() -> impl Strategy<Value = Value> {
    let word = prop_oneof!["\\PC{0,8}", "[(\\[*+?0-9./v-]{0,8}", Just("x{1000}{1000}".to_owned())];
    let operators =
        ["IN_CIDR", "NUM_EQ", "NUM_GT", "SEMVER_LT", "DATE_AFTER", "REGEX", "STR_CONTAINS", "NONE"];
    (word, prop::sample::select(operators.to_vec()), any::<bool>()).prop_map(|(word, operator, inverted)| {
        let word = word.replace(['\\', '"'], "");
        let constraint = json!({"contextName": "plan", "operator": operator, "inverted": inverted, "value": word,
            "values": [word]});
        json!({"version": 1, "features": [{"name": "f", "enabled": true, "strategies":
            [{"name": "default", "constraints": [constraint]}]}]})
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_constraint_without_meaning_admits_nobody_whom_unleash_would_not(state in nonsense(), caller in caller()) {
        let features: ClientFeatures = serde_json::from_value(state.clone()).unwrap();
        let engine = EngineState::default();
        let theirs: TheirContext = serde_json::from_value(caller.clone()).unwrap();
        let broken = engine.take_state(UpdateMessage::FullResponse(features)).is_some();
        let ours = Ours::of(&state.to_string());
        let reads = !ours.import.notes.is_empty();
        prop_assert!(!ours.is_on("f", &context(&caller)) || engine.is_enabled("f", &theirs, &None) || broken && !reads,
            "{state} {caller}");
    }
}
