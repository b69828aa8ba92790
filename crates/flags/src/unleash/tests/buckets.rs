//! An import keeps every user where they are.

use proptest::prelude::*;
use serde_json::{Value, json};
use unleash_yggdrasil::state::EnrichedContext;
use unleash_yggdrasil::{EngineState, UpdateMessage};

use super::oracle::Ours;
use crate::rules::Context;

const IDS: u32 = 100_000;

/// A flag with a rollout and two lists of variants, in groups and with weights of any kind.
fn flag() -> impl Strategy<Value = Value> {
    let weights = || prop::collection::vec(0u32..1_000, 1..5);
    (0u32..=100, "\\PC{0,20}", "[a-z_.]{1,20}", weights(), weights(), any::<[bool; 2]>()).prop_map(
        |(share, group, name, own, general, [grouped, session])| {
            let variants = |weights: Vec<u32>, prefix: &str| {
                let one = |(at, weight): (usize, u32)| json!({"name": format!("{prefix}{at}"), "weight": weight + 1});
                weights.into_iter().enumerate().map(one).collect::<Vec<_>>()
            };
            let mut parameters = json!({"rollout": share.to_string(), "stickiness": "default"});
            let group = group.replace(['"', '\\'], "");
            if grouped && !group.is_empty() {
                parameters["groupId"] = json!(group);
            }
            if session {
                parameters["stickiness"] = json!("sessionId");
            }
            json!({"version": 2, "query": null, "features": [{"name": name, "enabled": true,
                "variants": variants(general, "general"),
                "strategies": [
                    {"name": "flexibleRollout", "parameters": parameters, "variants": variants(own, "own")},
                    {"name": "flexibleRollout", "parameters":
                        {"rollout": (share / 2).to_string(), "groupId": "second", "stickiness": "userId"}},
                ]}]})
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    #[test]
    fn every_user_keeps_rollout_and_variant(state in flag()) {
        let engine = EngineState::default();
        engine.take_state(UpdateMessage::FullResponse(serde_json::from_value(state.clone()).unwrap()));
        let ours = Ours::of(&state.to_string());
        let flag = state["features"][0]["name"].as_str().unwrap();
        for id in 0..IDS {
            let (user, session) = (format!("user-{id}"), format!("{:x}", id.wrapping_mul(2_654_435_761)));
            let theirs = EnrichedContext { user_id: Some(&user), session_id: Some(&session), environment: None,
                app_name: None, current_time: None, remote_address: None, properties: None, external_results: None,
                toggle_name: flag, runtime_hostname: None };
            let found = ours.decide(flag, &Context::new().user(&*user).session(&*session)).unwrap();
            prop_assert_eq!(engine.check_enabled(&theirs), Some(found.on), "{}", &user);
            let named = found.variant.map_or("disabled", |variant| &variant.name);
            prop_assert_eq!(engine.check_variant(&theirs).unwrap().name, named, "{}", &user);
        }
    }
}
