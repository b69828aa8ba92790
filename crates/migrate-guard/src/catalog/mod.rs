//! What the schema is at each moment of the history, as far as the migrations say.

mod model;
mod relation;

pub use model::{Catalog, Found, Function, RelationId, SearchPath, TypeDef};
pub use relation::{Column, Constraint, ConstraintKind, DefaultValue, IndexInfo, Relation, Trigger};
