//! Dashboards, checked against what they are for: the edge's own metrics, and the systems that draw them.

mod datadog;
mod edge;
mod grafana;
mod names;
mod verb;

use handover_monitor::Dashboard;
use serde_json::Value;

fn shop() -> Dashboard {
    Dashboard::new("shop".parse().unwrap())
}

/// Every text under a key of this name.
fn texts<'a>(of: &'a Value, key: &str) -> Vec<&'a str> {
    match of {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(text) if name == key => vec![text.as_str()],
                other => texts(other, key),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(|item| texts(item, key)).collect(),
        _ => Vec::new(),
    }
}
