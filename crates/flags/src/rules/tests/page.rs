//! The page about rules says what is true.

use super::super::{Constraint, Context, Op, Rules, Segment};
use super::{compiled, decide};

const PAGE: &str = include_str!("../../../../../docs/flag-rules.md");

/// The examples whose fence says `kind`.
pub(super) fn examples(kind: &str) -> Vec<&'static str> {
    let fence = format!("```{kind}\n");
    PAGE.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn every_example_is_taken() {
    let rules = examples("json");
    assert_eq!((rules.len(), examples("json segment").len(), examples("json unleash").len()), (7, 1, 1));
    for example in rules {
        let rules = Rules::parse(example).unwrap_or_else(|error| panic!("{error}: {example}"));
        assert_ne!(rules, Rules::default());
    }
    for example in examples("json segment") {
        assert_eq!(Segment::parse(example).unwrap().when.len(), 1);
    }
    for example in examples("json unleash") {
        let import = crate::unleash::import(example).unwrap();
        assert_eq!((import.rules.len(), import.notes.len()), (1, 0));
    }
}

#[test]
fn every_fence_is_an_example_that_is_looked_at() {
    assert_eq!(PAGE.matches("```").count(), 2 * 9);
}

#[test]
fn every_operator_is_in_the_table() {
    for op in Op::all() {
        assert!(PAGE.contains(&format!("`{op}`")), "{op}");
    }
}

/// "the 10 % are among the 50 %", of the company that the example sticks to.
#[test]
fn the_example_of_a_percentage_admits_half_a_percent_of_companies() {
    let example = examples("json").into_iter().find(|text| text.contains("companyId")).unwrap();
    let rules = compiled(example);
    let on = |id: u32| decide(&rules, &Context::new().with("companyId", id.to_string())).on;
    let admitted = (0..200_000).filter(|id| on(*id)).count();
    // 1,000 by mean, 32 by deviation.
    assert!((850..1_150).contains(&admitted), "{admitted}");
    assert!(!decide(&rules, &Context::new().user("42")).on, "who has no company is not admitted");
}

#[test]
fn the_limits_are_those_of_the_page() {
    let values = vec!["x"; 1_001];
    assert!(Constraint::new("a", Op::Contains, &values[1..]).check().is_ok());
    assert!(Constraint::new("a", Op::Contains, &values).check().is_err());
    assert!(Constraint::new("a", Op::Regex, &["x".repeat(1_024).as_str()]).check().is_ok());
    assert!(Constraint::new("a", Op::Regex, &["x".repeat(1_025).as_str()]).check().is_err());
}
