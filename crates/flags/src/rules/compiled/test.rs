use std::cmp::Ordering;
use std::net::IpAddr;

use ipnet::IpNet;
use regex::{Regex, RegexBuilder};

use super::super::context::{Context, Field};
use super::super::document::{
    Constraint, Fault, LONGEST_LOOKED_INTO, Op, REGEX_BYTES, REGEX_LENGTH, REGEX_NESTING, shortened, shown,
};
use super::super::value::{Moment, Needle, Version, network};
use super::words::Words;

/// A constraint whose values are read.
#[derive(Debug)]
pub(in crate::rules) struct Test {
    field: Field,
    not: bool,
    check: Check,
}

#[derive(Debug)]
enum Check {
    In(Words),
    Contains(Box<[Box<str>]>),
    ContainsFolded(Box<[Needle]>),
    Starts(Box<[Box<str>]>),
    StartsFolded(Box<[Needle]>),
    Ends(Box<[Box<str>]>),
    EndsFolded(Box<[Needle]>),
    Number(Order, f64),
    Date(Order, Moment),
    Version(Order, Box<str>),
    Regex(Regex),
    Networks(Box<[IpNet]>),
}

/// How the caller's value must stand to the constraint's.
#[derive(Debug, Clone, Copy)]
enum Order {
    Equal,
    Greater,
    AtLeast,
    Less,
    AtMost,
}

impl Order {
    fn holds(self, found: Ordering) -> bool {
        match self {
            Self::Equal => found.is_eq(),
            Self::Greater => found.is_gt(),
            Self::AtLeast => found.is_ge(),
            Self::Less => found.is_lt(),
            Self::AtMost => found.is_le(),
        }
    }

    /// Numbers are equal when they differ by less than a rounding error near 1, as Unleash has it.
    fn holds_for(self, found: f64, wanted: f64) -> bool {
        match self {
            Self::Equal => (found - wanted).abs() < f64::EPSILON,
            Self::Greater => found > wanted,
            Self::AtLeast => found >= wanted,
            Self::Less => found < wanted,
            Self::AtMost => found <= wanted,
        }
    }
}

impl Test {
    /// Reads a constraint, or says why it cannot be meant.
    pub(in crate::rules) fn new(constraint: &Constraint) -> Result<Self, Fault> {
        let field = Field::named(&constraint.field);
        if constraint.ignore_case && !constraint.op.knows_case() {
            return Err(Fault::IgnoreCase(constraint.op));
        }
        if field == Field::Time && !matches!(constraint.op, Op::DateAfter | Op::DateBefore) {
            return Err(Fault::TimeAsText(constraint.op));
        }
        Ok(Self { field, not: constraint.not, check: Check::new(constraint)? })
    }

    /// Whether it holds for the caller.
    #[inline]
    pub(super) fn holds(&self, context: &Context<'_>) -> bool {
        if let (Field::Time, Check::Date(order, date)) = (&self.field, &self.check) {
            let found = context.time().is_some_and(|time| order.holds(time.cmp(date)));
            return found != self.not;
        }
        match context.text(&self.field) {
            Some(text) if self.check.looks_into_it() && text.len() > LONGEST_LOOKED_INTO => false,
            Some(text) => self.check.holds(text) != self.not,
            None => self.not,
        }
    }

    /// Whether it may hold at one time and not at another, for the same caller.
    pub(super) fn asks_the_time(&self) -> bool {
        self.field == Field::Time
    }
}

impl Check {
    fn new(constraint: &Constraint) -> Result<Self, Fault> {
        let op = constraint.op;
        match op {
            Op::In => Ok(Self::In(Words::new(&constraint.values, constraint.ignore_case))),
            Op::Contains | Op::StartsWith | Op::EndsWith => Self::of_fragments(constraint),
            Op::Cidr => some(constraint)?
                .iter()
                .map(|text| read_network(text))
                .collect::<Result<_, _>>()
                .map(Self::Networks),
            Op::NumEq => number(constraint).map(|number| Self::Number(Order::Equal, number)),
            Op::NumGt => number(constraint).map(|number| Self::Number(Order::Greater, number)),
            Op::NumGte => number(constraint).map(|number| Self::Number(Order::AtLeast, number)),
            Op::NumLt => number(constraint).map(|number| Self::Number(Order::Less, number)),
            Op::NumLte => number(constraint).map(|number| Self::Number(Order::AtMost, number)),
            Op::DateAfter => date(constraint).map(|date| Self::Date(Order::Greater, date)),
            Op::DateBefore => date(constraint).map(|date| Self::Date(Order::Less, date)),
            Op::SemverEq => version(constraint).map(|version| Self::Version(Order::Equal, version)),
            Op::SemverGt => version(constraint).map(|version| Self::Version(Order::Greater, version)),
            Op::SemverGte => version(constraint).map(|version| Self::Version(Order::AtLeast, version)),
            Op::SemverLt => version(constraint).map(|version| Self::Version(Order::Less, version)),
            Op::SemverLte => version(constraint).map(|version| Self::Version(Order::AtMost, version)),
            Op::Regex => regex(constraint).map(Self::Regex),
        }
    }

