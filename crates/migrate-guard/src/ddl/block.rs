use super::{Call, Expr, Read, Statement, Value};
use crate::Span;

/// The body of a `DO` block or of a function.
///
/// Spans are those of the migration's text, also within a body that stands in a string.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Its bytes.
    pub span: Span,
    /// What it does, in order.
    pub steps: Vec<Step>,
    /// Its variables, with the value they start from where that is plain.
    pub variables: Vec<(String, Option<Value>)>,
}

/// A step of a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A statement, as it would stand outside.
    Statement(Box<Statement>),
    /// `EXECUTE`: a string that is run. Where it is a constant, or `format` of constants, the statements in it.
    Execute {
        /// Its bytes.
        span: Span,
        /// The expression that makes the string.
        expr: Box<Expr>,
        /// What it runs, if that could be read.
        statements: Vec<Statement>,
    },
    /// `IF`, `CASE`: each branch with its condition; the last may be [`Condition::Always`].
    Branch(Vec<(Condition, Vec<Step>)>),
    /// `LOOP`, `WHILE`, `FOR`: what is looped over is evaluated even if the body is not run.
    Loop {
        /// What it loops over or asks each time.
        over: Box<Expr>,
        /// The constant elements, of `FOREACH x IN ARRAY ARRAY['a', 'b']`.
        items: Vec<Value>,
        /// The rows, of a query that asks the system catalogs.
        rows: Option<Box<CatalogRows>>,
        /// The variable of the loop.
        variable: Option<String>,
        /// What it does.
        body: Vec<Step>,
    },
    /// A block within, with its handlers.
    Nested {
        /// What it does.
        body: Block,
        /// `EXCEPTION WHEN`.
        handlers: Vec<Handler>,
    },
    /// An expression that is evaluated: an assignment, `PERFORM`, `RETURN`, `RAISE`.
    Evaluate {
        /// The variable it is assigned to.
        into: Option<String>,
        /// The expression.
        expr: Box<Expr>,
    },
    /// `RETURN`, `EXIT`, `RAISE EXCEPTION` and their kin: what stands after it is not run. What they evaluate is a step
    /// of its own before it, and a `WHEN` is a [`Step::Branch`] around it.
    Leave(Leave),
}

/// How far the replay of a body goes on elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leave {
    /// `RETURN`: after the body. Not `RETURN NEXT` and `RETURN QUERY`, after which it goes on.
    Return,
    /// `EXIT`, without a label: after the loop.
    Exit,
    /// `CONTINUE`, without a label: at the next round of the loop.
    Continue,
    /// `RAISE EXCEPTION`: in a handler. The condition in lower case, `raise_exception` where none is given.
    Raise(String),
}

/// `EXCEPTION WHEN`.
#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    /// The conditions it handles, in lower case.
    pub conditions: Vec<String>,
    /// What it does.
    pub body: Vec<Step>,
}

/// When a branch is taken, as far as the catalog can say.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Always: `ELSE`, `true`.
    Always,
    /// Not so.
    Not(Box<Condition>),
    /// All of these.
    All(Vec<Condition>),
    /// One of these.
    Any(Vec<Condition>),
    /// `EXISTS (SELECT … FROM pg_type WHERE typname = 'x')` and its kin.
    Exists(Lookup),
    /// Something else. Its text, what it reads and calls.
    Unknown {
        /// Its text, white space folded.
        text: String,
        /// The relations it reads.
        reads: Vec<Read>,
        /// The functions it calls.
        calls: Vec<Call>,
    },
}

/// Rows of the system catalogs or the information schema.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogRows {
    /// Which.
    pub lookup: Lookup,
    /// What is selected of each, by the name it is given.
    pub selected: Vec<(String, Expr)>,
}

/// A question to the system catalogs or the information schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// The relations asked, in order, without their schema: `pg_type`, `columns`.
    pub relations: Vec<String>,
    /// What must hold, `column = 'value'`, by the last part of the column's name and in order; joins are left out.
    pub equals: Vec<(String, String)>,
    /// What must equal a variable of the body, `column = variable`: the variable as it is written, `record.field` too.
    pub variables: Vec<(String, String)>,
    /// Something in the question was not understood, so the answer may differ.
    pub partial: bool,
}
