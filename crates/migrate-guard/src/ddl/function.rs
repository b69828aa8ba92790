use super::{Body, TypeRef};
use crate::ObjectName;

/// `CREATE FUNCTION`, `CREATE PROCEDURE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateFunction {
    /// Its name.
    pub name: ObjectName,
    /// The types of its arguments, those that only go out left out.
    pub arguments: Vec<TypeRef>,
    /// The names of those arguments; empty where one has none.
    pub argument_names: Vec<String>,
    /// What it returns, where that is one type.
    pub returns: Option<TypeRef>,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `PROCEDURE`.
    pub procedure: bool,
    /// How its result may change.
    pub volatility: Volatility,
    /// In which language.
    pub language: Language,
    /// `SET search_path`, its value.
    pub search_path: Option<String>,
    /// Its body, in SQL or PL/pgSQL.
    pub body: Option<Body>,
}

/// How the result of a function may change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volatility {
    /// Never, for the same arguments.
    Immutable,
    /// Not within one statement.
    Stable,
    /// From call to call; what a function is unless it says otherwise.
    #[default]
    Volatile,
}

/// The language of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// SQL.
    #[default]
    Sql,
    /// PL/pgSQL.
    Plpgsql,
    /// Another, by its name.
    Other(String),
}

/// `CREATE TRIGGER`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTrigger {
    /// Its name.
    pub name: String,
    /// On which table or view.
    pub table: ObjectName,
    /// Which function it calls.
    pub function: ObjectName,
    /// On what.
    pub events: Vec<TriggerEvent>,
    /// Before, after or instead of it.
    pub timing: Timing,
    /// `FOR EACH ROW`.
    pub each_row: bool,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `CREATE CONSTRAINT TRIGGER`.
    pub constraint: bool,
    /// `FROM table`, of a constraint trigger.
    pub from: Option<ObjectName>,
    /// The columns of `UPDATE OF`.
    pub columns: Vec<String>,
}

/// On what a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerEvent {
    /// `INSERT`.
    Insert,
    /// `UPDATE`, also `UPDATE OF`.
    Update,
    /// `DELETE`.
    Delete,
    /// `TRUNCATE`.
    Truncate,
}

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// `BEFORE`.
    Before,
    /// `AFTER`.
    After,
    /// `INSTEAD OF`.
    InsteadOf,
}
