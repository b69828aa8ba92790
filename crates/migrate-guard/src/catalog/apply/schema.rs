//! Schemas and extensions.

use super::drop::Object;
use super::{At, Attempt, Refused};
use crate::QualifiedName;
use crate::catalog::links::Node;
use crate::catalog::{Catalog, SearchPath, TypeDef, builtin};
use crate::ddl::{Statement, TypeBody};

impl Catalog {
    pub(super) fn create_schema(
        &mut self,
        name: &str,
        if_not_exists: bool,
        elements: &[Statement],
        at: At<'_>,
    ) -> Attempt {
        if self.has_schema(name) {
            return if if_not_exists { Ok(()) } else { Err(Refused("schema already exists")) };
        }
        self.put(|c| &mut c.schemas, name.to_owned(), Some(true));
        let within = std::iter::once(name).chain(at.path.0.iter().map(String::as_str));
        let path = SearchPath(within.map(str::to_owned).collect());
        elements.iter().try_for_each(|element| self.run(&element.ddl, At { path: &path, file: at.file }))
    }

    pub(super) fn create_extension(&mut self, name: &str, schema: Option<&String>, at: At<'_>) {
        if self.has_extension(name) {
            return;
        }
        self.put(|c| &mut c.extensions, name.to_owned(), Some(schema.cloned()));
        for ty in builtin::types_of_extension(name) {
            let full = QualifiedName::new(schema.map_or(at.path.first(), String::as_str), *ty);
            self.put_type(full, TypeDef::Body(TypeBody::Base));
        }
    }

    /// What goes with an extension.
    pub(super) fn types_of_extension(&self, name: &str, at: At<'_>) -> Vec<Object> {
        let schema = self.extensions.get(name).cloned().flatten();
        let schema = schema.as_deref().unwrap_or(at.path.first());
        let types = builtin::types_of_extension(name).iter().map(|ty| QualifiedName::new(schema, *ty));
        types.filter(|ty| self.types.contains_key(ty)).map(Object::Type).collect()
    }

    fn move_functions(&mut self, name: &QualifiedName, schema: &str) -> Attempt {
        let to = QualifiedName::new(schema, &name.name);
        let functions = self.functions.get(name).cloned().unwrap_or_default();
        functions.iter().try_for_each(|one| self.rename_function(name, &one.arguments, &to))
    }

    /// Gives a schema, and all that is in it, another name.
    pub(super) fn rename_schema(&mut self, from: &str, to: &str) -> Attempt {
        if self.has_schema(to) {
            return Err(Refused("schema already exists"));
        }
        if self.whole && !self.has_schema(from) {
            return Err(Refused("schema does not exist"));
        }
        self.put(|c| &mut c.schemas, from.to_owned(), Some(false));
        self.put(|c| &mut c.schemas, to.to_owned(), Some(true));
        let members: Vec<_> = self.users(Node::Schema(from.to_owned())).cloned().collect();
        for member in members {
            match member {
                Node::Relation(id) => {
                    let name = self.at(id).name.name.clone();
                    self.rename_relation(id, &QualifiedName::new(to, name));
                }
                Node::Type(name) => self.rename_type(&name, &QualifiedName::new(to, &name.name))?,
                Node::Function(name) => self.move_functions(&name, to)?,
                Node::Schema(_) => {}
            }
        }
        Ok(())
    }
}
