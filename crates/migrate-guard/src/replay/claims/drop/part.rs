use super::exclusively;
use crate::Span;
use crate::catalog::Relation;
use crate::claim::Cause;
use crate::ddl::{Drop, ObjectKind};
use crate::replay::claims::ledger::Ledger;

/// `DROP TRIGGER | POLICY | RULE`. With `IF EXISTS`, one that is not there locks nothing.
pub(super) fn drop_part(ledger: &mut Ledger<'_>, drop: &Drop, span: Span) {
    let Some(table) = drop.on.as_ref().and_then(|name| ledger.find_if(name, drop.if_exists)) else { return };
    for (_, name) in &drop.names {
        let made_here = table.relation().filter(|relation| relation.complete);
        if made_here.is_some_and(|relation| !has(relation, drop.kind, &name.name)) {
            continue;
        }
        let below = table.relation().is_some_and(|relation| goes_below(relation, drop.kind, &name.name));
        let tables = if below { ledger.partitions_too(&table) } else { vec![table.clone()] };
        ledger.on_each(&tables, &exclusively(cause(drop.kind), span));
    }
}

fn cause(kind: ObjectKind) -> Cause {
    match kind {
        ObjectKind::Trigger => Cause::Trigger,
        ObjectKind::Policy => Cause::Policy,
        _ => Cause::Rule,
    }
}

fn has(relation: &Relation, kind: ObjectKind, name: &str) -> bool {
    match kind {
        ObjectKind::Trigger => relation.triggers.iter().any(|trigger| trigger.name == name),
        ObjectKind::Policy => relation.policies.iter().any(|policy| policy == name),
        _ => relation.rules.iter().any(|rule| rule == name),
    }
}

/// A trigger for each row is there on the partitions, too.
fn goes_below(relation: &Relation, kind: ObjectKind, name: &str) -> bool {
    let mut triggers = relation.triggers.iter().filter(|trigger| trigger.name == name);
    kind == ObjectKind::Trigger && triggers.any(|trigger| trigger.each_row)
}
