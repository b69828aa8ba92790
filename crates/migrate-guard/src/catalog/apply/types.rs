//! Types and domains. A composite type is a relation too, as in PostgreSQL's own catalog.

use super::{At, Attempt, Refused};
use crate::catalog::links::Node;
use crate::catalog::model::lookup;
use crate::catalog::naming::object_name;
use crate::catalog::{Catalog, Column, Relation, RelationId, TypeDef};
use crate::claim::RelationKind;
use crate::ddl::{
    Action, AlterDomain, AlterEnum, AlterTable, Constraint, ConstraintKind, CreateDomain, CreateType,
};
use crate::ddl::{DomainAction, Expr, ObjectKind, TypeBody, TypeRef};
use crate::{ObjectName, QualifiedName, Span};

impl Catalog {
    pub(super) fn create_type(&mut self, create: &CreateType, at: At<'_>) -> Attempt {
        let name = create.name.or_in(at.path.first());
        if self.is_there(&name) && !self.is_shell(&name) {
            return Err(Refused("type already exists"));
        }
        match &create.body {
            TypeBody::Composite(attributes) => self.create_composite(name, attributes, at),
            body => self.put_type(name, TypeDef::Body(body.clone())),
        }
        Ok(())
    }

    /// A base type is declared before its functions, and made after them.
    fn is_shell(&self, name: &QualifiedName) -> bool {
        matches!(self.types.get(name), Some(TypeDef::Body(TypeBody::Base)))
    }

    fn create_composite(&mut self, name: QualifiedName, attributes: &[(String, TypeRef)], at: At<'_>) {
        let column = |(name, ty): &(String, TypeRef)| Column {
            name: name.clone(),
            ty: Some(self.known_type(ty, at)),
            local: true,
            ..Column::default()
        };
        let columns = attributes.iter().map(column).collect();
        let kind = RelationKind::Composite;
        self.create(Relation {
            name,
            kind,
            born: Some(at.file),
            columns,
            complete: true,
            ..Relation::default()
        });
    }

    pub(in crate::catalog) fn put_type(&mut self, name: QualifiedName, ty: TypeDef) {
        if let Some(old) = self.types.get(&name).cloned() {
            self.unlink_type(&name, &old);
        }
        self.link(Node::Schema(name.schema.clone()), Node::Type(name.clone()));
        if let Some(base) = ty.over() {
            self.link(Node::Type(base), Node::Type(name.clone()));
        }
        self.put(|c| &mut c.types, name, Some(ty));
    }

    pub(super) fn unlink_type(&mut self, name: &QualifiedName, old: &TypeDef) {
        self.unlink(Node::Schema(name.schema.clone()), Node::Type(name.clone()));
        if let Some(base) = old.over() {
            self.unlink(Node::Type(base), Node::Type(name.clone()));
        }
    }

    pub(super) fn alter_enum(&mut self, alter: &AlterEnum, at: At<'_>) -> Attempt {
        let (AlterEnum::Add { name, .. } | AlterEnum::Rename { name, .. }) = alter;
        let Some(full) = lookup(&self.types, name, at.path) else { return Ok(()) };
        let Some(TypeDef::Body(TypeBody::Enum(mut labels))) = self.types.get(&full).cloned() else {
            return Err(Refused("type is not an enum"));
        };
        match alter {
            AlterEnum::Add { value, if_not_exists, .. } if labels.contains(value) => {
                return if *if_not_exists { Ok(()) } else { Err(Refused("enum label already exists")) };
            }
            AlterEnum::Add { value, .. } => labels.push(value.clone()),
            AlterEnum::Rename { to, .. } if labels.contains(to) => {
                return Err(Refused("enum label already exists"));
            }
            AlterEnum::Rename { from, to, .. } => {
                let label = labels.iter_mut().find(|label| *label == from);
                to.clone_into(label.ok_or(Refused("enum label does not exist"))?);
            }
        }
        self.put(|c| &mut c.types, full, Some(TypeDef::Body(TypeBody::Enum(labels))));
        Ok(())
    }

