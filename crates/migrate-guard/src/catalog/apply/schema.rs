//! Schemas and extensions.

use super::{At, Attempt, Refused};
use crate::QualifiedName;
use crate::catalog::links::Node;
use crate::catalog::{Catalog, SearchPath};
use crate::ddl::Statement;

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

    pub(super) fn create_extension(&mut self, name: &str, schema: Option<&String>) {
        if !self.extensions.contains_key(name) {
            self.put(|c| &mut c.extensions, name.to_owned(), Some(schema.cloned()));
        }
    }

    /// Gives a schema, and all that is in it, another name.
    pub(super) fn rename_schema(&mut self, from: &str, to: &str) -> Attempt {
        if self.has_schema(to) {
            return Err(Refused("schema already exists"));
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
                Node::Function(name) => self.rename_functions(&name, &QualifiedName::new(to, &name.name))?,
                Node::Schema(_) => {}
            }
        }
        Ok(())
    }
}
