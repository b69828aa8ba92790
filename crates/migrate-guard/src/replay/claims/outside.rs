//! Whether checks keep the rows of a default partition out of a new one, so that nobody looks for them.
//!
//! As for what belongs in a partition, it is proven for a key of one column and conditions that are written plainly.

use std::cmp::Ordering;

use super::predicate::{
    Fact, Side, compare, constants, disjuncts, facts, not_above, not_below, range_of, valid_checks,
};
use super::target::Target;
use crate::ddl::Bound;

/// The values of a new partition.
#[derive(Debug)]
enum New {
    Range(String, String),
    List(Vec<String>),
}

/// Whether no row of `default` can belong to the partition of `parent` with that bound.
pub(super) fn is_outside(parent: &Target<'_>, default: &Target<'_>, bound: &Bound) -> bool {
    let key = parent.relation().and_then(|parent| parent.partition_by.as_ref());
    let (Some(key), Bound::Values(values)) = (key, bound) else { return false };
    let ([column], Some(new)) = (key.columns.as_slice(), New::of(&key.method, values)) else { return false };
    let keeps_out = |part: &str| new.is_missed(&facts(part, column));
    !column.is_empty() && valid_checks(default).any(|text| disjuncts(text).into_iter().all(keeps_out))
}

impl New {
    fn of(method: &str, values: &str) -> Option<Self> {
        match method {
            "range" => {
                let (from, to) = range_of(values)?;
                Some(Self::Range(from.first()?.clone(), to.first()?.clone()))
            }
            "list" => Some(Self::List(constants(values)?)),
            _ => None,
        }
    }

    /// Whether what a value is known to be rules it out. Null is in no range.
    fn is_missed(&self, facts: &[Fact]) -> bool {
        match self {
            Self::Range(from, to) => {
                facts.contains(&Fact::Null)
                    || not_below(facts, to) == Some(true)
                    || not_above(facts, from) == Some(true)
                    || facts.iter().any(|fact| all_outside(fact, from, to))
            }
            Self::List(values) => values.iter().all(|value| facts.iter().any(|fact| excludes(fact, value))),
        }
    }
}

fn all_outside(fact: &Fact, from: &str, to: &str) -> bool {
    let is_outside = |value: &String| {
        compare(value, from) == Some(Ordering::Less)
            || matches!(compare(value, to), Some(Ordering::Equal | Ordering::Greater))
    };
    matches!(fact, Fact::In(values) if values.iter().all(is_outside))
}

/// Whether a value for which that holds is another than `value`.
fn excludes(fact: &Fact, value: &str) -> bool {
    match fact {
        _ if value.eq_ignore_ascii_case("null") => *fact == Fact::NotNull,
        Fact::Null => true,
        Fact::NotNull => false,
        Fact::In(values) => values.iter().all(|other| differ(other, value)),
        Fact::NotIn(values) => values.iter().any(|other| other == value),
        Fact::Limit { side, value: limit, inclusive } => {
            let beyond = if *side == Side::Lower { Ordering::Less } else { Ordering::Greater };
            let order = compare(value, limit);
            order == Some(beyond) || (order == Some(Ordering::Equal) && !inclusive)
        }
    }
}

/// Whether two values are certainly not the same: of words their text tells, numbers and days may be spelled in many ways.
fn differ(one: &str, other: &str) -> bool {
    let is_word = |text: &str| text.starts_with(char::is_alphabetic);
    let as_words = || is_word(one) && is_word(other) && one != other;
    compare(one, other).map_or_else(as_words, Ordering::is_ne)
}

#[cfg(test)]
mod tests {
    use crate::rules::seen::after;

    /// Whether the default partition is searched for rows of a new partition.
    #[track_caller]
    fn is_searched((key, bound): (&str, &str), check: &str) -> bool {
        let earlier = format!(
            "CREATE TABLE p (a {key} (a); CREATE TABLE d PARTITION OF p DEFAULT;
             ALTER TABLE d ADD CONSTRAINT c CHECK ({check});"
        );
        !after(&earlier, "L16", &format!("CREATE TABLE n PARTITION OF p FOR VALUES {bound};")).is_empty()
    }

    const RANGE: (&str, &str) = ("int) PARTITION BY RANGE", "FROM (10) TO (20)");
    const DAYS: (&str, &str) = ("date) PARTITION BY RANGE", "FROM ('2024-01-01') TO ('2024-02-01')");
    const WORDS: (&str, &str) = ("text) PARTITION BY LIST", "IN ('x', 'y')");
    const NUMBERS: (&str, &str) = ("int) PARTITION BY LIST", "IN (1, 9)");
    const NULLS: (&str, &str) = ("text) PARTITION BY LIST", "IN ('x', NULL)");

    /// Each is what PostgreSQL 15 says when its messages are shown: "implied by existing constraints".
    #[test]
    fn a_default_partition_is_not_searched_where_a_check_rules_it_out() {
        for (new, check) in [
            (RANGE, "a >= 20"),
            (RANGE, "a <= 9"),
            (RANGE, "a < 10 OR a >= 20"),
            (RANGE, "a IS NULL OR (a >= 20)"),
            (RANGE, "a BETWEEN 30 AND 40"),
            (RANGE, "a IN (5, 40)"),
            (DAYS, "a >= '2024-02-01'"),
            (DAYS, "a < date '2024-01-01'"),
            (WORDS, "a IN ('z', 'w')"),
            (WORDS, "a NOT IN ('x', 'y')"),
            (WORDS, "a <> 'x' AND a != 'y'"),
            (NUMBERS, "a > 5 AND a < 8"),
            (NUMBERS, "a < 1 OR a > 9"),
        ] {
            assert!(!is_searched(new, check), "{check}");
        }
    }

    #[test]
    fn and_is_searched_where_none_does() {
        for (new, check) in [
            (RANGE, "a > 19"),
            (RANGE, "a >= 20 OR b > 3"),
            (RANGE, "a <> 15"),
            (RANGE, "a IN (5, 15)"),
            (DAYS, "a >= '2024-01-31'"),
            (WORDS, "a <> 'x'"),
            (NUMBERS, "a > 5"),
            (NUMBERS, "a >= 9"),
            (NULLS, "a = 'y'"),
        ] {
            assert!(is_searched(new, check), "{check}");
        }
    }

    #[test]
    fn a_check_that_is_not_valid_proves_nothing() {
        let earlier = "CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE d PARTITION OF p DEFAULT;
            ALTER TABLE d ADD CONSTRAINT c CHECK (a >= 20) NOT VALID;";
        let new = "CREATE TABLE n PARTITION OF p FOR VALUES FROM (10) TO (20);";
        assert_eq!(after(earlier, "L16", new), [1]);
        let validated = format!("{earlier} ALTER TABLE d VALIDATE CONSTRAINT c;");
        assert_eq!(after(&validated, "L16", new), [0; 0]);
    }
}
