use open_feature::{StructValue, Value};
use serde_json::Value as Json;

use crate::Evaluation;
use crate::rules::Payload;

/// What a flag holds for a caller, before it is asked for by type.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// It is on or off, and nothing else.
    Switch(bool),
    /// It is on, in a variant that is only a name.
    Name(String),
    Payload(Json),
}

/// A payload is not what its type says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreadable;

impl Content {
    pub(super) fn of(evaluation: &Evaluation) -> Result<Self, Unreadable> {
        match evaluation.variant.as_deref() {
            Some(variant) => match &variant.payload {
                Some(payload) => read(payload).map(Self::Payload),
                None => Ok(Self::Name(variant.name.clone())),
            },
            None => Ok(Self::Switch(evaluation.value)),
        }
    }

    pub(super) fn bool(&self) -> Option<bool> {
        match self {
            Self::Switch(on) => Some(*on),
            Self::Name(_) => Some(true),
            Self::Payload(payload) => payload.as_bool(),
        }
    }

    pub(super) fn string(&self) -> Option<String> {
        match self {
            Self::Switch(_) => None,
            Self::Name(name) => Some(name.clone()),
            Self::Payload(payload) => payload.as_str().map(str::to_owned),
        }
    }

    pub(super) fn int(&self) -> Option<i64> {
        self.payload()?.as_i64()
    }

    pub(super) fn float(&self) -> Option<f64> {
        self.payload()?.as_f64()
    }

    pub(super) fn structure(&self) -> Option<StructValue> {
        match self.payload().cloned().and_then(converted)? {
            Value::Struct(structure) => Some(structure),
            _ => None,
        }
    }

    const fn payload(&self) -> Option<&Json> {
        match self {
            Self::Payload(payload) => Some(payload),
            Self::Switch(_) | Self::Name(_) => None,
        }
    }
}

fn read(payload: &Payload) -> Result<Json, Unreadable> {
    let text = payload.value.as_str();
    match payload.kind.as_str() {
        "json" => serde_json::from_str(text).map_err(|_| Unreadable),
        "number" => serde_json::from_str(text.trim()).map(Json::Number).map_err(|_| Unreadable),
        "boolean" => text.trim().parse().map(Json::Bool).map_err(|_| Unreadable),
        _ => Ok(Json::String(text.to_owned())),
    }
}

/// In OpenFeature's types, which have no null: a field that holds one is left out, and a list that does cannot be told.
fn converted(json: Json) -> Option<Value> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(truth) => Value::Bool(truth),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64()?),
        },
        Json::String(text) => Value::String(text),
        Json::Array(list) => Value::Array(list.into_iter().map(converted).collect::<Option<_>>()?),
        Json::Object(fields) => Value::Struct(structure(fields)?),
    })
}

fn structure(fields: serde_json::Map<String, Json>) -> Option<StructValue> {
    let known = fields.into_iter().filter(|(_, value)| !value.is_null());
    let fields = known.map(|(name, value)| Some((name, converted(value)?))).collect::<Option<_>>()?;
    Some(StructValue { fields })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(kind: &str, value: &str) -> Result<Content, Unreadable> {
        read(&Payload::new(kind, value)).map(Content::Payload)
    }

    #[test]
    fn a_payload_is_read_as_its_type_says() {
        assert_eq!(content("number", " 10 ").unwrap().int(), Some(10));
        assert_eq!(content("number", "10").unwrap().float(), Some(10.0));
        assert_eq!(content("number", "0.5").unwrap().int(), None);
        assert_eq!(content("json", "\"a\"").unwrap().string().as_deref(), Some("a"));
        assert_eq!(content("csv", "1,2").unwrap().string().as_deref(), Some("1,2"));
        assert_eq!(content("csv", "1").unwrap().int(), None);
        for (kind, value) in [("number", "ten"), ("boolean", "yes"), ("json", "{"), ("number", "")] {
            assert_eq!(content(kind, value), Err(Unreadable), "{kind} {value}");
        }
    }

    #[test]
    fn what_openfeature_has_no_word_for_is_left_out_of_a_structure_and_never_of_a_list() {
        let whole = content("json", r#"{"a":null,"b":[1,2.5,"c",{"d":true}]}"#).unwrap().structure().unwrap();
        let list = vec![
            Value::Int(1),
            Value::Float(2.5),
            Value::String("c".to_owned()),
            Value::Struct(StructValue::default().with_field("d", true)),
        ];
        assert_eq!(whole.fields.len(), 1);
        assert_eq!(whole.fields["b"], Value::Array(list));
        assert_eq!(content("json", r#"{"b":[1,null]}"#).unwrap().structure(), None);
        assert_eq!(content("json", "[]").unwrap().structure(), None);
    }
}
