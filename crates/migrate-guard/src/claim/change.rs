use serde::{Deserialize, Serialize};

use super::Evidence;
use crate::{Age, QualifiedName, Span};

/// A change that code written against the old schema, or the new, may not survive.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What kind.
    pub kind: ChangeKind,
    /// To which relation; of a type or function: its own name.
    pub relation: QualifiedName,
    /// Since when that is there.
    pub age: Age,
    /// Of what: the column for a change to a column, `schema.name` for one to a relation, as the corpora name it.
    pub name: String,
    /// Where in the text.
    pub span: Span,
    /// What was there and what comes, where it helps: `int4 to int8`, the new name.
    pub detail: Option<String>,
    /// When it holds, if not always.
    pub when: Option<String>,
    /// Whether it is to a column that came with the same release, which no running code names.
    pub fresh: bool,
    /// How it is known.
    pub evidence: Evidence,
}

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// A table goes away.
    DropTable,
    /// A table gets another name or schema.
    RenameTable,
    /// A column goes away.
    DropColumn,
    /// A column gets another name.
    RenameColumn,
    /// A column gets another type.
    ChangeType,
    /// A column without a default becomes required.
    SetNotNull,
    /// A column with a default becomes required.
    SetNotNullDefault,
    /// A column may be null from now on: a reader may meet it.
    DropNotNull,
    /// A required column loses its default.
    DropDefaultOnNotnull,
    /// A required column without a default comes in.
    AddRequiredColumn,
    /// A view, function, type, sequence or schema goes away. Not of the corpora.
    DropObject,
    /// A view, function, type, enum label or schema gets another name. Not of the corpora.
    RenameObject,
    /// A new constraint that old writes may break. Not of the corpora.
    AddConstraint,
    /// Row security, a policy, a trigger, a grant or a search path: what an old role may do. Not of the corpora.
    Access,
    /// A column comes or goes under a `SELECT *`. Not of the corpora.
    ResultShape,
}

impl ChangeKind {
    /// Whether the corpora's truth speaks of it, and so the JSON's `contract`.
    pub const fn is_contract(self) -> bool {
        !matches!(
            self,
            Self::DropObject | Self::RenameObject | Self::AddConstraint | Self::Access | Self::ResultShape
        )
    }

    /// Which release it breaks.
    pub const fn breaks(self) -> Breaks {
        match self {
            Self::DropNotNull => Breaks::Readers,
            _ => Breaks::OldOnNew,
        }
    }

    /// As the JSON spells it: `drop_table`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DropTable => "drop_table",
            Self::RenameTable => "rename_table",
            Self::DropColumn => "drop_column",
            Self::RenameColumn => "rename_column",
            Self::ChangeType => "change_type",
            Self::SetNotNull => "set_not_null",
            Self::SetNotNullDefault => "set_not_null_default",
            Self::DropNotNull => "drop_not_null",
            Self::DropDefaultOnNotnull => "drop_default_on_notnull",
            Self::AddRequiredColumn => "add_required_column",
            Self::DropObject => "drop_object",
            Self::RenameObject => "rename_object",
            Self::AddConstraint => "add_constraint",
            Self::Access => "access",
            Self::ResultShape => "result_shape",
        }
    }
}

/// Which code does not survive a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breaks {
    /// The running release, once the migration is in.
    OldOnNew,
    /// Code of either release that reads what it never had to expect.
    Readers,
}
