//! What Prometheus answers, as it writes it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// A series' name and labels.
pub(super) type Labels = BTreeMap<String, String>;

/// The body of every answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reply {
    pub(super) status: String,
    pub(super) data: Option<Data>,
    #[serde(default)]
    pub(super) error_type: String,
    #[serde(default)]
    pub(super) error: String,
    /// Whatever is in it, the answer is not whole.
    #[serde(default)]
    pub(super) warnings: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Data {
    pub(super) result_type: String,
    pub(super) result: Value,
}

/// A moment in seconds, and a number as text, since JSON has none for NaN.
pub(super) type Point = (f64, String);

/// One series of a vector.
#[derive(Debug, Deserialize)]
pub(super) struct Sample {
    pub(super) metric: Labels,
    pub(super) value: Point,
}
