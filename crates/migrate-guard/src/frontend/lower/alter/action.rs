use super::column;
use crate::ddl::{Action, Firing};
use crate::frontend::context::Context;
use crate::frontend::lower::parts::{cascade, name, object, objects};
use crate::frontend::lower::{column as made, constraint, first_words, partition};
use crate::frontend::tree::ast::{self, AlterTableAction as Node};

/// One action of `ALTER TABLE`.
pub(super) fn action(node: &Node, cx: &mut Context<'_>) -> Action {
    match node {
        Node::AddColumn(add) => Action::AddColumn {
            column: Box::new(made::of_add(add, cx)),
            if_not_exists: add.if_not_exists().is_some(),
        },
        Node::DropColumn(drop) => Action::DropColumn {
            name: name(drop.column_name_ref(), cx),
            if_exists: drop.if_exists().is_some(),
            cascade: cascade(drop.drop_behavior().as_ref()),
        },
        Node::AlterColumn(alter) => column::of_table(alter, cx).unwrap_or_else(|| other(node, cx)),
        Node::AddConstraint(_)
        | Node::ValidateConstraint(_)
        | Node::DropConstraint(_)
        | Node::AlterConstraint(_) => of_constraint(node, cx).unwrap_or_else(|| other(node, cx)),
        Node::AttachPartition(_)
        | Node::DetachPartition(_)
        | Node::SplitPartition(_)
        | Node::MergePartitions(_) => of_partition(node, cx).unwrap_or_else(|| other(node, cx)),
        _ => of_trigger(node, cx).or_else(|| of_relation(node, cx)).unwrap_or_else(|| other(node, cx)),
    }
}

fn of_constraint(node: &Node, cx: &mut Context<'_>) -> Option<Action> {
    Some(match node {
        Node::AddConstraint(add) => {
            Action::AddConstraint(constraint::constraint(&add.constraint()?, None, cx)?)
        }
        Node::ValidateConstraint(node) => Action::ValidateConstraint(name(node.constraint_name_ref(), cx)),
        Node::AlterConstraint(node) => Action::AlterConstraint(name(node.constraint_name_ref(), cx)),
        Node::DropConstraint(drop) => Action::DropConstraint {
            name: name(drop.constraint_name_ref(), cx),
            if_exists: drop.if_exists().is_some(),
            cascade: cascade(drop.drop_behavior().as_ref()),
        },
        _ => return None,
    })
}

fn of_partition(node: &Node, cx: &Context<'_>) -> Option<Action> {
    Some(match node {
        Node::AttachPartition(node) => Action::Attach {
            child: object(node.table_name_ref(), cx),
            bound: node.partition_type().map(|bound| partition::bound(&bound, cx)),
        },
        Node::DetachPartition(node) => {
            let option = node.detach_partition_option();
            Action::Detach {
                child: object(node.table_name_ref(), cx),
                concurrently: matches!(option, Some(ast::DetachPartitionOption::DetachConcurrently(_))),
                finalize: matches!(option, Some(ast::DetachPartitionOption::DetachFinalize(_))),
            }
        }
        Node::SplitPartition(node) => Action::Repartition(vec![object(node.table_name_ref(), cx)]),
        Node::MergePartitions(node) => {
            let merged = node.table_name_ref_list().into_iter().flat_map(|list| list.table_name_refs());
            Action::Repartition(objects(merged, cx))
        }
        _ => return None,
    })
}

fn of_trigger(node: &Node, cx: &Context<'_>) -> Option<Action> {
    let (name, firing) = match node {
        Node::EnableTrigger(node) => (one(node.trigger_target(), cx), Firing::On),
        Node::DisableTrigger(node) => (one(node.trigger_target(), cx), Firing::Off),
        Node::EnableReplicaTrigger(node) => (Some(name(node.trigger_ref(), cx)), Firing::Replica),
        Node::EnableAlwaysTrigger(node) => (Some(name(node.trigger_ref(), cx)), Firing::Always),
        _ => return of_rule(node, cx),
    };
    Some(Action::Trigger { name, firing })
}

/// The one trigger that is meant, not `ALL` and not `USER`.
fn one(target: Option<ast::TriggerTarget>, cx: &Context<'_>) -> Option<String> {
    match target? {
        ast::TriggerTarget::TriggerRef(trigger) => Some(cx.name(&trigger)),
        ast::TriggerTarget::All(_) | ast::TriggerTarget::User(_) => None,
    }
}

fn of_rule(node: &Node, cx: &Context<'_>) -> Option<Action> {
    let rule = match node {
        Node::EnableRule(node) => node.rule_ref(),
        Node::DisableRule(node) => node.rule_ref(),
        Node::EnableReplicaRule(node) => node.rule_ref(),
        Node::EnableAlwaysRule(node) => node.rule_ref(),
        _ => return None,
    };
    Some(Action::Rule(name(rule, cx)))
}

fn of_relation(node: &Node, cx: &Context<'_>) -> Option<Action> {
    Some(match node {
        Node::OwnerTo(_) => Action::Owner,
        Node::EnableRls(_) => Action::RowSecurity(Some(true)),
        Node::DisableRls(_) => Action::RowSecurity(Some(false)),
        Node::ForceRls(_) | Node::NoForceRls(_) => Action::RowSecurity(None),
        Node::ClusterOn(_) | Node::SetWithoutCluster(_) => Action::ClusterOn,
        Node::SetLogged(_) => Action::SetLogged(true),
        Node::SetUnlogged(_) => Action::SetLogged(false),
        Node::SetTablespace(_) => Action::SetTablespace,
        Node::SetAccessMethod(set) => Action::SetAccessMethod(method(set, cx)),
        Node::SetOptions(set) => Action::Parameters(parameters(set.attribute_list(), cx)),
        Node::ResetOptions(reset) => Action::Parameters(parameters(reset.attribute_list(), cx)),
        Node::InheritTable(node) => Action::Inherit(object(node.table_name_ref(), cx)),
        Node::NoInheritTable(node) => Action::NoInherit(object(node.table_name_ref(), cx)),
        Node::ReplicaIdentity(node) => Action::ReplicaIdentity(identity_index(node, cx)),
        Node::OfType(node) => Action::OfType(node.ty().map(|ty| cx.object(&ty))),
        Node::NotOf(_) => Action::OfType(None),
        _ => return None,
    })
}

fn method(node: &ast::SetAccessMethod, cx: &Context<'_>) -> String {
    node.access_method_ref().map_or_else(|| "default".to_owned(), |method| cx.name(&method))
}

fn identity_index(node: &ast::ReplicaIdentity, cx: &Context<'_>) -> Option<String> {
    match node.replica_identity_option()? {
        ast::ReplicaIdentityOption::UsingIndexName(index) => Some(name(index.index_ref(), cx)),
        ast::ReplicaIdentityOption::Other(_) => None,
    }
}

/// The names of storage parameters: `fillfactor`, `toast.autovacuum_enabled`.
pub(super) fn parameters(list: Option<ast::AttributeList>, cx: &Context<'_>) -> Vec<String> {
    let options = list.into_iter().flat_map(|list| list.attribute_options());
    let names = options.map(|option| match option.namespace() {
        Some(namespace) => format!("{}.{}", cx.name(&namespace), name(option.name(), cx)),
        None => name(option.name(), cx),
    });
    names.collect()
}

/// An action that says nothing to a linter: `OPTIONS (…)`, `SET WITHOUT OIDS`.
fn other(node: &Node, cx: &Context<'_>) -> Action {
    Action::Other(first_words(&cx.folded(node)))
}
