//! Values written as text in the file: one way to read them, to write them and to describe them.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};

/// Why a text is not a usable value. Names the text, never the key: the reader of the file adds that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct BadValue(String);

impl BadValue {
    /// `text` is refused; `why` goes on after it.
    pub(super) fn new(text: &str, why: &str) -> Self {
        let shown: String = text.chars().take(60).collect();
        Self(format!("{shown:?} {why}"))
    }
}

/// Reads a `T` from text.
pub(super) struct TextVisitor<T> {
    expects: &'static str,
    makes: PhantomData<T>,
}

impl<T> TextVisitor<T> {
    pub(super) const fn new(expects: &'static str) -> Self {
        Self { expects, makes: PhantomData }
    }
}

impl<T: FromStr<Err = BadValue>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expects)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Makes a type with `FromStr` and `Display` a value of the file and of its schema.
macro_rules! text_value {
    ($type:ident, expects $expects:literal, matches $pattern:literal) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str($crate::settings::values::text::TextVisitor::new($expects))
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}
pub(super) use text_value;
