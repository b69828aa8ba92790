use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::MOST;
use crate::page::Format;

/// The members that any of the forms has.
#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    status: Value,
    #[serde(default)]
    pub(super) checks: Parts,
    /// Those of a smoke test.
    #[serde(default)]
    pub(super) tests: Parts,
    #[serde(default)]
    degraded: Value,
    #[serde(default)]
    notes: Value,
}

/// The parts of a report, by name or in a list; no more than are read.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) found: Vec<(Option<String>, Value)>,
    pub(super) left_out: usize,
    listed: bool,
}

impl Body {
    /// What is said of the whole, as it is written.
    pub(super) fn word(&self) -> &str {
        self.status.as_str().unwrap_or_default()
    }

    pub(super) fn is_degraded(&self) -> bool {
        self.degraded == true
    }

    /// Whether a note says so of the whole.
    pub(super) fn notes(&self, word: &str) -> bool {
        self.notes.as_array().is_some_and(|notes| notes.iter().any(|note| note == word))
    }

    /// Each form has words of its own; those that two have in common are told apart by the media type.
    pub(super) fn format(&self, content_type: Option<&str>) -> Option<Format> {
        let health_json =
            content_type.is_some_and(|media| media.to_ascii_lowercase().contains("health+json"));
        match self.word() {
            "pass" | "warn" | "fail" => Some(Format::HealthJson),
            "ok" | "error" | "up" | "down" if health_json => Some(Format::HealthJson),
            "UP" | "DOWN" if self.checks.listed => Some(Format::MicroProfile),
            "ok" | "ready" | "not_ready" | "alive" | "dead" | "started" | "starting"
            | "smoke_test_passed" | "smoke_test_failed" => Some(Format::Strategy),
            _ => None,
        }
    }
}

impl Parts {
    fn add(&mut self, name: Option<String>, value: Value) {
        self.found.push((name, value));
    }

    fn is_full(&self) -> bool {
        self.found.len() == MOST
    }
}

impl<'de> Deserialize<'de> for Parts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(PartsVisitor)
    }
}

/// Takes anything: what has no parts has none.
struct PartsVisitor;

impl<'de> Visitor<'de> for PartsVisitor {
    type Value = Parts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parts, A::Error> {
        let mut parts = Parts::default();
        while !parts.is_full() {
            let Some((name, value)) = map.next_entry()? else { return Ok(parts) };
            parts.add(Some(name), value);
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            parts.left_out += 1;
        }
        Ok(parts)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Parts, A::Error> {
        let mut parts = Parts { listed: true, ..Parts::default() };
        while !parts.is_full() {
            let Some(value) = list.next_element()? else { return Ok(parts) };
            parts.add(None, value);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            parts.left_out += 1;
        }
        Ok(parts)
    }

    fn visit_unit<E>(self) -> Result<Parts, E> {
        Ok(Parts::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Parts, E> {
        Ok(Parts::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Parts, E> {
        Ok(Parts::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Parts, E> {
        Ok(Parts::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Parts, E> {
        Ok(Parts::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Parts, E> {
        Ok(Parts::default())
    }
}
