use crate::Level;
use crate::ddl::{Ddl, OpaqueReason};
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};
use crate::{Opaque, Span};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L20",
    name: "opaque",
    level: Level::Error,
    condition: "SQL that is made at run time, in another language, or that could not be read.",
    effect: "Nothing can be said of its locks and its work.",
    workaround: "Write it as plain statements; where it must be made at run time, run it against a copy first.",
    bad: r"-- this migration:
DO $$ BEGIN EXECUTE (SELECT string_agg('DROP TABLE ' || relname, ';') FROM pg_class WHERE relname LIKE 'tmp%'); END $$;
",
    good: r"-- this migration:
DO $$ BEGIN EXECUTE 'CREATE TABLE a (id int)'; END $$;
",
    source: "https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    let opaque = moment.statement.opaque.iter().chain(&moment.effects.opaque);
    let mut told: Vec<Span> = Vec::new();
    for part in opaque.filter(|part| runs_now(moment, part)) {
        if !told.contains(&part.span) {
            told.push(part.span);
            findings.push(moment.rule.finding(part.span, moment.context).saying(words(&part.reason)));
        }
    }
}

/// The body of a function is made here and run elsewhere.
fn runs_now(moment: &Moment<'_>, part: &Opaque) -> bool {
    let text = matches!(
        part.reason,
        OpaqueReason::Syntax(_)
            | OpaqueReason::TooDeep
            | OpaqueReason::Template(_)
            | OpaqueReason::LeftOut(_)
    );
    text || !matches!(moment.statement.ddl, Ddl::CreateFunction(_))
}

fn words(reason: &OpaqueReason) -> String {
    match reason {
        OpaqueReason::Syntax(message) => format!("this could not be read: {message}"),
        OpaqueReason::UnknownStatement(words) => format!("`{words}` is a statement that is not known here"),
        OpaqueReason::Dynamic => "this SQL is made at run time".to_owned(),
        OpaqueReason::Language(language) => format!("a body in {language} is not looked into"),
        OpaqueReason::Function(name) => format!("`{name}` is a function that no migration made"),
        OpaqueReason::TooDeep => "this is nested too deeply to be looked into".to_owned(),
        OpaqueReason::Template(name) => format!("no value was given for `{name}`"),
        OpaqueReason::LeftOut(what) => what.clone(),
    }
}
