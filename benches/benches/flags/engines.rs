//! Engines that evaluate rules, as ours does.

use futures_util::FutureExt as _;
use serde_json::{Value, json};
use unleash_yggdrasil::{EngineState, UpdateMessage};

use crate::ours::flags;
use crate::subject::{ASKED, FLAGS, Subject, beside, flag, on};

/// The hundred flags and a rollout, as Unleash sends them.
fn state() -> Value {
    let feature =
        |name: &str, strategies: Value| json!({ "name": name, "enabled": true, "strategies": strategies });
    let plain = (0..FLAGS).map(|number| feature(&flag(number), json!([{ "name": "default" }])));
    let parameters = json!({ "rollout": "50", "stickiness": "userId", "groupId": "half" });
    let half = feature("half", json!([{ "name": "flexibleRollout", "parameters": parameters }]));
    json!({ "version": 2, "features": plain.chain([half]).collect::<Vec<_>>() })
}

fn unleash() -> EngineState {
    let engine = EngineState::default();
    let features = serde_json::from_value(state()).expect("a state of Unleash");
    assert!(engine.take_state(UpdateMessage::FullResponse(features)).is_none(), "it took it whole");
    engine
}

/// The client of OpenFeature over our provider, on flags of its own.
fn openfeature() -> open_feature::Client {
    let provider = handover_flags::openfeature::OpenFeatureProvider::new(&flags(true));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let mut api = open_feature::OpenFeature::default();
        api.set_provider(provider).await;
        api.create_client()
    })
}

pub(crate) fn subjects() -> Vec<Subject> {
    let (plain, half) = (unleash(), unleash());
    let (client, rollout) = (openfeature(), openfeature());
    vec![
        beside("Unleash's yggdrasil, by name", move |callers| {
            on(callers, |caller| plain.is_enabled(ASKED, &caller.unleash, &None))
        }),
        beside("Unleash's yggdrasil, 50 % of users, by name", move |callers| {
            on(callers, |caller| half.is_enabled("half", &caller.unleash, &None))
        }),
        beside("OpenFeature's client over ours, by name", move |callers| {
            on(callers, |caller| asked(&client, ASKED, &caller.openfeature))
        }),
        beside("OpenFeature's client over ours, 50 % of users, by name", move |callers| {
            on(callers, |caller| asked(&rollout, "half", &caller.openfeature))
        }),
    ]
}

/// Our provider never waits, so its future is ready at once.
fn asked(client: &open_feature::Client, flag: &str, context: &open_feature::EvaluationContext) -> bool {
    let value = client.get_bool_value(flag, Some(context), None).now_or_never();
    value.is_some_and(|value| value.is_ok_and(|on| on))
}
