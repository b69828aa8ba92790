//! Unleash's client specification, all of it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::oracle::{Ours, context};
use crate::rules::{Decision, NO_VARIANT, Rules, Segment};

/// Where the specification is; elsewhere there is nothing to compare with, which is printed.
pub(super) fn specification() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = std::env::var_os("HANDOVER_SHARED").map_or_else(|| beside.into(), PathBuf::from);
    let folder = shared.join("contracts/flags/unleash");
    if !folder.is_dir() {
        handover_testing::skip("there is no folder of contracts, which HANDOVER_SHARED would name");
        return None;
    }
    Some(folder)
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub(super) fn files(folder: &Path) -> Vec<Value> {
    let index = read(&folder.join("index.json"));
    index.as_array().unwrap().iter().map(|name| read(&folder.join(name.as_str().unwrap()))).collect()
}

fn cases<'a>(file: &'a Value, key: &str) -> &'a [Value] {
    file[key].as_array().map_or(&[], Vec::as_slice)
}

/// A variant as Unleash's clients give it.
fn shown(decision: Option<Decision<'_>>) -> Value {
    let on = decision.is_some_and(|decision| decision.on);
    match decision.and_then(|decision| decision.variant) {
        Some(variant) => {
            let mut shown = json!({"name": variant.name, "enabled": true, "feature_enabled": on});
            if let Some(payload) = &variant.payload {
                shown["payload"] = json!({"type": payload.kind, "value": payload.value});
            }
            shown
        }
        None => json!({"name": NO_VARIANT, "enabled": false, "feature_enabled": on}),
    }
}

#[test]
fn every_case_of_the_specification_holds() {
    let Some(folder) = specification() else { return };
    let (mut enabled, mut variants, mut wrong) = (0, 0, Vec::new());
    let files = files(&folder);
    for file in &files {
        let ours = Ours::of(&file["state"].to_string());
        for case in cases(file, "tests") {
            enabled += 1;
            let found = ours.is_on(case["toggleName"].as_str().unwrap(), &context(&case["context"]));
            wrong.extend((json!(found) != case["expectedResult"]).then(|| format!("{found}: {case}")));
        }
        for case in cases(file, "variantTests") {
            variants += 1;
            let found = shown(ours.decide(case["toggleName"].as_str().unwrap(), &context(&case["context"])));
            wrong.extend((found != case["expectedResult"]).then(|| format!("{found}: {case}")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), enabled + variants, wrong.join("\n"));
    assert_eq!((files.len(), enabled, variants), (22, 227, 52));
}

#[test]
fn whatever_is_imported_is_a_document_that_is_taken() {
    let Some(folder) = specification() else { return };
    for file in files(&folder) {
        let import = Ours::of(&file["state"].to_string()).import;
        for rules in import.rules.values() {
            assert_eq!(Rules::parse(&serde_json::to_string(rules).unwrap()).as_ref(), Ok(rules));
        }
        for segment in import.segments.values() {
            assert_eq!(Segment::parse(&serde_json::to_string(segment).unwrap()).as_ref(), Ok(segment));
        }
    }
}
