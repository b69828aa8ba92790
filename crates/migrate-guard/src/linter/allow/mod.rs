//! `-- handover:allow L01 until=2027-01-01 reason="…"`: a finding that somebody looked at and accepts.
//!
//! It holds for the statement it stands before or within, or behind on the same line; `handover:allow-file` holds for the
//! file. The reason is not optional, an allowance that has run out allows nothing, and one that nothing needs is a
//! finding itself: so none outlives what it was for.

mod comment;
mod parse;
mod scope;

use comment::Comment;
use parse::Allowance;
use scope::Scope;

use super::Finding;
use crate::ddl::Statement;
use crate::rules::{RULES, Rule, allowances};
use crate::{LintContext, Migration, Span};

/// Findings that stay, and those that are allowed. What is wrong with an allowance joins the first.
pub(crate) fn split<'a>(
    migration: &Migration,
    statements: impl Iterator<Item = &'a Statement>,
    findings: Vec<Finding>,
    context: &LintContext,
) -> (Vec<Finding>, Vec<Finding>) {
    let comments = comment::comments(&migration.sql);
    if comments.is_empty() {
        return (findings, Vec::new());
    }
    let spans: Vec<Span> = statements.map(|statement| statement.span).collect();
    let mut book = Book { migration, spans, context, allowed: Vec::new(), left: findings };
    for comment in &comments {
        book.take(comment);
    }
    (book.left, book.allowed)
}

struct Book<'a> {
    migration: &'a Migration,
    spans: Vec<Span>,
    context: &'a LintContext,
    allowed: Vec<Finding>,
    left: Vec<Finding>,
}

impl Book<'_> {
    fn take(&mut self, comment: &Comment) {
        match &comment.says {
            Err(why) => self.complain(comment, &allowances::MALFORMED, why),
            Ok(allowance) if self.has_run_out(allowance) => self.expired(comment, allowance),
            Ok(allowance) => self.allow(comment, allowance),
        }
    }

    fn has_run_out(&self, allowance: &Allowance) -> bool {
        allowance.until.is_some_and(|until| until < self.context.today)
    }

    fn expired(&mut self, comment: &Comment, allowance: &Allowance) {
        let until = allowance.until.map(|day| day.to_string()).unwrap_or_default();
        self.complain(comment, &allowances::EXPIRED, &format!("it ran out on {until}"));
    }

    fn allow(&mut self, comment: &Comment, allowance: &Allowance) {
        let scope = Scope::of(comment, allowance, &self.migration.text, &self.spans);
        for id in &allowance.rules {
            match RULES.iter().copied().find(|rule| rule.id == id) {
                None => self.complain(comment, &allowances::MALFORMED, &format!("there is no rule `{id}`")),
                Some(rule) => self.allow_one(comment, rule, &scope),
            }
        }
    }

    /// A rule that has no say here cannot tell whether the allowance is needed.
    fn allow_one(&mut self, comment: &Comment, rule: &Rule, scope: &Scope) {
        let covered = |finding: &Finding| finding.rule == rule.id && scope.covers(finding);
        let (allowed, left): (Vec<_>, Vec<_>) = self.left.drain(..).partition(covered);
        self.left = left;
        let used = !allowed.is_empty() || self.allowed.iter().any(covered);
        self.allowed.extend(allowed);
        if !used && self.context.wants(rule) {
            self.complain(
                comment,
                &allowances::UNUSED,
                &format!("nothing here needs `{}` to be allowed", rule.id),
            );
        }
    }

    fn complain(&mut self, comment: &Comment, rule: &'static Rule, why: &str) {
        if self.context.wants(rule) {
            self.left.push(rule.finding(comment.span, self.context).saying(format!("this allowance: {why}")));
        }
    }
}
