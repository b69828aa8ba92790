//! Random states as an Unleash server could send them, and random callers.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

const FIELDS: [&str; 8] =
    ["userId", "sessionId", "remoteAddress", "environment", "appName", "plan", "version", "größe"];
const WORDS: [&str; 12] = ["1", "42", "-7", "3.5", "pro", "PRO", "prod", "ünï", "Ünï", "@x.com", "a\"b", " "];
const NUMBERS: [&str; 8] = ["0", "42", "-7", "3.5", "1e3", "+5", "12.0", "9007199254740993"];
const DATES: [&str; 5] = [
    "2026-01-31T13:00:00Z",
    "2026-01-31T13:00:00.000Z",
    "2026-01-31T14:00:00.001+01:00",
    "1969-12-31T23:59:59Z",
    "2400-02-29T00:00:00-11:30",
];
const VERSIONS: [&str; 8] =
    ["1.2.3", "1.2.4", "1.10.0", "2.0.0-alpha", "2.0.0-alpha.2", "2.0.0-alpha.10", "2.0.0", "2.0.0+build.7"];
const NETWORKS: [&str; 7] =
    ["10.0.0.0/8", "10.1.2.3", "10.1.0.0/255.255.0.0", "192.168.0.0/24", "2001:db8::/32", "::1", "0.0.0.0/0"];
const ADDRESSES: [&str; 6] = ["10.1.2.3", "10.200.0.1", "192.168.0.9", "2001:db8::5", "::1", "no address"];
const PATTERNS: [&str; 7] = ["^p", "o$", "^[0-9]+$", "(?i)PRO", "[^@]+@[^@]+", "\\d\\d", "ü"];
const STICKINESS: [&str; 5] = ["default", "userId", "sessionId", "plan", "environment"];

fn one(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    select(words)
}

/// A value that a caller may have in any field.
fn value() -> impl Strategy<Value = String> {
    let id = (0u32..2_000).prop_map(|id| id.to_string());
    let known = prop_oneof![one(&WORDS), one(&NUMBERS), one(&DATES), one(&VERSIONS), one(&ADDRESSES)];
    prop_oneof![3 => id, 4 => known.prop_map(str::to_owned), 1 => "\\PC{0,12}", 1 => "[a-zA-Z0-9.@]{0,8}"]
}

/// A caller whose fields are there more often than not. Greek is left out: of its two small sigmas Unleash makes two
/// letters, and we one.
pub(super) fn caller() -> impl Strategy<Value = Value> {
    let fields = subsequence(FIELDS.to_vec(), 3..=FIELDS.len());
    let now =
        prop::option::weighted(0.9, prop_oneof![one(&DATES), Just("2031-05-06T07:08:09Z"), Just("soon")]);
    (fields, vec(value(), FIELDS.len()), now).prop_map(|(fields, values, now)| {
        let (mut caller, mut properties) = (Map::new(), Map::new());
        for (field, value) in
            fields.into_iter().zip(values.into_iter().map(|value| value.replace(['Σ', 'ς', 'σ'], "s")))
        {
            let known = ["userId", "sessionId", "remoteAddress", "environment", "appName"].contains(&field);
            (if known { &mut caller } else { &mut properties }).insert(field.to_owned(), json!(value));
        }
        caller.insert("currentTime".into(), json!(now.unwrap_or("2026-02-01T00:00:00Z")));
        caller.insert("properties".into(), properties.into());
        caller.into()
    })
}

fn several(
    op: &'static [&'static str],
    values: &'static [&'static str],
    least: usize,
) -> BoxedStrategy<Value> {
    (one(&FIELDS), one(op), vec(one(values), least..6), any::<[bool; 2]>())
        .prop_map(|(field, op, values, [not, fold])| {
            json!({"contextName": field, "operator": op, "values": values, "inverted": not, "caseInsensitive": fold})
        })
        .boxed()
}

fn single(op: &'static [&'static str], values: &'static [&'static str]) -> BoxedStrategy<Value> {
    (one(&FIELDS), one(op), one(values), any::<[bool; 2]>())
        .prop_map(|(field, op, value, [not, fold])| {
            let fold = fold && op == "REGEX";
            json!({"contextName": field, "operator": op, "value": value, "inverted": not, "caseInsensitive": fold})
        })
        .boxed()
}

fn now() -> impl Strategy<Value = Value> {
    single(&["DATE_AFTER", "DATE_BEFORE"], &DATES).prop_map(|mut constraint| {
        constraint["contextName"] = json!("currentTime");
        constraint
    })
}

/// Each operator of Unleash, with values that it can read.
fn constraint() -> impl Strategy<Value = Value> {
    prop_oneof![
        several(&["IN", "NOT_IN"], &WORDS, 0),
        several(&["STR_CONTAINS", "STR_STARTS_WITH", "STR_ENDS_WITH"], &WORDS, 1),
        several(&["IN_CIDR"], &NETWORKS, 1),
        single(&["NUM_EQ", "NUM_GT", "NUM_GTE", "NUM_LT", "NUM_LTE"], &NUMBERS),
        single(&["DATE_AFTER", "DATE_BEFORE"], &DATES),
        single(&["SEMVER_EQ", "SEMVER_GT", "SEMVER_GTE", "SEMVER_LT", "SEMVER_LTE"], &VERSIONS),
        single(&["REGEX"], &PATTERNS),
        now(),
    ]
}

