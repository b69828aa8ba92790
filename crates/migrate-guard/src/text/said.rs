use crate::Span;

/// What is to be said of places in a text, by place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said(Vec<(Span, String)>);

/// Nobody reads more of a file, and what is kept of it stays in proportion to the file.
const MOST: usize = 1_000;

impl Said {
    pub(super) fn add(&mut self, span: Span, what: impl Into<String>) {
        if self.0.len() < MOST {
            self.0.push((span, what.into()));
        }
    }

    /// What both say outside of `hidden`, whose stretches are in order.
    pub(super) fn outside(self, others: [Self; 2], hidden: &[Span]) -> Vec<(Span, String)> {
        let mut all = self.0;
        all.extend(others.into_iter().flat_map(|other| other.0));
        all.retain(|(span, _)| !hides(hidden, *span));
        all.sort();
        all
    }
}

fn hides(hidden: &[Span], span: Span) -> bool {
    let next = hidden.partition_point(|stretch| stretch.end < span.end);
    hidden.get(next).is_some_and(|stretch| stretch.contains(span))
}
