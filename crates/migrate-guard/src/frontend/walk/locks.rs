use std::rc::Rc;

use rustc_hash::FxHashMap;
use squawk_parser::SyntaxKind;

use super::super::context::Context;
use super::super::name;
use crate::ddl::RowLock;
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// `FOR UPDATE OF a`, `FOR SHARE`: what locks the rows of what stands in `FROM`.
#[derive(Clone, Debug, Default)]
pub(super) struct RowLocks {
    all: Option<RowLock>,
    of: Option<Rc<FxHashMap<String, RowLock>>>,
}

impl RowLocks {
    /// A lock of everything.
    pub(super) fn all(lock: Option<RowLock>) -> Self {
        Self { all: lock, of: None }
    }

    /// Those of a `SELECT`, in a place where everything may be locked already.
    pub(super) fn with(&self, select: &SyntaxNode, cx: &Context<'_>) -> Self {
        let (mut all, mut of) = (self.all, FxHashMap::default());
        for clause in select.children().filter_map(ast::LockingClause::cast) {
            let lock = strength(clause.syntax());
            match clause.locking_of() {
                None => all = stronger(all, Some(lock)),
                Some(named) => {
                    for expr in named.exprs() {
                        let held: &mut RowLock = of.entry(name::name(cx.text(&expr))).or_insert(lock);
                        *held = stronger(Some(*held), Some(lock)).unwrap_or(lock);
                    }
                }
            }
        }
        Self { all, of: (!of.is_empty()).then(|| Rc::new(of)) }
    }

    /// What locks the rows of an item of this name, of one without a name only what locks all.
    pub(super) fn of(&self, alias: Option<&str>) -> Option<RowLock> {
        let named = self.of.as_ref().zip(alias).and_then(|(of, alias)| of.get(alias).copied());
        stronger(self.all, named)
    }
}

fn stronger(one: Option<RowLock>, other: Option<RowLock>) -> Option<RowLock> {
    match (one, other) {
        (Some(RowLock::Update), _) | (_, Some(RowLock::Update)) => Some(RowLock::Update),
        (one, other) => one.or(other),
    }
}

fn strength(clause: &SyntaxNode) -> RowLock {
    let share = |kind| matches!(kind, SyntaxKind::FOR_SHARE | SyntaxKind::FOR_KEY_SHARE);
    if clause.children().any(|child| share(child.kind())) { RowLock::Share } else { RowLock::Update }
}