    fn of_fragments(constraint: &Constraint) -> Result<Self, Fault> {
        let values = some(constraint)?;
        let plain = || values.iter().map(|value| value.as_str().into()).collect();
        let folded = || values.iter().map(|value| Needle::new(value)).collect();
        Ok(match (constraint.op, constraint.ignore_case) {
            (Op::StartsWith, false) => Self::Starts(plain()),
            (Op::StartsWith, true) => Self::StartsFolded(folded()),
            (Op::EndsWith, false) => Self::Ends(plain()),
            (Op::EndsWith, true) => Self::EndsFolded(folded()),
            (_, false) => Self::Contains(plain()),
            (_, true) => Self::ContainsFolded(folded()),
        })
    }

    /// Whether the time it takes grows with the text's length and the constraint's own, multiplied.
    fn looks_into_it(&self) -> bool {
        matches!(self, Self::Contains(_) | Self::ContainsFolded(_) | Self::Regex(_))
    }

    fn holds(&self, text: &str) -> bool {
        match self {
            Self::In(words) => words.has(text),
            Self::Contains(values) => values.iter().any(|value| text.contains(&**value)),
            Self::ContainsFolded(values) => values.iter().any(|value| value.is_in(text)),
            Self::Starts(values) => values.iter().any(|value| text.starts_with(&**value)),
            Self::StartsFolded(values) => values.iter().any(|value| value.begins(text)),
            Self::Ends(values) => values.iter().any(|value| text.ends_with(&**value)),
            Self::EndsFolded(values) => values.iter().any(|value| value.ends(text)),
            Self::Number(order, wanted) => text.parse().is_ok_and(|found| order.holds_for(found, *wanted)),
            Self::Date(order, wanted) => {
                text.parse().is_ok_and(|found: Moment| order.holds(found.cmp(wanted)))
            }
            Self::Version(order, wanted) => versions(*order, text, wanted),
            Self::Regex(regex) => regex.is_match(text),
            Self::Networks(networks) => inside(networks, text),
        }
    }
}

fn versions(order: Order, found: &str, wanted: &str) -> bool {
    let both = Version::read(found).zip(Version::read(wanted));
    both.is_some_and(|(found, wanted)| order.holds(found.precedence(&wanted)))
}

fn inside(networks: &[IpNet], address: &str) -> bool {
    let found = address.parse::<IpAddr>();
    found.is_ok_and(|address| networks.iter().any(|network| network.contains(&address)))
}

/// At least one value.
fn some(constraint: &Constraint) -> Result<&[String], Fault> {
    match constraint.values.as_slice() {
        [] => Err(Fault::NoValues(constraint.op)),
        values => Ok(values),
    }
}

/// Exactly one value.
fn one(constraint: &Constraint) -> Result<&str, Fault> {
    match constraint.values.as_slice() {
        [value] => Ok(value),
        values => Err(Fault::OneValue { op: constraint.op, found: values.len() }),
    }
}

fn number(constraint: &Constraint) -> Result<f64, Fault> {
    let text = one(constraint)?;
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| Fault::Number(shown(text)))
}

fn date(constraint: &Constraint) -> Result<Moment, Fault> {
    let text = one(constraint)?;
    text.parse().map_err(|_| Fault::Date(shown(text)))
}

fn version(constraint: &Constraint) -> Result<Box<str>, Fault> {
    let text = one(constraint)?;
    Version::read(text).map(|_| text.into()).ok_or_else(|| Fault::Version(shown(text)))
}

fn read_network(text: &str) -> Result<IpNet, Fault> {
    network(text).ok_or_else(|| Fault::Network(shown(text)))
}

fn regex(constraint: &Constraint) -> Result<Regex, Fault> {
    let text = one(constraint)?;
    if text.len() > REGEX_LENGTH {
        return Err(Fault::TooLong { what: "value", bytes: text.len(), limit: REGEX_LENGTH });
    }
    let mut builder = RegexBuilder::new(text);
    builder.case_insensitive(constraint.ignore_case).size_limit(REGEX_BYTES).nest_limit(REGEX_NESTING);
    builder.build().map_err(|error| why(&error))
}

/// The last line of what the parser says; those before it draw a picture.
fn why(error: &regex::Error) -> Fault {
    if matches!(error, regex::Error::CompiledTooBig(_)) {
        return Fault::RegexTooLarge;
    }
    let text = error.to_string();
    let last = text.lines().next_back().unwrap_or_default();
    Fault::Regex(shortened(last.trim_start_matches("error: "), 200))
}
