use super::query::{Query, Read};
use crate::{ObjectName, Span};

/// An expression, as far as anything here asks of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expr {
    /// Its bytes.
    pub span: Span,
    /// Its text, comments and white space folded to single spaces.
    pub text: String,
    /// What it is, if that is plain.
    pub value: Value,
    /// The functions it calls, in order. `CURRENT_TIMESTAMP` and its kin are calls, by the name of what they call.
    pub calls: Vec<Call>,
    /// The columns it names, by their last part, each once, in order.
    pub columns: Vec<String>,
    /// The relations its subqueries read.
    pub reads: Vec<Read>,
    /// Columns that are certainly not null where the expression is true: `a IS NOT NULL AND …`.
    pub not_null: Vec<String>,
    /// The type it is cast to at its outermost, if it is a cast.
    pub cast: Option<Box<super::TypeRef>>,
}

/// What an expression plainly is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// `NULL`, with or without a cast.
    Null,
    /// A constant: a number with its sign, a string without its quotes, `true`; with or without a cast.
    Constant(String),
    /// One column and nothing else.
    Column(String),
    /// Anything else.
    #[default]
    Computed,
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Which function.
    pub name: ObjectName,
    /// Where its name stands.
    pub span: Span,
    /// Its arguments, where they are plain.
    pub arguments: Vec<Value>,
}

impl Expr {
    /// Whether it is `NULL`.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }
}

/// A subquery says what it reads as a query does.
impl From<&Query> for Expr {
    fn from(query: &Query) -> Self {
        Self { calls: query.calls.clone(), reads: query.reads.clone(), ..Self::default() }
    }
}
