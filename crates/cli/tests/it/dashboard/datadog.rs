use std::path::PathBuf;

use handover_testing::skip;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::{shop, texts};

/// Datadog's published description of its API, where the foreign test data is.
fn published() -> Option<Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = std::env::var_os("HANDOVER_SHARED").map_or_else(|| beside.into(), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(shared.join("contracts/datadog/v1-subset.openapi.json")) else {
        skip("there is no folder of contracts, which HANDOVER_SHARED would name");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// What creates a dashboard, as strict as it can be read: the description lets any key pass, so a mistyped one
/// would be no error.
fn validator(mut api: Value) -> Validator {
    let schemas = api["components"]["schemas"].as_object_mut().unwrap();
    schemas.values_mut().for_each(close);
    let schema = json!({ "$ref": "#/components/schemas/Dashboard", "components": api["components"] });
    // OpenAPI 3.0 builds on this draft: `exclusiveMinimum` is a yes or no there.
    jsonschema::options().with_draft(jsonschema::Draft::Draft4).build(&schema).unwrap()
}

fn close(schema: &mut Value) {
    if let Some(fields) = schema.as_object_mut().filter(|fields| fields.contains_key("properties")) {
        fields.entry("additionalProperties").or_insert(false.into());
    }
}

#[test]
fn datadogs_own_description_of_a_dashboard_accepts_it() {
    let Some(api) = published() else { return };
    let validator = validator(api);
    let dashboard = shop().datadog();
    let errors: Vec<_> = validator.iter_errors(&dashboard).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn what_datadog_would_refuse_is_refused_by_the_check() {
    let Some(api) = published() else { return };
    let validator = validator(api);
    let definition = "/widgets/0/definition";
    for (place, value) in [
        ("/layout_type", json!("grid")),
        ("/widgets", json!("none")),
        (&format!("{definition}/type"), json!("timeserie")),
        (&format!("{definition}/requests"), json!([])),
        (&format!("{definition}/requests/0/queries/0/data_source"), json!("metric")),
        (&format!("{definition}/requests/0/formulas/0"), json!({ "fromula": "requests" })),
        (&format!("{definition}/requests/0/display_type"), json!("lines")),
    ] {
        let mut wrong = shop().datadog();
        *wrong.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = value;
        assert!(!validator.is_valid(&wrong), "{place}");
    }
    let mut without = shop().datadog();
    without.as_object_mut().unwrap().remove("layout_type");
    assert!(!validator.is_valid(&without), "no layout_type");
    let mut mistyped = shop().datadog();
    mistyped["widgets"][1]["definition"]["marker"] = json!([]);
    assert!(!validator.is_valid(&mistyped), "a key that means nothing");
}

#[test]
fn percentiles_are_a_distributions_own_and_counts_are_summed() {
    let dashboard = shop().datadog();
    insta::assert_snapshot!(texts(&dashboard, "query").join("\n"), @r"
    sum:handover.edge.requests.count{service:shop} by {slot,release}.as_rate()
    sum:handover.edge.requests.count{service:shop AND class IN (5xx,error)} by {slot,release}.as_count()
    sum:handover.edge.requests.count{service:shop AND class NOT IN (cancelled)} by {slot,release}.as_count()
    p95:handover.edge.request_duration_seconds{service:shop} by {slot,release}
    avg:handover.edge.weight_bps{service:shop} by {slot}
    ");
    insta::assert_snapshot!(texts(&dashboard, "formula").join("\n"), @r"
    requests
    100 * failed / ended
    p95
    weight / 100
    ");
}
