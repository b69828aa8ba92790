//! The published schema and the documents agree, as far as keys, kinds and bounds go.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::super::{Op, Rules, Segment};
use super::page::examples;

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../../docs/flag-rules.schema.json")).unwrap()
}

/// What of a value the schema does not allow. As much of JSON Schema as the file uses, but for `oneOf` and `format`.
fn faults(schema: &Value, part: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(name) = part["$ref"].as_str() {
        return faults(schema, schema.pointer(&name[1..]).unwrap(), value, at);
    }
    let mut faults = kind(part, value, at);
    faults.extend(bounds(part, value).then(|| format!("{at}: {value} is out of bounds")));
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        faults.extend(self::faults(schema, &part["items"], item, &format!("{at}[{index}]")));
    }
    for name in part["required"].as_array().into_iter().flatten() {
        let missing = value.get(name.as_str().unwrap()).is_none();
        faults.extend(missing.then(|| format!("{at}: {name} is missing")));
    }
    for (key, item) in value.as_object().into_iter().flatten() {
        match part["properties"].get(key) {
            Some(part) => faults.extend(self::faults(schema, part, item, &format!("{at}.{key}"))),
            None => faults.push(format!("{at}: there is no {key}")),
        }
    }
    faults
}

fn kind(part: &Value, value: &Value, at: &str) -> Vec<String> {
    let is = |kind: &Value| match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_u64(),
        other => panic!("the schema has a kind {other}"),
    };
    let right = match &part["type"] {
        Value::Null => part["enum"].as_array().is_none_or(|all| all.contains(value)),
        Value::Array(kinds) => kinds.iter().any(is),
        kind => is(kind),
    };
    if right { Vec::new() } else { vec![format!("{at}: {value} is not {}", part["type"])] }
}

fn bounds(part: &Value, value: &Value) -> bool {
    let above =
        |key: &str, size: Option<f64>| size.zip(part[key].as_f64()).is_some_and(|(size, most)| size > most);
    let below =
        |key: &str, size: Option<f64>| size.zip(part[key].as_f64()).is_some_and(|(size, least)| size < least);
    #[expect(clippy::cast_precision_loss, reason = "a length")]
    let length = value.as_str().map(|text| text.len() as f64);
    #[expect(clippy::cast_precision_loss, reason = "a length")]
    let items = value.as_array().map(|list| list.len() as f64);
    above("maxItems", items)
        || above("maxLength", length)
        || below("minLength", length)
        || above("maximum", value.as_f64())
        || below("minimum", value.as_f64())
        || part["not"]["const"] == *value && !value.is_null()
}

fn against(name: &str, value: &Value) -> Vec<String> {
    let schema = schema();
    faults(&schema, &schema["$defs"][name], value, name)
}

#[test]
fn the_examples_of_the_page_follow_the_schema() {
    for (fence, name) in [("json", "rules"), ("json segment", "segment")] {
        for example in examples(fence) {
            assert_eq!(against(name, &serde_json::from_str(example).unwrap()), [""; 0]);
        }
    }
}

#[test]
fn the_schema_names_every_operator_and_no_other() {
    let names: Vec<_> = Op::all().map(Op::name).collect();
    assert_eq!(schema()["$defs"]["constraint"]["properties"]["op"]["enum"], json!(names));
}

/// A document with every key there is, some left out and some values out of bounds.
fn document() -> impl Strategy<Value = Value> {
    let name = || select(vec!["a", "userId", "random", "", "currentTime"]);
    let text = || select(vec!["a", "b", "c"]);
    let constraint =
        (name(), select(Op::all().collect::<Vec<_>>()), any::<[Option<bool>; 2]>(), any::<bool>()).prop_map(
            |(field, op, [not, fold], single)| {
                let value = match op {
                    Op::DateAfter | Op::DateBefore => "2026-01-31T13:00:00Z",
                    Op::Cidr => "10.0.0.0/8",
                    _ if op.name().starts_with("semver") => "1.2.3",
                    _ => "7",
                };
                let key = if single { "value" } else { "values" };
                let value = if single { json!(value) } else { json!([value]) };
                json!({"field": field, "op": op, key: value, "not": not, "ignore_case": fold})
            },
        );
    let when = vec(constraint, 0..3);
    let overrides = option::of(vec(
        (name(), vec(text(), 0..2)).prop_map(|(field, values)| json!({"field": field, "values": values})),
        0..2,
    ));
    let payload = option::of(Just(json!({"type": "json", "value": "{}"})));
    let variant = (text(), 0u32..1_500_000, option::of(name()), payload, overrides).prop_map(
        |(name, weight, stickiness, payload, overrides)| {
            json!({"name": name, "weight": weight, "stickiness": stickiness, "payload": payload, "overrides": overrides})
        },
    );
    let variants = vec(variant, 0..2).boxed();
    let share = option::of(-5i32..=105);
    let day = || option::of((1u32..29).prop_map(|day| format!("2026-01-{day:02}T00:00:00Z")));
    let rule = (option::of(name()), when, vec(name(), 0..2), day(), day(), share, option::of(name()), variants.clone())
        .prop_map(|(name, when, segments, from, until, percentage, stickiness, variants)| {
            json!({"name": name, "group": name, "when": when, "segments": segments, "from": from, "until": until,
                "percentage": percentage, "stickiness": stickiness, "variants": variants})
        });
    let requires = (name(), any::<Option<bool>>(), option::of(vec(text(), 0..2))).prop_map(
        |(flag, enabled, variants)| json!({"flag": flag, "enabled": enabled, "variants": variants}),
    );
    (vec(rule, 0..3), variants, vec(requires, 0..2)).prop_map(|(rules, variants, requires)| {
        without_nulls(json!({"rules": rules, "variants": variants, "requires": requires}))
    })
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().filter(|(_, value)| !value.is_null());
            kept.map(|(key, value)| (key, without_nulls(value))).collect()
        }
        Value::Array(list) => list.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_taken_follows_the_schema_and_what_does_not_is_not_taken(document in document()) {
        let faults = against("rules", &document);
        if let Ok(rules) = Rules::parse(&document.to_string()) {
            prop_assert!(faults.is_empty(), "{faults:?}: {document}");
            prop_assert_eq!(against("rules", &serde_json::to_value(&rules).unwrap()), [""; 0]);
            for rule in rules.rules {
                let segment = json!({"when": rule.when});
                prop_assert!(Segment::parse(&segment.to_string()).is_ok());
                prop_assert_eq!(against("segment", &segment), [""; 0]);
            }
        }
    }

    #[test]
    fn a_key_that_the_schema_does_not_know_is_not_taken(document in document(), at in "(|/rules/0|/variants/0|/rules/0/when/0|/requires/0)") {
        let mut document = document;
        if let Some(part) = document.pointer_mut(&at) {
            part["colour"] = json!("blue");
            prop_assert!(!against("rules", &document).is_empty());
            prop_assert!(Rules::parse(&document.to_string()).is_err());
        }
    }
}
