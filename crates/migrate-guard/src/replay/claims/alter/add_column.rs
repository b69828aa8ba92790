use super::{Alter, Reach};
use crate::Span;
use crate::catalog::TypeDef;
use crate::claim::{Cause, Works};
use crate::ddl::{Column, Constraint, ConstraintKind, Expr, TypeRef};
use crate::replay::claims::volatile::{Volatile, volatile};

/// How many domains may stand on one another.
const DEPTH: usize = 16;

/// What a new column does to the rows that are there.
struct New {
    cause: Cause,
    work: Works,
    assumed: bool,
}

impl New {
    fn decided(cause: Cause, work: Works) -> Self {
        Self { cause, work, assumed: false }
    }
}

impl Alter<'_, '_> {
    pub(super) fn add_column(&mut self, span: Span, column: &Column, if_not_exists: bool) {
        if if_not_exists && self.table.column(&column.name).is_some() {
            return self.add_what_is_there(span, column);
        }
        let new = self.new_column(column);
        for table in self.reached(Reach::Tree) {
            let rewrites = new.work == Works::REWRITE;
            let work = if rewrites { table.rewrite() } else { table.own(new.work) };
            let deed = self.deed(span, new.cause.clone()).with(work).assumed_if(new.assumed);
            self.ledger.on(&table, deed);
        }
        self.column_constraints(span, column);
    }

    /// Before version 13, the constraints were made all the same.
    fn add_what_is_there(&mut self, span: Span, column: &Column) {
        self.here(span, Cause::AddColumn, Works::NONE);
        if !self.ledger.pg().at_least(13) {
            self.column_constraints(span, column);
        }
    }

    fn column_constraints(&mut self, span: Span, column: &Column) {
        for constraint in &column.constraints {
            if matches!(constraint.kind, ConstraintKind::Foreign { .. }) {
                let proven = self.asks_of_rows(column);
                self.foreign_key(span, &constraint.kind, proven && is_proven(constraint));
            } else {
                self.add_constraint(span, constraint);
            }
        }
    }

    /// A foreign key on a new column is not proven, since all is null in it, unless the column has a `DEFAULT` clause,
    /// be it `DEFAULT NULL`. Before version 13, any new column of the statement counted.
    fn asks_of_rows(&self, column: &Column) -> bool {
        if self.ledger.pg().at_least(13) { has_default(column) } else { self.beside.defaults }
    }

    /// What fills the new column decides.
    fn new_column(&self, column: &Column) -> New {
        if column.ty.as_ref().is_some_and(TypeRef::is_serial) {
            return New::decided(Cause::AddSerial, Works::REWRITE);
        }
        if column.identity {
            return New::decided(Cause::AddIdentity, Works::REWRITE);
        }
        if column.generated.as_ref().is_some_and(|generated| generated.stored) {
            return New::decided(Cause::AddStoredGenerated, Works::REWRITE);
        }
        self.of_domain(column).or_else(|| self.of_default(column)).unwrap_or_else(|| self.of_null(column))
    }

    fn of_domain(&self, column: &Column) -> Option<New> {
        let constrained =
            self.domains(column).any(|domain| matches!(domain, TypeDef::Domain { constrained: true, .. }));
        constrained.then(|| New::decided(Cause::AddConstrainedDomain, Works::REWRITE))
    }

    fn of_default(&self, column: &Column) -> Option<New> {
        let Volatile { function, assumed } = volatile(self.ledger.world, self.default_of(column)?)?;
        Some(New { cause: Cause::VolatileDefault(function), work: Works::REWRITE, assumed })
    }

    /// Nothing is written: a constant is kept beside the rows.
    fn of_null(&self, column: &Column) -> New {
        let filled = self.default_of(column).is_some_and(|default| !default.is_null());
        if column.not_null.is_some() && !filled {
            return New::decided(Cause::AddRequired, Works::SCAN);
        }
        New::decided(Cause::AddColumn, Works::NONE)
    }

    /// Its own default, or from version 13 on that of its domain.
    fn default_of<'c>(&'c self, column: &'c Column) -> Option<&'c Expr> {
        if column.default.is_some() || !self.ledger.pg().at_least(13) {
            return column.default.as_ref();
        }
        self.domains(column).find_map(|domain| match domain {
            TypeDef::Domain { default, .. } => default.as_deref(),
            TypeDef::Body(_) => None,
        })
    }

    /// The domain of a column, the domain it is over, and so on.
    fn domains<'c>(&'c self, column: &'c Column) -> impl Iterator<Item = &'c TypeDef> {
        let world = self.ledger.world;
        let find =
            |ty: &TypeRef| world.catalog.type_named(&ty.name, &world.path).filter(|_| ty.dimensions == 0);
        let first = column.ty.as_ref().and_then(find);
        let next = move |domain: &&'c TypeDef| match domain {
            TypeDef::Domain { base, .. } => find(base),
            TypeDef::Body(_) => None,
        };
        std::iter::successors(first, next).take(DEPTH)
    }
}

pub(super) fn has_default(column: &Column) -> bool {
    column.default.is_some() || column.ty.as_ref().is_some_and(TypeRef::is_serial)
}

fn is_proven(constraint: &Constraint) -> bool {
    constraint.enforced && !constraint.not_valid
}
