use super::{FileMoment, Moment};
use crate::claim::{Cause, Change, ChangeKind, Claim};
use crate::ddl::{Action, AlterTable, Ddl};
use crate::linter::Finding;
use crate::{Age, Span};

impl<'a> Moment<'a> {
    /// What is done to relations that running code uses, for these causes; one claim per place in the text.
    pub(crate) fn claims(&self, want: impl Fn(&Cause) -> bool) -> Vec<&'a Claim> {
        let mut found: Vec<&Claim> = Vec::new();
        for claim in &self.effects.claims {
            let again = found.iter().any(|other| other.span == claim.span && other.cause == claim.cause);
            if claim.age == Age::Old && want(&claim.cause) && !again {
                found.push(claim);
            }
        }
        found
    }

    /// Those of them under which others wait as long as the work takes.
    pub(crate) fn long(&self, want: impl Fn(&Cause) -> bool) -> Vec<&'a Claim> {
        let mut found: Vec<&Claim> = Vec::new();
        for claim in &self.effects.claims {
            let again = found.iter().any(|other| other.span == claim.span && other.cause == claim.cause);
            if claim.age == Age::Old
                && claim.lock.blocks()
                && claim.work.is_long()
                && want(&claim.cause)
                && !again
            {
                found.push(claim);
            }
        }
        found
    }

    /// Those of them for which others wait a moment.
    pub(crate) fn brief(&self, want: impl Fn(&Cause) -> bool) -> Vec<&'a Claim> {
        let claims = self.claims(want).into_iter();
        claims.filter(|claim| claim.lock.blocks() && !claim.is_slow()).collect()
    }

    /// What changes for running code, of these kinds.
    pub(crate) fn changes(&self, want: impl Fn(ChangeKind) -> bool) -> Vec<&'a Change> {
        let old = |change: &&Change| change.age == Age::Old && !change.fresh;
        self.effects.changes.iter().filter(old).filter(|change| want(change.kind)).collect()
    }

    /// A finding of this rule about a claim.
    pub(crate) fn at(&self, claim: &Claim, message: &str) -> Finding {
        let message = with_condition(message, claim.when.as_deref());
        let finding = self.rule.finding(claim.span, self.context).about(&claim.relation);
        finding.known(claim.evidence).saying(message)
    }

    /// A finding of this rule about a change.
    pub(crate) fn about(&self, change: &Change, message: &str) -> Finding {
        let message = with_condition(message, change.when.as_deref());
        let finding = self.rule.finding(change.span, self.context).about(&change.relation);
        finding.known(change.evidence).saying(message)
    }

    /// A finding of this rule at the whole statement.
    pub(crate) fn here(&self, message: impl Into<String>) -> Finding {
        self.rule.finding(self.statement.span, self.context).saying(message)
    }

    /// Bytes of the migration.
    pub(crate) fn text(&self, span: Span) -> &'a str {
        self.migration.text.get(span.start..span.end).unwrap_or_default()
    }

    /// SQL that may not run in a transaction, with how to tell the runner so.
    pub(crate) fn outside(&self, sql: &str) -> String {
        format!("-- in a file of its own; {}\n{sql}", self.layout.opt_out())
    }

    /// The action of an `ALTER TABLE` that holds these bytes, with the table as it is written.
    pub(crate) fn action(&self, span: Span) -> Option<(&'a str, &'a Action)> {
        let Ddl::AlterTable(alter) = &self.statement.ddl else { return None };
        let (_, action) = alter.actions.iter().find(|(bytes, _)| bytes.contains(span))?;
        Some((self.table_of(alter), action))
    }

    fn table_of(&self, alter: &AlterTable) -> &'a str {
        self.text(alter.name_span)
    }
}

impl FileMoment<'_> {
    /// A finding of this rule in the file.
    pub(crate) fn at(&self, span: Span, message: impl Into<String>) -> Finding {
        self.rule.finding(span, self.context).saying(message)
    }
}

fn with_condition(message: &str, when: Option<&str>) -> String {
    match when {
        Some(when) => format!("{message}, {when}"),
        None => message.to_owned(),
    }
}
