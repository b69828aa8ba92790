use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::shown;
use crate::rules::{Rules, Segment};
use crate::{FlagName, InvalidName};

/// What a name is made into.
type Kind = fn(FlagName) -> Key;

/// The strategy's own prefix: `redis-cli SET feature:<flag> false` is the emergency switch.
const GATE: &str = "feature:";
const RULES: &str = "feature-rules:";
const SEGMENT: &str = "feature-segment:";

/// What a store keeps a text for.
///
/// As text, and as a key in Redis: `feature:<flag>`, `feature-rules:<flag>`, `feature-segment:<name>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Key {
    /// The gate of a flag: `true` is on, anything else is off.
    Gate(FlagName),
    /// Who gets a flag whose gate is on, as JSON: [`Rules`].
    Rules(FlagName),
    /// Callers that several rules speak of by one name, as JSON: [`Segment`].
    Segment(FlagName),
}

impl Key {
    /// Every beginning that a key may have; none is the beginning of another.
    pub const PREFIXES: [&'static str; 3] = [GATE, RULES, SEGMENT];

    /// The key of this text, if it is one at all.
    ///
    /// # Errors
    ///
    /// It begins as a key does, and goes on with what cannot be a name.
    pub fn parse(text: &str) -> Option<Result<Self, InvalidName>> {
        let kinds: [(&str, Kind); 3] = [(GATE, Self::Gate), (RULES, Self::Rules), (SEGMENT, Self::Segment)];
        let (name, kind) =
            kinds.into_iter().find_map(|(prefix, kind)| Some((text.strip_prefix(prefix)?, kind)))?;
        Some(FlagName::new(name).map(kind))
    }

    /// The flag's name, or the segment's.
    pub const fn name(&self) -> &FlagName {
        match self {
            Self::Gate(name) | Self::Rules(name) | Self::Segment(name) => name,
        }
    }

    /// The beginning of keys of this kind.
    pub const fn prefix(&self) -> &'static str {
        match self {
            Self::Gate(_) => GATE,
            Self::Rules(_) => RULES,
            Self::Segment(_) => SEGMENT,
        }
    }

    /// What is wrong with a text as the value of this key, if anything.
    ///
    /// Stores take any text, as Redis does; whoever writes asks first.
    pub fn objection(&self, text: &str) -> Option<String> {
        match self {
            Self::Gate(_) => gate(text).err(),
            Self::Rules(_) => Rules::parse(text).err().map(|error| error.to_string()),
            Self::Segment(_) => Segment::parse(text).err().map(|error| error.to_string()),
        }
    }
}

/// A gate's value, or what is odd about the text.
pub(crate) fn gate(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(format!("`{}` is neither true nor false", shown(other))),
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.prefix(), self.name())
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for Key {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match Self::parse(&text) {
            Some(key) => key.map_err(|error| error.to_string()),
            None => Err(format!("`{}` is no key of a flag", shown(&text))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_what_the_strategy_has_in_redis() {
        let key = Key::parse("feature:scan_creation").unwrap().unwrap();
        assert_eq!(key, Key::Gate(FlagName::new("scan_creation").unwrap()));
        for text in ["feature:a b", "feature-rules:x", "feature-segment:paying"] {
            assert_eq!(Key::parse(text).unwrap().unwrap().to_string(), text);
        }
        assert!(Key::parse("features:x").is_none());
        assert!(Key::parse("feature:a\nb").unwrap().is_err());
    }

    #[test]
    fn no_prefix_is_the_beginning_of_another() {
        for (at, one) in Key::PREFIXES.iter().enumerate() {
            let others = Key::PREFIXES.iter().enumerate().filter(|(other, _)| *other != at);
            assert!(others.into_iter().all(|(_, other)| !other.starts_with(one)), "{one}");
        }
    }

    #[test]
    fn only_true_and_false_are_values_of_a_gate() {
        assert_eq!((gate("true"), gate("false")), (Ok(true), Ok(false)));
        let odd = ["TRUE", "1", "true\n", ""].map(|odd| gate(odd).unwrap_err()).join("\n");
        insta::assert_snapshot!(odd, @r"
        `TRUE` is neither true nor false
        `1` is neither true nor false
        `true\n` is neither true nor false
        `` is neither true nor false
        ");
    }
}
