use std::path::PathBuf;

use handover_traffic::testkit::standin::vercel::VercelRecorded;
use serde_json::{Map, Value, json};

use crate::vercel::say;

/// The platform's published description.
pub(in crate::vercel) struct Published {
    paths: Map<String, Value>,
    components: Value,
}

impl Published {
    /// Where the foreign test data is; elsewhere the caller has nothing to compare with, which is printed.
    pub(in crate::vercel) fn read() -> Option<Self> {
        let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
        let shared = std::env::var_os("HANDOVER_SHARED").map_or_else(|| beside.into(), PathBuf::from);
        let file = shared.join("contracts/vercel/openapi-subset.sanitized.json");
        let Ok(text) = std::fs::read_to_string(file) else {
            say("skipped: there is no folder of contracts, which HANDOVER_SHARED would name");
            return None;
        };
        let mut api: Value = serde_json::from_str(&text).unwrap();
        plain(&mut api);
        Some(Self { paths: api["paths"].as_object().unwrap().clone(), components: api["components"].clone() })
    }

    /// The operation that a request is, by its method and path alone.
    pub(in crate::vercel) fn operation(&self, request: &VercelRecorded) -> Option<String> {
        let found = self.paths.keys().find(|path| self.is(path, request))?;
        Some(format!("{} {found}", request.method))
    }

    fn is(&self, path: &str, request: &VercelRecorded) -> bool {
        let (template, asked): (Vec<_>, Vec<_>) =
            (path.split('/').collect(), request.path.split('/').collect());
        let fits = |(part, word): (&&str, &&str)| part == word || (part.starts_with('{') && !word.is_empty());
        template.len() == asked.len()
            && template.iter().zip(&asked).all(fits)
            && self.paths[path].get(request.method.to_lowercase()).is_some()
    }

    /// What of a request the description does not know.
    pub(in crate::vercel) fn faults_of_request(&self, request: &VercelRecorded) -> Vec<String> {
        let Some(path) = self.paths.keys().find(|path| self.is(path, request)) else {
            return vec![format!("{} {}: no such operation", request.method, request.path)];
        };
        let operation = &self.paths[path][request.method.to_lowercase()];
        let mut faults = self.unknown_parameters(operation, request);
        match (operation.pointer("/requestBody/content/application~1json/schema"), &request.body) {
            (Some(schema), Some(body)) => faults.extend(self.faults(closed(schema.clone()), body)),
            (None, Some(_)) => faults.push("a body where none is described".to_owned()),
            (_, None) => {}
        }
        faults.into_iter().map(|fault| format!("{} {path}: {fault}", request.method)).collect()
    }

    fn unknown_parameters(&self, operation: &Value, request: &VercelRecorded) -> Vec<String> {
        let known = operation["parameters"].as_array().cloned().unwrap_or_default();
        let known: Vec<_> = known.iter().filter(|it| it["in"] == "query").collect();
        let mut faults = Vec::new();
        for (key, word) in &request.query {
            match known.iter().find(|it| it["name"] == key.as_str()) {
                // A query is text: it is of a type if it can be read as one.
                Some(parameter) => {
                    let readings = [json!(word), serde_json::from_str(word).unwrap_or(Value::Null)];
                    let schema = &parameter["schema"];
                    if readings.iter().all(|value| !self.faults(schema.clone(), value).is_empty()) {
                        faults.push(format!("the parameter {key} cannot be {word}"));
                    }
                }
                None => faults.push(format!("no parameter {key}")),
            }
        }
        faults
    }

    /// What of a reply the description does not know.
    pub(in crate::vercel) fn faults_of_reply(&self, reply: &VercelRecorded) -> Vec<String> {
        let name = format!("{} {} -> {}", reply.method, reply.path, reply.status);
        if reply.status >= 400 {
            return self.faults_of_refusal(reply).into_iter().map(|it| format!("{name}: {it}")).collect();
        }
        let Some(operation) = reply.operation.map(|path| &self.paths[path][reply.method.to_lowercase()])
        else {
            return vec![format!("{name}: an answer to nothing")];
        };
        let Some(described) = operation["responses"].get(reply.status.to_string()) else {
            return vec![format!("{name}: a status that is not described")];
        };
        let faults = match (described.pointer("/content/application~1json/schema"), &reply.answer) {
            (Some(schema), Some(answer)) => self.faults(schema.clone(), answer),
            (None, None) => Vec::new(),
            (Some(_), None) => vec!["a body is missing".to_owned()],
            (None, Some(_)) => vec!["a body where none is described".to_owned()],
        };
        faults.into_iter().map(|fault| format!("{name}: {fault}")).collect()
    }

    /// Bodies of refusals are not described; the platform's clients read `error.code` and `error.message`.
    fn faults_of_refusal(&self, reply: &VercelRecorded) -> Vec<String> {
        let schema = json!({
            "type": "object", "required": ["error"],
            "properties": { "error": {
                "type": "object", "required": ["code", "message"],
                "properties": { "code": { "type": "string" }, "message": { "type": "string" } },
            }},
        });
        self.faults(schema, reply.answer.as_ref().unwrap_or(&Value::Null))
    }

    fn faults(&self, mut schema: Value, value: &Value) -> Vec<String> {
        schema["components"] = self.components.clone();
        // OpenAPI 3.0 builds on this draft.
        let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft4).build(&schema).unwrap();
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }
}

/// Turns what `OpenAPI` has beyond JSON Schema into JSON Schema.
///
/// `nullable` becomes a type and an enum member. `oneOf` becomes `anyOf`: the description is generated from union
/// types, whose members overlap.
fn plain(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(plain),
        Value::Object(map) => {
            map.values_mut().for_each(plain);
            if let Some(one) = map.remove("oneOf") {
                map.insert("anyOf".to_owned(), one);
            }
            if map.remove("nullable") == Some(json!(true)) {
                nullable(map);
            }
        }
        _ => {}
    }
}

fn nullable(map: &mut Map<String, Value>) {
    if let Some(Value::String(kind)) = map.get("type").cloned() {
        map.insert("type".to_owned(), json!([kind, "null"]));
    }
    if let Some(Value::Array(words)) = map.get_mut("enum") {
        words.push(Value::Null);
    }
}

/// As strict as it can be read: the description lets any key pass, so a mistyped one would be no error.
fn closed(mut schema: Value) -> Value {
    if let Value::Object(map) = &mut schema {
        if map.contains_key("properties") {
            map.entry("additionalProperties").or_insert(json!(false));
        }
        for part in map.values_mut() {
            *part = closed(part.take());
        }
    } else if let Value::Array(items) = &mut schema {
        for item in items {
            *item = closed(item.take());
        }
    }
    schema
}
