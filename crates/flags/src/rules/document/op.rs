use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How a field of the context is compared with the values of a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Op {
    /// It is one of the values.
    In,
    /// It has one of the values in it.
    Contains,
    /// It begins with one of the values.
    StartsWith,
    /// It ends with one of the values.
    EndsWith,
    /// It is this number.
    NumEq,
    /// It is a greater number.
    NumGt,
    /// It is this number or a greater one.
    NumGte,
    /// It is a smaller number.
    NumLt,
    /// It is this number or a smaller one.
    NumLte,
    /// It is a later date.
    DateAfter,
    /// It is an earlier date.
    DateBefore,
    /// It is this semantic version.
    SemverEq,
    /// It is a later version.
    SemverGt,
    /// It is this version or a later one.
    SemverGte,
    /// It is an earlier version.
    SemverLt,
    /// It is this version or an earlier one.
    SemverLte,
    /// The regular expression is found in it.
    Regex,
    /// It is an address in one of these networks.
    Cidr,
}

/// Each operator, and its name in a document.
const NAMES: [(Op, &str); 18] = [
    (Op::In, "in"),
    (Op::Contains, "contains"),
    (Op::StartsWith, "starts_with"),
    (Op::EndsWith, "ends_with"),
    (Op::NumEq, "num_eq"),
    (Op::NumGt, "num_gt"),
    (Op::NumGte, "num_gte"),
    (Op::NumLt, "num_lt"),
    (Op::NumLte, "num_lte"),
    (Op::DateAfter, "date_after"),
    (Op::DateBefore, "date_before"),
    (Op::SemverEq, "semver_eq"),
    (Op::SemverGt, "semver_gt"),
    (Op::SemverGte, "semver_gte"),
    (Op::SemverLt, "semver_lt"),
    (Op::SemverLte, "semver_lte"),
    (Op::Regex, "regex"),
    (Op::Cidr, "cidr"),
];

impl Op {
    /// Every operator, in the order of this list.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(op, _)| *op)
    }

    /// Its name in a document.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(op, _)| *op == self).map_or("", |(_, name)| name)
    }

    /// The operator of this name.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(op, _)| *op)
    }

    /// Whether it compares with any number of values, not with exactly one.
    pub fn takes_many(self) -> bool {
        matches!(self, Self::In | Self::Contains | Self::StartsWith | Self::EndsWith | Self::Cidr)
    }

    /// Whether it compares letters, so that their case can be ignored.
    pub fn knows_case(self) -> bool {
        matches!(self, Self::In | Self::Contains | Self::StartsWith | Self::EndsWith | Self::Regex)
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Op {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Op {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| D::Error::custom(unknown(&name)))
    }
}

fn unknown(name: &str) -> String {
    let shown = super::error::shown(name);
    match nearest(&name.to_lowercase()) {
        Some(near) => format!("there is no operator {shown:?}; did you mean \"{near}\"?"),
        None => {
            format!("there is no operator {shown:?}; there are {}", NAMES.map(|(_, name)| name).join(", "))
        }
    }
}

/// The operator a typing mistake away, if there is one.
fn nearest(name: &str) -> Option<&'static str> {
    // No operator is that long, and the table below would be.
    let name: Vec<char> = name.chars().take(24).collect();
    let (apart, near) = NAMES.iter().map(|(_, known)| (distance(&name, known), *known)).min()?;
    (apart <= name.len().max(near.len()).div_ceil(3)).then_some(near)
}

/// How many letters must be inserted, removed or replaced to make one word the other.
fn distance(left: &[char], right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, l) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (at, r) in right.chars().enumerate() {
            let replaced = diagonal + usize::from(*l != r);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[right.len()]
}
