//! What the schema is at each moment of the history, as far as the migrations say.
//!
//! [`Catalog::apply`] makes it what PostgreSQL's own catalog would be after a statement: the names PostgreSQL makes
//! itself are made the same way, what goes down to partitions and inheritors goes there, and a statement that PostgreSQL
//! would refuse changes nothing. What no migration made is known as far as statements speak of it.

mod apply;
mod ask;
mod builtin;
mod edit;
mod file;
mod links;
mod model;
mod naming;
mod questions;
mod relation;

pub use apply::Applied;
pub(crate) use apply::{Loss, Target};
pub use edit::Mark;
pub use file::{CatalogError, EXPORT_SQL};
pub use model::{Catalog, ConstraintId, Found, Function, RelationId, SearchPath, TypeDef};
pub use relation::{Column, Constraint, ConstraintKind, DefaultValue, IndexInfo, Relation, Trigger};
