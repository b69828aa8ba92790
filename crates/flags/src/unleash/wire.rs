//! Unleash's state as its server sends it to clients. Unknown keys are its own affair; no logic.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// The whole, or a list of changes that lead to it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct State {
    pub(super) features: Option<Vec<Feature>>,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) segments: Vec<Segment>,
    pub(super) events: Option<Vec<Event>>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Feature {
    pub(super) name: String,
    pub(super) enabled: bool,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) strategies: Vec<Strategy>,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) variants: Vec<Variant>,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) dependencies: Vec<Dependency>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Strategy {
    pub(super) name: String,
    pub(super) title: Option<String>,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) disabled: bool,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) parameters: BTreeMap<String, Text>,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) constraints: Vec<Constraint>,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) segments: Vec<i64>,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) variants: Vec<Variant>,
}

impl Strategy {
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(|text| text.0.as_str())
    }
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Constraint {
    pub(super) context_name: String,
    pub(super) operator: String,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) case_insensitive: bool,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) inverted: bool,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) values: Vec<Text>,
    pub(super) value: Option<Text>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Variant {
    pub(super) name: String,
    pub(super) weight: i64,
    pub(super) stickiness: Option<String>,
    pub(super) payload: Option<Payload>,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) overrides: Vec<Override>,
}

#[derive(Clone, Deserialize)]
pub(super) struct Payload {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) value: Text,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Override {
    pub(super) context_name: String,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) values: Vec<Text>,
}

#[derive(Clone, Deserialize)]
pub(super) struct Dependency {
    pub(super) feature: String,
    pub(super) enabled: Option<bool>,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) variants: Vec<String>,
}

#[derive(Clone, Deserialize)]
pub(super) struct Segment {
    pub(super) id: i64,
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "or_none")]
    pub(super) constraints: Vec<Constraint>,
}

/// One change.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Event {
    FeatureUpdated {
        feature: Feature,
    },
    #[serde(rename_all = "camelCase")]
    FeatureRemoved {
        feature_name: String,
    },
    SegmentUpdated {
        segment: Segment,
    },
    #[serde(rename_all = "camelCase")]
    SegmentRemoved {
        segment_id: i64,
    },
    Hydration {
        #[serde(default)]
        features: Vec<Feature>,
        #[serde(default)]
        segments: Vec<Segment>,
    },
}

/// A text, or the text of a number or truth value.
#[derive(Clone, Deserialize)]
#[serde(from = "Scalar")]
pub(super) struct Text(pub(super) String);

#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Truth(bool),
    Number(serde_json::Number),
}

impl From<Scalar> for Text {
    fn from(scalar: Scalar) -> Self {
        Self(match scalar {
            Scalar::Text(text) => text,
            Scalar::Truth(truth) => truth.to_string(),
            Scalar::Number(number) => number.to_string(),
        })
    }
}

/// `null` is as good as nothing.
fn or_none<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
