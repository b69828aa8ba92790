//! The edits of several findings made in one text.

use handover_migrate_guard::{Finding, Span};

/// A text with edits made in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edited {
    /// What it says now.
    pub(super) text: String,
    /// Which bytes of the old text were replaced by what, in order.
    pub(super) edits: Vec<(Span, String)>,
    /// What was done, each with its rule: `L01: build the index concurrently`.
    pub(super) done: Vec<String>,
    /// What has to wait for another round, since it would touch what was edited.
    pub(super) left: usize,
}

/// Makes the edits of `findings`, whole ones only: all edits of a finding, or none.
///
/// What touches an earlier finding's edits is left: its places are no longer what they were.
pub(super) fn make(text: &str, findings: &[Finding]) -> Edited {
    let mut taken: Vec<(Span, String)> = Vec::new();
    let (mut done, mut left) = (Vec::new(), 0);
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        let edits = &fix.edits;
        if edits.iter().any(|(span, _)| taken.iter().any(|(other, _)| touch(*span, *other))) {
            left += 1;
        } else if edits.iter().all(|(span, _)| is_in(*span, text)) {
            done.push(format!("{}: {}", finding.rule, fix.title));
            taken.extend(edits.iter().cloned());
        }
    }
    taken.sort_by_key(|(span, _)| (span.start, span.end));
    Edited { text: written(text, &taken), edits: taken, done, left }
}

/// The text with these edits made, which are in order.
pub(super) fn written(text: &str, edits: &[(Span, String)]) -> String {
    let (mut new, mut at) = (String::with_capacity(text.len()), 0);
    for (span, replaced) in edits {
        new.push_str(text.get(at..span.start).unwrap_or_default());
        new.push_str(replaced);
        at = span.end;
    }
    new.push_str(text.get(at..).unwrap_or_default());
    new
}

/// Whether they share a byte, or meet: of two texts put in at one place nobody knows the order.
fn touch(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

fn is_in(span: Span, text: &str) -> bool {
    text.get(span.start..span.end).is_some()
}

#[cfg(test)]
mod tests {
    use handover_migrate_guard::claim::Evidence;
    use handover_migrate_guard::{Fix, Level};

    use super::*;

    fn finding(rule: &'static str, edits: &[(usize, usize, &str)]) -> Finding {
        let edits = edits.iter().map(|(start, end, new)| (Span::new(*start, *end), (*new).to_owned()));
        Finding {
            rule,
            name: "a-rule",
            level: Level::Error,
            span: Span::default(),
            also: Vec::new(),
            message: String::new(),
            effect: String::new(),
            workaround: String::new(),
            rewrite: None,
            fix: Some(Fix { title: "mend it".into(), edits: edits.collect() }),
            relation: None,
            evidence: Evidence::Decided,
        }
    }

    #[test]
    fn edits_of_several_findings_are_made_at_their_places() {
        let edited =
            make("abcdef", &[finding("L02", &[(4, 5, "E")]), finding("L01", &[(0, 1, "AA"), (2, 2, "-")])]);
        assert_eq!(edited.text, "AAb-cdEf");
        assert_eq!(edited.done, ["L02: mend it", "L01: mend it"]);
    }

    #[test]
    fn an_edit_that_meets_another_waits_for_the_next_round_with_all_of_its_finding() {
        let edited =
            make("abcdef", &[finding("L01", &[(1, 3, "X")]), finding("L02", &[(3, 3, "Y"), (5, 6, "Z")])]);
        assert_eq!((edited.text.as_str(), edited.done.len(), edited.left), ("aXdef", 1, 1));
    }

    #[test]
    fn what_is_not_in_the_text_is_not_edited() {
        let edited = make("aä", &[finding("L01", &[(2, 3, "X")]), finding("L02", &[(9, 10, "Y")])]);
        assert_eq!((edited.text.as_str(), edited.done.len()), ("aä", 0));
    }
}