    /// The attributes of a composite type, and the columns of tables made of it with `CASCADE`.
    pub(super) fn alter_composite(
        &mut self,
        name: &ObjectName,
        cascade: bool,
        actions: &[(Span, Action)],
        at: At<'_>,
    ) -> Attempt {
        let full = self.qualify(name, at.path);
        let typed = self.relations_using(Node::Type(full.clone())).into_iter();
        let typed: Vec<_> = typed.filter(|id| self.at(*id).of_type.as_ref() == Some(&full)).collect();
        if !typed.is_empty() && !cascade {
            return Err(Refused("cannot alter type because it is the type of a typed table"));
        }
        let alter = AlterTable {
            kind: ObjectKind::Type,
            name: ObjectName::within(full.schema, full.name),
            name_span: Span::default(),
            if_exists: false,
            only: false,
            actions: actions.to_vec(),
        };
        self.alter_table(&alter, at)?;
        typed.into_iter().try_for_each(|table| self.alter_typed(table, &alter, at))
    }

    fn alter_typed(&mut self, table: RelationId, alter: &AlterTable, at: At<'_>) -> Attempt {
        let of_type = self.at(table).of_type.clone();
        self.set(table, |r| &mut r.of_type, None);
        let name = self.at(table).name.clone();
        let name = ObjectName::within(name.schema, name.name);
        self.alter_table(&AlterTable { name, ..alter.clone() }, at)?;
        self.set(table, |r| &mut r.of_type, of_type);
        Ok(())
    }

    pub(super) fn create_domain(&mut self, create: &CreateDomain, at: At<'_>) -> Attempt {
        let name = create.name.or_in(at.path.first());
        if self.is_there(&name) {
            return Err(Refused("type already exists"));
        }
        let mut constraints = Vec::new();
        for check in create.constraints.iter().filter(|c| matches!(c.kind, ConstraintKind::Check(_))) {
            add_domain_check(&mut constraints, &name.name, check, true)?;
        }
        let base = self.known_type(&create.base, at);
        let own = create.default.clone().map(Box::new);
        let default = own.or_else(|| self.default_of_domain(&base)).filter(|expr| !expr.is_null());
        let ty = TypeDef::Domain {
            base,
            constrained: create.not_null || !constraints.is_empty(),
            constraints,
            not_null: create.not_null,
            default,
        };
        self.put_type(name, ty);
        Ok(())
    }

    /// Whether a table's column is an array of the type: its values cannot be looked at.
    fn is_within_a_column(&self, ty: &QualifiedName) -> bool {
        self.columns_of_type(ty).into_iter().any(|(table, column)| {
            let relation = self.at(table);
            let array =
                relation.column(column).and_then(|own| own.ty.as_ref()).is_some_and(|ty| ty.dimensions > 0);
            array && relation.kind != RelationKind::Composite
        })
    }

    /// A domain over another has that one's default, unless it says its own.
    fn default_of_domain(&self, base: &TypeRef) -> Option<Box<Expr>> {
        match self.types.get(&base.name.or_in(""))? {
            TypeDef::Domain { default, .. } => default.clone(),
            TypeDef::Body(_) => None,
        }
    }

    pub(super) fn alter_domain(&mut self, alter: &AlterDomain, at: At<'_>) -> Attempt {
        let Some(full) = lookup(&self.types, &alter.name, at.path) else { return Ok(()) };
        let Some(mut ty) = self.types.get(&full).cloned() else { return Ok(()) };
        if alter.action.asks_rows() && self.is_within_a_column(&full) {
            return Err(Refused("cannot alter type because a column of a composite or array type uses it"));
        }
        ty.alter_domain(&full.name, &alter.action)?;
        self.put(|c| &mut c.types, full, Some(ty));
        Ok(())
    }

    /// Gives a type, the row type of a relation too, another name in all that speaks of it.
    pub(super) fn retype(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let rename = |ty: &mut TypeRef| {
            if ty.name.schema.is_some() && ty.name.or_in("") == *from {
                ty.name = ObjectName::within(&to.schema, &to.name);
            }
        };
        for user in self.users(Node::Type(from.clone())).cloned().collect::<Vec<_>>() {
            match user {
                Node::Relation(id) => self.retype_relation(id, from, to, &rename),
                Node::Type(name) => {
                    let Some(mut ty) = self.types.get(&name).cloned() else { continue };
                    if let TypeDef::Domain { base, .. } | TypeDef::Body(TypeBody::Range(Some(base))) = &mut ty
                    {
                        rename(base);
                    }
                    self.put_type(name, ty);
                }
                Node::Function(name) => self.retype_functions(&name, from, to, &rename),
                Node::Schema(_) => {}
            }
        }
    }