fn parameters() -> impl Strategy<Value = (&'static str, Value)> {
    let group = prop_oneof![Just("g1"), Just("größe 2"), Just("")];
    let group = group.prop_map(|group| if group.is_empty() { "g3" } else { group });
    (0u32..=100, one(&STICKINESS), group, 0..8, vec(one(&WORDS[..10]), 1..5), vec(one(&NETWORKS), 1..4))
        .prop_map(|(share, stickiness, group, kind, ids, networks)| match kind {
            0 => ("default", json!({})),
            1 => ("userWithId", json!({"userIds": ids.join(", ")})),
            2 => ("remoteAddress", json!({"IPs": networks.join(",")})),
            3 => ("gradualRolloutUserId", json!({"percentage": share.to_string(), "groupId": group})),
            4 => ("gradualRolloutSessionId", json!({"percentage": share.to_string(), "groupId": group})),
            5 => ("flexibleRollout", json!({"rollout": share.to_string(), "stickiness": stickiness})),
            _ => {
                let rollout =
                    json!({"rollout": share.to_string(), "stickiness": stickiness, "groupId": group});
                ("flexibleRollout", rollout)
            }
        })
}

fn overrides() -> impl Strategy<Value = Value> {
    let fixed = (one(&FIELDS), vec(one(&WORDS), 0..4));
    vec(fixed.prop_map(|(field, values)| json!({"contextName": field, "values": values})), 0..2)
        .prop_map(Value::from)
}

/// Variants of different names, at least one with a weight.
fn variants(most: usize) -> impl Strategy<Value = Value> {
    (vec((0u32..100, overrides(), one(&STICKINESS)), 0..=most), 1u32..50).prop_map(|(list, more)| {
        let one = |(at, (weight, overrides, stickiness)): (usize, (u32, Value, &str))| {
            let weight = if at == 0 { weight + more } else { weight };
            let payload = json!({"type": "string", "value": format!("value {at}")});
            json!({"name": format!("v{at}"), "weight": weight, "overrides": overrides, "stickiness": stickiness,
                "payload": payload})
        };
        list.into_iter().enumerate().map(one).collect::<Vec<_>>().into()
    })
}

fn strategy(segments: usize) -> impl Strategy<Value = Value> {
    let asked = vec(0..segments.max(1), 0..2);
    (parameters(), vec(constraint(), 0..3), asked, variants(3)).prop_map(
        move |((name, parameters), constraints, asked, variants)| {
            let asked = if segments == 0 { Vec::new() } else { asked };
            json!({"name": name, "parameters": parameters, "constraints": constraints, "segments": asked,
                "variants": variants})
        },
    )
}

fn feature(name: String, segments: usize) -> impl Strategy<Value = Value> {
    (prop::bool::weighted(0.85), vec(strategy(segments), 0..4), variants(4)).prop_map(
        move |(enabled, strategies, variants)| {
            json!({"name": name, "enabled": enabled, "strategies": strategies, "variants": variants})
        },
    )
}

/// A parent by its number, some of which do not exist; what is asked of it, and of which variants.
fn dependency() -> impl Strategy<Value = (usize, Option<bool>, Vec<&'static str>)> {
    (0usize..5, prop::option::of(any::<bool>()), vec(select(&["v0", "v1", "v2", "disabled"][..]), 0..3))
}

/// A state: parents `f0` to `f3`, and children that depend on them or on one another.
pub(super) fn state() -> impl Strategy<Value = Value> {
    let segments = vec(vec(constraint(), 0..3), 0..3);
    segments.prop_flat_map(|segments| {
        let count = segments.len();
        let features = (0..6).map(|at| feature(format!("f{at}"), count)).collect::<Vec<_>>();
        (Just(segments), features, vec(vec(dependency(), 0..3), 2)).prop_map(
            |(segments, mut features, children)| {
                let dependencies =
                    children.into_iter().map(|list| depend(&features, &list)).collect::<Vec<_>>();
                for (child, list) in [4, 5].into_iter().zip(dependencies) {
                    features[child]["dependencies"] = list;
                }
                let segment = |(id, when): (usize, Vec<Value>)| json!({"id": id, "constraints": when});
                let segments: Vec<_> = segments.into_iter().enumerate().map(segment).collect();
                json!({"version": 2, "features": features, "segments": segments, "query": null})
            },
        )
    })
}

/// What a child depends on. Where Unleash's reference client and its newer engine part, the question is not asked:
/// variants of a parent that must be off or that has none, and a parent's rollout that has no group of its own.
fn depend(features: &[Value], list: &[(usize, Option<bool>, Vec<&str>)]) -> Value {
    let has_variants = |feature: &Value| !feature["variants"].as_array().unwrap().is_empty();
    let ungrouped = |feature: &Value| {
        let mut strategies = feature["strategies"].as_array().unwrap().iter();
        strategies.any(|strategy| strategy["parameters"]["groupId"].is_null())
    };
    let one = |(parent, enabled, variants): &(usize, Option<bool>, Vec<&str>)| {
        let parent = features.get(*parent).filter(|feature| !ungrouped(feature));
        let asked = *enabled != Some(false) && parent.is_some_and(has_variants);
        let variants = if asked { variants.clone() } else { Vec::new() };
        let name = parent.map_or(&json!("nowhere"), |feature| &feature["name"]).clone();
        json!({"feature": name, "enabled": enabled, "variants": variants})
    };
    list.iter().map(one).collect::<Vec<_>>().into()
}
