use super::Finding;

/// The same thing said of the same relation is said once, with all its places.
///
/// A file that builds six indexes on one table has one thing to change, not six. Findings come in by place, and stay so.
pub(crate) fn fold(findings: Vec<Finding>) -> Vec<Finding> {
    let mut folded: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match folded.iter_mut().find(|first| is_same(first, &finding)) {
            Some(first) => join(first, finding),
            None => folded.push(finding),
        }
    }
    folded
}

/// What is about no relation is the same if it is said in the same words.
fn is_same(first: &Finding, other: &Finding) -> bool {
    let alike = first.rule == other.rule && first.level == other.level && first.relation == other.relation;
    alike && (first.relation.is_some() || first.message == other.message)
}

fn join(first: &mut Finding, other: Finding) {
    first.also.push(other.span);
    first.also.extend(other.also);
    first.evidence = first.evidence.min(other.evidence);
    first.rewrite = match (first.rewrite.take(), other.rewrite) {
        (Some(one), Some(more)) => Some(format!("{one}\n{more}")),
        (one, more) => one.or(more),
    };
    match (&mut first.fix, other.fix) {
        (Some(fix), Some(more)) => fix.edits.extend(more.edits),
        (fix, more) => *fix = fix.take().or(more),
    }
}

#[cfg(test)]
mod tests {
    use super::fold;
    use crate::linter::{Finding, Fix};
    use crate::rules::RULES;
    use crate::{LintContext, QualifiedName, Span};

    fn finding(start: usize, table: &str) -> Finding {
        let span = Span::new(start, start + 1);
        let fix = Fix { title: "t".to_owned(), edits: vec![(span, "x".to_owned())] };
        RULES[0]
            .finding(span, &LintContext::default())
            .about(&QualifiedName::new("public", table))
            .fixed_by(fix)
    }

    #[test]
    fn what_is_said_of_one_relation_again_is_another_place() {
        let folded = fold(vec![finding(1, "a"), finding(3, "b"), finding(5, "a")]);
        assert_eq!(folded.len(), 2);
        assert_eq!(folded[0].also, [Span::new(5, 6)]);
        assert_eq!(folded[0].fix.as_ref().map(|fix| fix.edits.len()), Some(2));
    }

    #[test]
    fn what_is_said_of_no_relation_is_folded_if_the_words_are_the_same() {
        let alone = |start| Finding { relation: None, ..finding(start, "a") };
        assert_eq!(fold(vec![alone(1), alone(3)]).len(), 1);
        assert_eq!(fold(vec![alone(1), alone(3).saying("something else")]).len(), 2);
    }
}