    fn retype_relation(
        &mut self,
        id: RelationId,
        from: &QualifiedName,
        to: &QualifiedName,
        rename: &impl Fn(&mut TypeRef),
    ) {
        for at in 0..self.at(id).columns.len() {
            self.change(id, |r| &mut r.columns, at, |column| column.ty.iter_mut().for_each(rename));
        }
        if self.at(id).of_type.as_ref() == Some(from) {
            self.unlink(Node::Type(from.clone()), Node::Relation(id));
            self.link(Node::Type(to.clone()), Node::Relation(id));
            self.set(id, |r| &mut r.of_type, Some(to.clone()));
        }
    }

    fn retype_functions(
        &mut self,
        name: &QualifiedName,
        from: &QualifiedName,
        to: &QualifiedName,
        rename: &impl Fn(&mut TypeRef),
    ) {
        let Some(mut functions) = self.functions.get(name).cloned() else { return };
        let spoken = functions.iter().flat_map(super::super::Function::types).filter(|ty| ty == from).count();
        for function in &mut functions {
            function.arguments.iter_mut().chain(&mut function.returns).for_each(rename);
        }
        for _ in 0..spoken {
            self.unlink(Node::Type(from.clone()), Node::Function(name.clone()));
            self.link(Node::Type(to.clone()), Node::Function(name.clone()));
        }
        self.put(|c| &mut c.functions, name.clone(), Some(functions));
    }

    /// Gives a type another name or schema.
    pub(super) fn rename_type(&mut self, from: &QualifiedName, to: &QualifiedName) -> Attempt {
        if from == to {
            return Ok(());
        }
        if self.is_there(to) {
            return Err(Refused("type already exists"));
        }
        let Some(ty) = self.put(|c| &mut c.types, from.clone(), None) else { return Ok(()) };
        self.unlink_type(from, &ty);
        self.put_type(to.clone(), ty);
        self.retype(from, to);
        Ok(())
    }
}

impl DomainAction {
    /// Whether every value of the domain is looked at.
    fn asks_rows(&self) -> bool {
        match self {
            Self::AddConstraint(constraint) => !constraint.not_valid,
            Self::SetNotNull | Self::ValidateConstraint(_) => true,
            _ => false,
        }
    }
}

impl TypeDef {
    /// The type it is over, if a migration made it.
    fn over(&self) -> Option<QualifiedName> {
        let (Self::Domain { base, .. } | Self::Body(TypeBody::Range(Some(base)))) = self else { return None };
        base.name.schema.is_some().then(|| base.name.or_in(""))
    }

    fn alter_domain(&mut self, own_name: &str, action: &DomainAction) -> Attempt {
        let Self::Domain { constrained, constraints, not_null, default, .. } = self else {
            return Err(Refused("type is not a domain"));
        };
        match action {
            DomainAction::SetNotNull => *not_null = true,
            DomainAction::DropNotNull => *not_null = false,
            DomainAction::AddConstraint(check) => add_domain_check(constraints, own_name, check, false)?,
            DomainAction::DropConstraint(name) => {
                let at = constraints.iter().position(|(own, _)| own == name);
                constraints.remove(at.ok_or(Refused("constraint of domain does not exist"))?);
            }
            DomainAction::ValidateConstraint(name) => {
                let own = constraints.iter_mut().find(|(own, _)| own == name);
                own.ok_or(Refused("constraint of domain does not exist"))?.1 = true;
            }
            DomainAction::Default(expr) => {
                *default = expr.clone().filter(|expr| !expr.is_null()).map(Box::new);
            }
            DomainAction::Owner => {}
        }
        *constrained = *not_null || !constraints.is_empty();
        Ok(())
    }
}

/// Adds a check to a domain's, `domain_check` where it has no name.
fn add_domain_check(
    constraints: &mut Vec<(String, bool)>,
    domain: &str,
    check: &Constraint,
    new: bool,
) -> Attempt {
    let taken = |name: &String| constraints.iter().any(|(own, _)| own == name);
    let numbered = (1..).map(|n: u32| object_name(domain, "", &format!("check{n}")));
    let mut names = std::iter::once(object_name(domain, "", "check")).chain(numbered);
    let name = match &check.name {
        Some(name) if taken(name) => return Err(Refused("constraint for domain already exists")),
        Some(name) => Some(name.clone()),
        None => names.find(|name| !taken(name)),
    };
    constraints.extend(name.map(|name| (name, new || !check.not_valid)));
    Ok(())
}
