//! The flags of the published scenarios, with our rules.
//!
//! They follow `specification/assets/gherkin/test-flags.json` of open-feature/spec at
//! 6fd4d54a9a7aff4e080545e7ddc37c69367cc65e (Apache-2.0), where targeting is written in CEL.

use handover_flags::Contents;

use crate::flags::{contents, gate, rules};

/// One variant for everybody.
fn one(variant: &str, kind: &str, value: &str) -> String {
    format!(r#"{{"variants":[{}]}}"#, self::variant(variant, kind, value))
}

fn variant(name: &str, kind: &str, value: &str) -> String {
    let payload = serde_json::json!({ "type": kind, "value": value });
    format!(r#"{{"name":"{name}","weight":1,"payload":{payload}}}"#)
}

/// One variant for whom `when` holds for, and one for the others.
fn two(when: &str, variant: &str, otherwise: &str) -> String {
    format!(r#"{{"rules":[{{"when":[{when}],"variants":[{variant}]}},{{"variants":[{otherwise}]}}]}}"#)
}

fn targeted(kind: &str, zero: &str) -> String {
    let when = r#"{"field":"email","op":"in","value":"ballmer@macrosoft.com"}"#;
    two(when, &variant("zero", kind, zero), &variant("zero", kind, zero))
}

const TEMPLATE: &str = r#"{"showImages":true,"title":"Check out these pics!","imagesPerPage":100}"#;

/// `complex-targeted` of the file; the older scenarios call for one by name and age as well.
fn complex() -> String {
    let when = r#"{"field":"customer","op":"in","value":"false"},
        {"field":"email","op":"in","value":"ballmer@macrosoft.com"},{"field":"age","op":"num_gt","value":10}"#;
    two(when, &variant("internal", "string", "INTERNAL"), &variant("external", "string", "EXTERNAL"))
}

fn context_aware() -> String {
    let when = r#"{"field":"fn","op":"in","value":"Sulisław"},{"field":"ln","op":"in","value":"Świętopełk"},
        {"field":"age","op":"num_eq","value":29},{"field":"customer","op":"in","value":"false"}"#;
    two(when, &variant("internal", "string", "INTERNAL"), &variant("external", "string", "EXTERNAL"))
}

/// Each flag: its gate, and its rules where it has any.
fn flags() -> Vec<(&'static str, bool, String)> {
    let kinds = [("boolean", "false"), ("string", ""), ("number", "0"), ("number", "0.0"), ("json", "{}")];
    let names = ["boolean", "string", "integer", "float", "object"];
    let mut flags = vec![
        ("boolean-flag", true, String::new()),
        ("string-flag", true, one("greeting", "string", "hi")),
        ("integer-flag", true, one("ten", "number", "10")),
        ("float-flag", true, one("half", "number", "0.5")),
        ("object-flag", true, one("template", "json", TEMPLATE)),
        ("wrong-flag", true, one("one", "string", "uno")),
        ("complex-targeted", true, complex()),
        ("context-aware", true, context_aware()),
    ];
    for (name, (kind, zero)) in names.into_iter().zip(kinds) {
        flags.push((format!("{name}-zero-flag").leak(), true, one("zero", kind, zero)));
        flags.push((format!("{name}-targeted-zero-flag").leak(), true, targeted(kind, zero)));
        flags.push((format!("{name}-disabled-flag").leak(), false, one("zero", kind, zero)));
    }
    flags
}

pub(super) fn all() -> Contents {
    let flags = flags();
    let gates = flags.iter().map(|(name, on, _)| (gate(name), if *on { "true" } else { "false" }));
    let documents = flags.iter().filter(|(.., text)| !text.is_empty());
    let documents = documents.map(|(name, _, text)| (rules(name), text.as_str()));
    contents(&gates.chain(documents).collect::<Vec<_>>())
}
