//! Functions, told apart by the types of their arguments.

use super::{At, Attempt, Refused};
use crate::QualifiedName;
use crate::catalog::links::Node;
use crate::catalog::{Catalog, Function};
use crate::ddl::{CreateFunction, TypeRef};

impl Catalog {
    pub(super) fn create_function(&mut self, create: &CreateFunction, at: At<'_>) -> Attempt {
        let name = create.name.or_in(at.path.first());
        let arguments: Vec<_> = create.arguments.iter().map(|ty| self.known_type(ty, at)).collect();
        let function = Function {
            arguments,
            argument_names: create.argument_names.clone(),
            returns: create.returns.as_ref().map(|ty| self.known_type(ty, at)),
            volatility: create.volatility,
            language: create.language.clone(),
            body: create.body.clone().map(std::sync::Arc::new),
        };
        let mut functions = self.functions.get(&name).cloned().unwrap_or_default();
        let same = functions.iter().position(|one| one.arguments == function.arguments);
        if same.is_some() && !create.or_replace {
            return Err(Refused("function already exists with same argument types"));
        }
        if functions.is_empty() {
            self.link(Node::Schema(name.schema.clone()), Node::Function(name.clone()));
        }
        if let Some(old) = same.map(|at| functions.remove(at)) {
            for ty in old.types() {
                self.unlink(Node::Type(ty), Node::Function(name.clone()));
            }
        }
        for ty in function.types() {
            self.link(Node::Type(ty), Node::Function(name.clone()));
        }
        functions.insert(same.unwrap_or(functions.len()), function);
        self.put(|c| &mut c.functions, name, Some(functions));
        Ok(())
    }

    /// Gives all functions of a name another name or schema.
    pub(super) fn rename_functions(&mut self, from: &QualifiedName, to: &QualifiedName) -> Attempt {
        let Some(functions) = self.functions.get(from).cloned() else { return Ok(()) };
        if from == to {
            return Ok(());
        }
        if self.functions.contains_key(to) {
            return Err(Refused("function already exists"));
        }
        let [old, new] = [Node::Function(from.clone()), Node::Function(to.clone())];
        for ty in functions.iter().flat_map(Function::types).collect::<Vec<_>>() {
            self.unlink(Node::Type(ty.clone()), old.clone());
            self.link(Node::Type(ty), new.clone());
        }
        self.unlink(Node::Schema(from.schema.clone()), old.clone());
        self.link(Node::Schema(to.schema.clone()), new);
        self.put(|c| &mut c.functions, from.clone(), None);
        self.put(|c| &mut c.functions, to.clone(), Some(functions));
        self.rename_calls(from, to);
        Ok(())
    }

    /// Triggers and defaults that call the function call it by its new name.
    fn rename_calls(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let rename = |name: &mut crate::ObjectName| {
            if name.or_in("") == *from {
                *name = crate::ObjectName::within(&to.schema, &to.name);
            }
        };
        for user in self.relations_using(Node::Function(from.clone())) {
            for at in 0..self.at(user).triggers.len() {
                self.change(user, |r| &mut r.triggers, at, |trigger| rename(&mut trigger.function));
            }
            for at in 0..self.at(user).columns.len() {
                self.change(
                    user,
                    |r| &mut r.columns,
                    at,
                    |column| {
                        column.default.iter_mut().flat_map(|default| &mut default.calls).for_each(rename);
                    },
                );
            }
        }
    }
}

impl Function {
    /// The types it takes and returns that migrations made.
    pub(in crate::catalog) fn types(&self) -> impl Iterator<Item = QualifiedName> {
        let made = |ty: &TypeRef| ty.name.schema.is_some().then(|| ty.name.or_in(""));
        self.arguments.iter().chain(&self.returns).filter_map(made)
    }

    /// Whether it takes or returns a type.
    pub(super) fn speaks_of(&self, ty: &QualifiedName) -> bool {
        self.types().any(|own| own == *ty)
    }
}
