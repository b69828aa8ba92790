//! Both sides in one form: what a statement says in its own words, PostgreSQL says in others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use handover_migrate_guard::catalog::Catalog;
use serde_json::{Map, Value};

/// How the exported catalog and the file of ours differ, a difference a line.
pub(super) fn differences(exported: &str, own: &str) -> String {
    let Ok(exported) = serde_json::from_str(exported) else {
        return format!("the export is not JSON: {exported}\n");
    };
    let exported = without_extensions(exported).to_string();
    let read = match Catalog::from_json(&exported) {
        Ok(catalog) => catalog.to_json(),
        Err(error) => return format!("the export is not taken: {error}\n"),
    };
    let unknown = incomplete(own);
    compare(&normal(&read, &unknown), &normal(own, &unknown))
}

/// What belongs to an extension no statement says.
fn without_extensions(mut file: Value) -> Value {
    for part in ["types", "functions", "relations"] {
        if let Some(entries) = file.get_mut(part).and_then(Value::as_array_mut) {
            entries.retain(|entry| entry.get("extension").is_none());
        }
    }
    file
}

/// What only one side has is named as a whole, what both have by its parts.
fn compare(theirs: &BTreeMap<String, String>, ours: &BTreeMap<String, String>) -> String {
    let [in_theirs, in_ours] = [objects(theirs), objects(ours)];
    let mut lines = String::new();
    for object in in_theirs.difference(&in_ours) {
        writeln!(lines, "  {object}: only PostgreSQL has it").unwrap();
    }
    for object in in_ours.difference(&in_theirs) {
        writeln!(lines, "  {object}: only the catalog has it").unwrap();
    }
    let paths: BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
    for path in
        paths.into_iter().filter(|path| in_theirs.contains(object(path)) && in_ours.contains(object(path)))
    {
        let [one, other] = [theirs, ours].map(|side| side.get(path).map_or("nothing", String::as_str));
        if one != other {
            writeln!(lines, "  {path}: PostgreSQL has {one}, the catalog {other}").unwrap();
        }
    }
    lines
}

fn objects(side: &BTreeMap<String, String>) -> BTreeSet<&str> {
    side.keys().map(|path| object(path)).collect()
}

/// The object that a path leads into.
fn object(path: &str) -> &str {
    let end = path.match_indices(" / ").nth(1).map_or(path.len(), |(at, _)| at);
    &path[..end]
}

/// Each value of a file by its path, in normal form.
fn normal(json: &str, unknown: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut file: Value = serde_json::from_str(json).unwrap();
    let file = file.as_object_mut().unwrap();
    file.remove("server");
    for part in ["types", "functions", "relations", "extensions"] {
        let entries = file.remove(part).and_then(|entries| entries.as_array().cloned()).unwrap_or_default();
        let known = entries.into_iter().filter(|entry| entry["kind"] != "base");
        file.insert(part.to_owned(), by_name(known.map(|entry| entry_of(part, entry, unknown)).collect()));
    }
    let mut flat = BTreeMap::new();
    flatten(String::new(), &Value::Object(file.clone()), &mut flat);
    flat
}

/// The relations of which the file does not say all.
fn incomplete(json: &str) -> BTreeSet<String> {
    let file: Value = serde_json::from_str(json).unwrap();
    let relations = file["relations"].as_array().cloned().unwrap_or_default().into_iter();
    let incomplete = relations.filter(|entry| entry.get("incomplete").is_some());
    incomplete.map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
}

fn entry_of(part: &str, mut entry: Value, unknown: &BTreeSet<String>) -> Value {
    let map = entry.as_object_mut().unwrap();
    match part {
        "extensions" => drop(map.remove("schema")),
        "types" => type_def(map),
        "functions" => function(map),
        _ => relation(map, unknown),
    }
    entry
}

fn type_def(ty: &mut Map<String, Value>) {
    // Where a label was put among the others is not kept.
    if let Some(labels) = ty.get_mut("labels").and_then(Value::as_array_mut) {
        labels.sort_by_key(Value::to_string);
    }
    only_whether(ty, "default");
    named(ty, "constraints");
}

fn function(function: &mut Map<String, Value>) {
    // Functions of a name are told apart by their arguments.
    let arguments = function.get("arguments").map(Value::to_string).unwrap_or_default();
    let name = format!("{}{arguments}", function["name"].as_str().unwrap());
    function.insert("name".to_owned(), name.into());
    function.remove("returns");
    function.remove("argument_names");
}

fn relation(relation: &mut Map<String, Value>, unknown: &BTreeSet<String>) {
    if unknown.contains(relation["name"].as_str().unwrap()) {
        relation.remove("incomplete");
        relation.remove("columns");
    }
    for column in relation.get_mut("columns").and_then(Value::as_array_mut).into_iter().flatten() {
        let column = column.as_object_mut().unwrap();
        only_whether(column, "default");
        sorted(column, "made_of");
    }
    for constraint in relation.get_mut("constraints").and_then(Value::as_array_mut).into_iter().flatten() {
        let constraint = constraint.as_object_mut().unwrap();
        constraint.remove("text");
        if constraint["kind"] == "check" {
            sorted(constraint, "columns");
        } else {
            constraint.remove("no_inherit");
        }
    }
    named(relation, "constraints");
    named(relation, "triggers");
    sorted(relation, "policies");
    sorted(relation, "rules");
    sorted(relation, "reads");
    if let Some(index) = relation.get_mut("index").and_then(Value::as_object_mut) {
        only_whether(index, "predicate");
        let count = index.remove("expressions").and_then(|all| all.as_array().map(Vec::len));
        index.insert("expressions".to_owned(), count.unwrap_or_default().into());
    }
}

/// Keeps whether something is said, not how.
fn only_whether(map: &mut Map<String, Value>, key: &str) {
    if let Some(value) = map.get_mut(key) {
        *value = Value::Bool(true);
    }
}

fn sorted(map: &mut Map<String, Value>, key: &str) {
    if let Some(values) = map.get_mut(key).and_then(Value::as_array_mut) {
        values.sort_by_key(Value::to_string);
    }
}

fn named(map: &mut Map<String, Value>, key: &str) {
    if let Some(values) = map.remove(key).and_then(|values| values.as_array().cloned()) {
        map.insert(key.to_owned(), by_name(values));
    }
}

fn by_name(values: Vec<Value>) -> Value {
    let named = |mut value: Value| {
        let name = value.as_object_mut().unwrap().remove("name").unwrap();
        (name.as_str().unwrap().to_owned(), value)
    };
    Value::Object(values.into_iter().map(named).collect())
}

fn flatten(path: String, value: &Value, flat: &mut BTreeMap<String, String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path} / {key}") };
    match value {
        Value::Object(map) if !map.is_empty() => {
            map.iter().for_each(|(key, value)| flatten(below(key), value, flat));
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            list.iter().enumerate().for_each(|(at, value)| flatten(below(&at.to_string()), value, flat));
        }
        _ => drop(flat.insert(path, value.to_string())),
    }
}
