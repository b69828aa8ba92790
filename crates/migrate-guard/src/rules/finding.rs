use super::Rule;
use crate::linter::{Finding, Fix};
use crate::{Evidence, LintContext, QualifiedName, Span};

impl Rule {
    /// A finding of this rule, in the rule's own words.
    pub(crate) fn finding(&self, span: Span, context: &LintContext) -> Finding {
        Finding {
            rule: self.id,
            name: self.name,
            level: context.level_of(self),
            span,
            relation: None,
            also: Vec::new(),
            message: self.condition.to_owned(),
            effect: self.effect.to_owned(),
            workaround: self.workaround.to_owned(),
            rewrite: None,
            fix: None,
            evidence: Evidence::Decided,
        }
    }
}

impl Finding {
    /// The same, saying what happens here.
    pub(crate) fn saying(self, message: impl Into<String>) -> Self {
        Self { message: message.into(), ..self }
    }

    /// The same, with the SQL to write instead.
    pub(crate) fn instead(self, sql: impl Into<String>) -> Self {
        Self { rewrite: Some(sql.into()), ..self }
    }

    /// The same, about a relation.
    pub(crate) fn about(self, relation: &QualifiedName) -> Self {
        Self { relation: Some(relation.clone()), ..self }
    }

    /// The same, with an edit that is safe.
    pub(crate) fn fixed_by(self, fix: Fix) -> Self {
        Self { fix: Some(fix), ..self }
    }

    /// The same, as well known as `evidence` says.
    pub(crate) fn known(self, evidence: Evidence) -> Self {
        Self { evidence, ..self }
    }
}

impl Fix {
    /// Puts `text` in at a place.
    pub(crate) fn insert(title: &str, place: Span, text: impl Into<String>) -> Self {
        Self { title: title.to_owned(), edits: vec![(place, text.into())] }
    }
}
