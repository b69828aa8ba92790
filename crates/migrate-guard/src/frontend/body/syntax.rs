//! A body as PL/pgSQL's own grammar sees it: its statements, with the SQL in them left as ranges of its text.

use std::ops::Range;

/// `DECLARE … BEGIN … EXCEPTION … END`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct BlockNode {
    pub(super) span: Range<usize>,
    pub(super) declarations: Vec<Declaration>,
    pub(super) body: Vec<Node>,
    pub(super) handlers: Vec<HandlerNode>,
}

/// A variable, or a cursor.
#[derive(Debug, PartialEq)]
pub(super) struct Declaration {
    pub(super) name: String,
    /// The value it starts from.
    pub(super) default: Option<Range<usize>>,
    /// The query of a cursor.
    pub(super) query: Option<Range<usize>>,
    /// What it is another name of.
    pub(super) alias: Option<String>,
}

/// `WHEN … THEN …`, of a block's exceptions.
#[derive(Debug, PartialEq)]
pub(super) struct HandlerNode {
    pub(super) conditions: Vec<String>,
    pub(super) body: Vec<Node>,
}

/// A statement.
#[derive(Debug, PartialEq)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) kind: NodeKind,
}

/// What a statement is.
#[derive(Debug, PartialEq)]
pub(super) enum NodeKind {
    Block(BlockNode),
    Assign {
        target: Target,
        expr: Range<usize>,
    },
    If(Vec<Arm>),
    Case {
        subject: Option<Range<usize>>,
        arms: Vec<Arm>,
    },
    Loop {
        over: Over,
        variables: Vec<String>,
        body: Vec<Node>,
    },
    Execute {
        expr: Range<usize>,
        into: Vec<Target>,
        using: Vec<Range<usize>>,
    },
    /// A statement of SQL, with the place of its `INTO`.
    Sql {
        text: Range<usize>,
        into: Option<Into>,
    },
    /// `PERFORM`: what stands after it, as after `SELECT`.
    Perform(Range<usize>),
    /// A query whose rows are handed on: `RETURN QUERY`, `OPEN … FOR`.
    Query(Range<usize>),
    /// Expressions that are evaluated for nothing: of `ASSERT`, `RETURN NEXT`.
    Evaluate(Vec<Range<usize>>),
    /// `RETURN`.
    Return(Vec<Range<usize>>),
    /// `RAISE`, with the condition it raises if it is an error.
    Raise {
        exprs: Vec<Range<usize>>,
        condition: Option<String>,
    },
    /// `EXIT WHEN …`, or `CONTINUE WHEN …`.
    Exit {
        again: bool,
        label: bool,
        when: Option<Range<usize>>,
    },
    /// Variables that are set by something else than an expression: `GET DIAGNOSTICS`, `FETCH`.
    Set(Vec<Target>),
    /// `OPEN` of a cursor that has its query.
    Open(String),
    /// `NULL`, `CLOSE`: nothing.
    Nothing,
}

/// A condition, `None` for `ELSE`, and what follows from it.
#[derive(Debug, PartialEq)]
pub(super) struct Arm {
    pub(super) condition: Option<Range<usize>>,
    pub(super) body: Vec<Node>,
}

/// What is looped over.
#[derive(Debug, PartialEq)]
pub(super) enum Over {
    /// `LOOP`.
    Nothing,
    /// `FOR r IN cursor`.
    Cursor { name: String, span: Range<usize> },
    /// `WHILE`; `FOR i IN a .. b BY c`.
    Exprs(Vec<Range<usize>>),
    /// `FOR r IN SELECT …`.
    Query(Range<usize>),
    /// `FOREACH x IN ARRAY …`.
    Array(Range<usize>),
    /// `FOR r IN EXECUTE …`.
    Execute { expr: Range<usize>, using: Vec<Range<usize>> },
}

/// A variable that is assigned to, or a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    pub(super) name: String,
    /// All of it, not a field or an element.
    pub(super) whole: bool,
}

/// `INTO a, b` within a statement of SQL.
#[derive(Debug, PartialEq)]
pub(super) struct Into {
    pub(super) span: Range<usize>,
    pub(super) targets: Vec<Target>,
}
