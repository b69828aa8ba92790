use proptest::prelude::*;

use crate::ddl::{Ddl, OpaqueReason, Statement};
use crate::frontend::statements;

/// Words that mean something together, so that texts made of them are nearly SQL.
const WORDS: &[&str] = &[
    "create",
    "table",
    "alter",
    "drop",
    "index",
    "on",
    "add",
    "column",
    "constraint",
    "primary key",
    "references",
    "select",
    "from",
    "where",
    "insert into",
    "values",
    "update",
    "set",
    "delete",
    "begin",
    "atomic",
    "end",
    "case",
    "when",
    "then",
    "not",
    "null",
    "and",
    "or",
    "between",
    "join",
    "with",
    "as",
    "do",
    "function",
    "language",
    "sql",
    "merge",
    "partitions",
    "current_user",
    "t",
    "\"T\"",
    "é",
    "1",
    "'x'",
    "E'\\",
    "$$",
    "$a$",
    "--",
    "/*",
    "*/",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ".",
    "::",
    "||",
    "-",
    "+",
    "=",
    "\n",
    "\u{feff}",
    "😀",
    "int",
    "default",
    "check",
    "view",
    "type",
    "enum",
];

fn nearly_sql() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 0..60).prop_map(|words| words.join(" "))
}

/// The same without what may open and not close.
fn nothing_open() -> impl Strategy<Value = String> {
    let opens = |word: &str| word.contains(['\'', '$', '/', '(', '[', '"']) || word == "begin";
    let words: Vec<_> = WORDS.iter().copied().filter(|word| !opens(word)).collect();
    prop::collection::vec(prop::sample::select(words), 0..60).prop_map(|words| words.join(" "))
}

/// Statements come in order, apart from one another, within the text and between its characters.
fn in_order(sql: &str, found: &[Statement]) {
    let mut at = 0;
    for statement in found {
        assert!(at <= statement.span.start && statement.span.start <= statement.span.end, "{sql:?}");
        let written = sql.get(statement.span.start..statement.span.end).expect("between characters");
        assert!(!written.starts_with([' ', '\n', ';']), "{sql:?}");
        for opaque in &statement.opaque {
            assert!(sql.get(opaque.span.start..opaque.span.end).is_some(), "{sql:?}");
        }
        assert!(statement.ddl != Ddl::Opaque || !statement.opaque.is_empty(), "{sql:?}");
        at = statement.span.end;
    }
}

/// Whether a text holds anything but white space, comments and semicolons.
fn says_something(sql: &str) -> bool {
    use squawk_lexer::TokenKind::{BlockComment, LineComment, Semi, Whitespace};
    squawk_lexer::tokenize(sql).any(|token| {
        !matches!(token.kind, Whitespace | LineComment | BlockComment { terminated: true } | Semi)
    })
}

proptest! {
    #[test]
    fn any_text_has_an_answer(sql in ".{0,200}") {
        let found = statements(&sql);
        in_order(&sql, &found);
        prop_assert_eq!(found.is_empty(), !says_something(&sql));
    }

    #[test]
    fn any_words_have_an_answer(sql in nearly_sql()) {
        let found = statements(&sql);
        in_order(&sql, &found);
        prop_assert_eq!(found.is_empty(), !says_something(&sql));
        for opaque in found.iter().flat_map(|statement| &statement.opaque) {
            prop_assert_ne!(&opaque.reason, &OpaqueReason::Syntax("the parser gave up".to_owned()));
        }
    }

    #[test]
    fn what_stands_before_and_after_changes_nothing(name in "[a-zé]{1,8}", before in nothing_open()) {
        let sql = format!("{before}\n; create table \"{name}\" (a int); select 1");
        let made = statements(&sql).into_iter().filter_map(|statement| match statement.ddl {
            Ddl::CreateTable(table) => Some(table.name.name),
            _ => None,
        });
        prop_assert!(made.into_iter().any(|made| made == name), "{}", sql);
    }
}
