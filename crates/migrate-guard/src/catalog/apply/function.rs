//! Functions, told apart by the types of their arguments.

use super::{At, Attempt, Refused};
use crate::catalog::links::Node;
use crate::catalog::model::lookup;
use crate::catalog::{Catalog, Function};
use crate::ddl::{CreateFunction, TypeRef};
use crate::{ObjectName, QualifiedName};

impl Catalog {
    pub(super) fn create_function(&mut self, create: &CreateFunction, at: At<'_>) -> Attempt {
        let name = create.name.or_in(at.path.first());
        // What stands in parentheses behind the type of an argument is not kept.
        let bare = |ty: &TypeRef| TypeRef { modifiers: Vec::new(), ..self.known_type(ty, at) };
        let arguments: Vec<_> = create.arguments.iter().map(bare).collect();
        let function = Function {
            arguments,
            argument_names: create.argument_names.clone(),
            returns: create.returns.as_ref().map(|ty| self.known_type(ty, at)),
            volatility: create.volatility,
            language: create.language.clone(),
            body: create.body.clone(),
        };
        let known = self.functions.get(&name).into_iter().flatten();
        if known.into_iter().any(|one| same_arguments(&one.arguments, &function.arguments))
            && !create.or_replace
        {
            return Err(Refused("function already exists with same argument types"));
        }
        self.put_function(name, function);
        Ok(())
    }

    /// Puts a function in, in the place of the one with the same arguments.
    pub(in crate::catalog) fn put_function(&mut self, name: QualifiedName, function: Function) {
        let mut functions = self.functions.get(&name).cloned().unwrap_or_default();
        let same = functions.iter().position(|one| same_arguments(&one.arguments, &function.arguments));
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
    }

    /// The function that a statement means by a name and, where it gives them, arguments. Of several, one must be told.
    pub(super) fn function_meant(
        &self,
        name: &ObjectName,
        arguments: Option<&[TypeRef]>,
        at: At<'_>,
    ) -> Attempt<Option<(QualifiedName, Vec<TypeRef>)>> {
        let Some(full) = lookup(&self.functions, name, at.path) else { return Ok(None) };
        let functions = self.functions.get(&full).map(Vec::as_slice).unwrap_or_default();
        let asked: Option<Vec<_>> =
            arguments.map(|all| all.iter().map(|ty| self.known_type(ty, at)).collect());
        let found = match (asked, functions) {
            (Some(asked), _) => functions.iter().find(|one| same_arguments(&one.arguments, &asked)),
            (None, [one]) => Some(one),
            (None, _) => return Err(Refused("function name is not unique")),
        };
        Ok(found.map(|one| (full, one.arguments.clone())))
    }

    /// Gives a function another name or schema.
    pub(super) fn rename_function(
        &mut self,
        from: &QualifiedName,
        arguments: &[TypeRef],
        to: &QualifiedName,
    ) -> Attempt {
        if from == to {
            return Ok(());
        }
        let there = self.functions.get(to).into_iter().flatten();
        if there.into_iter().any(|one| same_arguments(&one.arguments, arguments)) {
            return Err(Refused("function already exists"));
        }
        let Some(function) = self.take_function(from, arguments) else { return Ok(()) };
        self.put_function(to.clone(), function);
        // Which of several functions of a name is called is not known.
        if !self.functions.contains_key(from) {
            self.rename_calls(from, to);
        }
        Ok(())
    }

    /// Takes out a function; what it was.
    pub(super) fn take_function(&mut self, name: &QualifiedName, arguments: &[TypeRef]) -> Option<Function> {
        let mut functions = self.functions.get(name)?.clone();
        let at = functions.iter().position(|one| same_arguments(&one.arguments, arguments))?;
        let function = functions.remove(at);
        for ty in function.types() {
            self.unlink(Node::Type(ty), Node::Function(name.clone()));
        }
        if functions.is_empty() {
            self.unlink(Node::Schema(name.schema.clone()), Node::Function(name.clone()));
        }
        self.put(|c| &mut c.functions, name.clone(), Some(functions).filter(|left| !left.is_empty()));
        Some(function)
    }

    /// Triggers and defaults that call the function call it by its new name.
    fn rename_calls(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let rename = |name: &mut ObjectName| {
            if name.or_in("") == *from {
                *name = ObjectName::within(&to.schema, &to.name);
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

/// Whether these are the same types: what stands in parentheses makes no difference to a function.
fn same_arguments(left: &[TypeRef], right: &[TypeRef]) -> bool {
    let same = |(a, b): (&TypeRef, &TypeRef)| a.name == b.name && (a.dimensions == 0) == (b.dimensions == 0);
    left.len() == right.len() && left.iter().zip(right).all(same)
}
