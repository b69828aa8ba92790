use super::comment::Comment;
use super::parse::Allowance;
use crate::Span;
use crate::linter::Finding;

/// What an allowance holds for.
#[derive(Debug)]
pub(super) enum Scope {
    /// All of the file.
    File,
    /// One statement.
    Statement(Span),
    /// There is no statement it could hold for.
    Nothing,
}

impl Scope {
    pub(super) fn of(comment: &Comment, allowance: &Allowance, text: &str, statements: &[Span]) -> Self {
        if allowance.whole_file {
            return Self::File;
        }
        let at = comment.span;
        let within = statements.iter().find(|span| span.contains(at));
        let behind =
            statements.iter().rev().find(|span| span.end <= at.start && same_line(text, span.end, at.start));
        let after = statements.iter().find(|span| span.start >= at.end);
        within.or(behind).or(after).map_or(Self::Nothing, |span| Self::Statement(*span))
    }

    pub(super) fn covers(&self, finding: &Finding) -> bool {
        let within = |span: Span| match self {
            Self::File => true,
            Self::Statement(statement) => statement.contains(span),
            Self::Nothing => false,
        };
        within(finding.span) && finding.also.iter().all(|span| within(*span))
    }
}

fn same_line(text: &str, from: usize, to: usize) -> bool {
    text.get(from..to).is_some_and(|between| !between.contains('\n'))
}
