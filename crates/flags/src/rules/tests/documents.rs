use super::super::{Constraint, Op, Rules};

#[test]
fn every_operator_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<_> = Op::all().map(Op::name).collect();
    assert_eq!(names.len(), Op::all().count());
    assert!(Op::all().all(|op| Op::named(op.name()) == Some(op)));
}

#[test]
fn numbers_and_truth_need_no_quotes() {
    let written = r#"{"field": "a", "op": "in", "values": [1, -2, 2.5, true, "x"]}"#;
    let constraint: Constraint = serde_json::from_str(written).unwrap();
    assert_eq!(constraint.values, ["1", "-2", "2.5", "true", "x"]);
}

#[test]
fn a_document_is_written_as_short_as_it_can_be() {
    let long = r#"{"rules": [{"when": [
        {"field": "age", "op": "num_gte", "values": ["18"], "not": false, "ignore_case": false},
        {"field": "plan", "op": "in", "value": "pro", "not": true}], "segments": [], "percentage": 50}],
        "requires": [{"flag": "p", "enabled": true}]}"#;
    let written = serde_json::to_string(&Rules::parse(long).unwrap()).unwrap();
    insta::assert_snapshot!(written, @r#"{"rules":[{"when":[{"field":"age","op":"num_gte","value":"18"},{"field":"plan","op":"in","values":["pro"],"not":true}],"percentage":50}],"requires":[{"flag":"p"}]}"#);
}
