use std::cmp::Ordering;

use super::super::names::digits;

/// In which order a runner applies its migrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Order {
    /// By version, as numbers.
    Number,
    /// By version, as texts.
    Text,
    /// By path.
    Path,
    /// By version, part by part, `1.2` before `1.10`; then repeatable ones by name.
    Parts,
}

impl Order {
    /// Which of two migrations, each a version and a path, comes first.
    pub(in crate::source) fn compare(self, one: (&str, &str), other: (&str, &str)) -> Ordering {
        self.versions(one.0, other.0).then_with(|| one.1.cmp(other.1))
    }

    fn versions(self, one: &str, other: &str) -> Ordering {
        match self {
            Self::Number => number(one, other),
            Self::Text => one.cmp(other),
            Self::Path => Ordering::Equal,
            Self::Parts => parts(one, other),
        }
    }

    /// A text that is the same for versions that are the same to the runner.
    pub(in crate::source) fn key(self, version: &str) -> String {
        match self {
            Self::Number => significant(version).to_owned(),
            Self::Text | Self::Path => version.to_owned(),
            Self::Parts => part_key(version),
        }
    }
}

/// Numbers as long as they like; what is none comes first.
fn number(one: &str, other: &str) -> Ordering {
    let rank = |text: &str| (is_number(text), significant(text).len());
    rank(one).cmp(&rank(other)).then_with(|| significant(one).cmp(significant(other)))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && digits(text).1.is_empty()
}

fn significant(text: &str) -> &str {
    let rest = text.trim_start_matches('0');
    if rest.is_empty() && !text.is_empty() { "0" } else { rest }
}

/// What a repeatable migration's version begins with, here and in the query of the history.
pub(in crate::source) const REPEATABLE: &str = "R__";

fn parts(one: &str, other: &str) -> Ordering {
    match (one.strip_prefix(REPEATABLE), other.strip_prefix(REPEATABLE)) {
        (Some(one), Some(other)) => one.cmp(other),
        (None, None) => dotted(one, other),
        (one, _) => {
            if one.is_some() {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
    }
}

/// A missing part is 0.
fn dotted(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one.split('.'), other.split('.'));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return Ordering::Equal,
            (left, right) => match number(left.unwrap_or("0"), right.unwrap_or("0")) {
                Ordering::Equal => {}
                different => return different,
            },
        }
    }
}

fn part_key(version: &str) -> String {
    if version.starts_with(REPEATABLE) {
        return version.to_owned();
    }
    let mut parts: Vec<&str> = version.split('.').map(significant).collect();
    while parts.len() > 1 && parts.last() == Some(&"0") {
        parts.pop();
    }
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::Order;

    fn sorted(order: Order, versions: &str) -> String {
        let mut sorted: Vec<_> = versions.split(' ').collect();
        sorted.sort_by(|one, other| order.compare((one, one), (other, other)));
        sorted.join(" ")
    }

    #[test]
    fn versions_are_ordered_as_the_runner_orders_them() {
        assert_eq!(
            sorted(Order::Number, "10 9 20230101000000000000000 010x 1"),
            "010x 1 9 10 20230101000000000000000"
        );
        assert_eq!(sorted(Order::Text, "10 9 1"), "1 10 9");
        assert_eq!(sorted(Order::Parts, "R__b 1.10 1.2 1 R__a 01.2.1 2"), "1 1.2 01.2.1 1.10 2 R__a R__b");
    }

    #[test]
    fn the_same_version_has_the_same_key() {
        assert_eq!(Order::Number.key("0010"), Order::Number.key("10"));
        assert_eq!(Order::Number.key("000"), "0");
        assert_eq!(Order::Parts.key("01.2.0"), Order::Parts.key("1.2"));
        assert_ne!(Order::Text.key("01"), Order::Text.key("1"));
    }
}
