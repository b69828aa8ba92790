//! What is ours in the provider: reasons, outages, callers.

use handover_flags::Held;
use open_feature::{EvaluationContext, Value};

use super::client::{Seen, World};
use super::fixture;
use crate::flags::{contents, gate, rules};

fn nobody() -> EvaluationContext {
    EvaluationContext::default()
}

fn bool(value: bool, reason: &str) -> Seen {
    let variant = if value { "on" } else { "off" };
    Seen { value: value.into(), reason: reason.to_owned(), variant: Some(variant.to_owned()), code: None }
}

fn error(fallback: &Value, code: &str) -> Seen {
    Seen { value: fallback.clone(), reason: "ERROR".to_owned(), variant: None, code: Some(code.to_owned()) }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_be_heard_leaves_the_last_values_and_the_reason_says_so() {
    let world = World::with(fixture::all()).await;
    world.script.lose().await;
    assert_eq!(world.ask("boolean-flag", &false.into(), &nobody()).await, bool(true, "STALE"));
    let held = world.ask("integer-flag", &1.into(), &nobody()).await;
    assert_eq!(
        (held.value, held.reason.as_str(), held.variant.as_deref()),
        (10.into(), "STALE", Some("ten"))
    );
    let unknown = world.ask("nobody", &true.into(), &nobody()).await;
    assert_eq!(unknown, error(&true.into(), "FLAG_NOT_FOUND"));
    world.script.fresh().await;
    assert_eq!(world.ask("boolean-flag", &false.into(), &nobody()).await, bool(true, "STATIC"));
}

#[tokio::test(start_paused = true)]
async fn a_declared_flag_has_its_safe_value_while_nothing_is_known() {
    let world = World::silent().await;
    assert_eq!(world.ask("declared", &false.into(), &nobody()).await, bool(true, "DEFAULT"));
    let fallback = 7.into();
    assert_eq!(world.ask("declared", &fallback, &nobody()).await, error(&fallback, "DEFAULT"));
}

#[tokio::test(start_paused = true)]
async fn a_killed_flag_is_false_whatever_the_callers_default_is() {
    let world = World::with(contents(&[(gate("x"), "false")])).await;
    assert_eq!(world.ask("x", &true.into(), &nobody()).await, bool(false, "DISABLED"));
    world.script.set(gate("x"), Some("FALSE")).await;
    assert_eq!(world.ask("x", &true.into(), &nobody()).await, bool(false, "ERROR"));
    let fallback = 7.into();
    assert_eq!(world.ask("x", &fallback, &nobody()).await, error(&fallback, "PARSE_ERROR"));
    let hash = (gate("declared"), Some(Held::Unreadable("a hash".into())));
    world.script.change(hash.0, hash.1).await;
    assert_eq!(world.ask("declared", &false.into(), &nobody()).await, bool(true, "ERROR"));
}

#[tokio::test(start_paused = true)]
async fn each_way_to_be_admitted_has_its_reason() {
    let on = |flag: &str, document: &'static str| [(gate(flag), "true"), (rules(flag), document)];
    let all = [
        on("half", r#"{"rules":[{"percentage":50}]}"#),
        on("all", r#"{"rules":[{"percentage":100}]}"#),
        on("variants", r#"{"variants":[{"name":"a","weight":1},{"name":"b","weight":1}]}"#),
        on(
            "named",
            r#"{"variants":[{"name":"a","weight":1,"overrides":[{"field":"userId","values":["7"]}]}]}"#,
        ),
        on("pro", r#"{"rules":[{"when":[{"field":"plan","op":"in","value":"pro"}]},{}]}"#),
        on("needs", r#"{"requires":[{"flag":"nobody"}]}"#),
        on("closed", r#"{"rules":[{"percentage":0}]}"#),
    ];
    let world = World::with(contents(&all.concat())).await;
    let mut said = Vec::new();
    for flag in ["half", "all", "variants", "named", "pro", "needs", "closed"] {
        // The places of 1 to 50 are on both sides of the half; the first that is on will do.
        for user in 1..50 {
            let caller =
                nobody().with_targeting_key(if flag == "named" { "7".to_owned() } else { user.to_string() });
            let seen = world.ask(flag, &false.into(), &caller.with_custom_field("plan", "pro")).await;
            if seen.value == true.into() || user == 49 {
                said.push(format!("{flag}: {:?} {}", seen.value, seen.reason));
                break;
            }
        }
    }
    let free = world.ask("pro", &false.into(), &nobody()).await;
    said.push(format!("pro, for others: {:?} {}", free.value, free.reason));
    insta::assert_snapshot!(said.join("\n"), @"
    half: Bool(true) SPLIT
    all: Bool(true) STATIC
    variants: Bool(true) SPLIT
    named: Bool(true) TARGETING_MATCH
    pro: Bool(true) TARGETING_MATCH
    needs: Bool(false) PREREQUISITE_FAILED
    closed: Bool(false) DEFAULT
    pro, for others: Bool(true) DEFAULT
    ");
}

#[tokio::test(start_paused = true)]
async fn the_targeting_key_is_the_user_and_every_field_is_one_of_ours() {
    let rule = r#"{"rules":[{"when":[{"field":"userId","op":"in","value":"42"},{"field":"beta","op":"in","value":"true"},
        {"field":"age","op":"num_gte","value":18},{"field":"score","op":"num_gt","value":0.5},
        {"field":"since","op":"date_before","value":"2030-01-01T00:00:00Z"}]}]}"#;
    let world = World::with(contents(&[(gate("x"), "true"), (rules("x"), rule)])).await;
    let since = long_ago();
    let caller =
        nobody().with_targeting_key("42").with_custom_field("beta", true).with_custom_field("age", 18);
    let caller = caller.with_custom_field("score", 0.75).with_custom_field("since", since);
    assert_eq!(world.ask("x", &false.into(), &caller).await, bool(true, "TARGETING_MATCH"));
    for (field, value) in [("age", Value::Int(17)), ("beta", false.into())] {
        let mut other = caller.clone();
        match value {
            Value::Int(age) => other.add_custom_field(field, age),
            _ => other.add_custom_field(field, false),
        }
        assert_eq!(world.ask("x", &true.into(), &other).await, bool(false, "DEFAULT"), "{field}");
    }
    let other = caller.clone().with_targeting_key("41");
    assert_eq!(world.ask("x", &true.into(), &other).await, bool(false, "DEFAULT"));
}

/// 2001-09-09, in the type that the client takes.
fn long_ago() -> open_feature::EvaluationContextFieldValue {
    let moment = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    open_feature::EvaluationContextFieldValue::DateTime(moment.into())
}

#[tokio::test(start_paused = true)]
async fn a_payload_that_is_not_what_its_type_says_is_a_parse_error() {
    let ten = r#"{"variants":[{"name":"a","weight":1,"payload":{"type":"number","value":"ten"}}]}"#;
    let world = World::with(contents(&[(gate("x"), "true"), (rules("x"), ten)])).await;
    for fallback in [Value::Int(1), Value::Float(1.0), Value::Bool(false)] {
        assert_eq!(world.ask("x", &fallback, &nobody()).await, error(&fallback, "PARSE_ERROR"));
    }
    world.script.set(rules("x"), Some(r#"{"variants":[{"name":"blue","weight":1}]}"#)).await;
    let named = world.ask("x", &"red".into(), &nobody()).await;
    assert_eq!(
        (named.value, named.variant.as_deref()),
        ("blue".into(), Some("blue")),
        "a variant is its name"
    );
    assert_eq!(world.ask("x", &false.into(), &nobody()).await.value, true.into());
}

#[tokio::test(start_paused = true)]
async fn the_provider_has_a_name_and_a_message_says_which_flag_in_words_that_harm_no_terminal() {
    let world = World::with(fixture::all()).await;
    assert_eq!(world.api.provider_metadata().await.name, "handover");
    let errors = [
        world.client.get_int_value("string-flag", None, None).await.unwrap_err(),
        world.client.get_int_value("integer-disabled-flag", None, None).await.unwrap_err(),
        world.client.get_int_value("a\u{1b}[31mb", None, None).await.unwrap_err(),
    ];
    let said = errors.map(|error| format!("{}: {}", error.code, error.message.unwrap()));
    insta::assert_snapshot!(said.join("\n"), @r"
    TYPE_MISMATCH: flag `string-flag`: it holds another type
    DISABLED: flag `integer-disabled-flag`: it is off for this caller, and has no value then
    FLAG_NOT_FOUND: flag `a\u{1b}[31mb`: nobody knows it
    ");
}
