/// Whether a text begins with the words of a statement, rather than with those of a clause: `DROP TABLE`, not `DROP COLUMN`.
pub(super) fn begins_statement(text: &str) -> bool {
    let (first, rest) = word(text);
    let (second, _) = word(rest.trim_ascii_start());
    let is =
        |word: &str, keywords: &[&str]| keywords.iter().any(|keyword| word.eq_ignore_ascii_case(keyword));
    if is(first, &["alter", "drop"]) {
        return is(second, KINDS);
    }
    let follows = PAIRS.iter().find(|(keyword, _)| is(first, &[keyword])).map(|(_, follows)| *follows);
    follows.map_or_else(|| is(first, ALONE), |follows| is(second, follows))
}

/// The word a text begins with, if it does, and the rest.
fn word(text: &str) -> (&str, &str) {
    let end =
        text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(text.len());
    text.split_at(end)
}

/// Words that begin a statement whatever follows.
const ALONE: &[&str] = &[
    "analyze",
    "begin",
    "call",
    "cluster",
    "commit",
    "copy",
    "create",
    "explain",
    "grant",
    "reindex",
    "revoke",
    "rollback",
    "savepoint",
    "select",
    "set",
    "truncate",
    "update",
    "vacuum",
    "with",
];

/// Words that begin a statement if one of these follows.
const PAIRS: &[(&str, &[&str])] = &[
    ("comment", &["on"]),
    ("delete", &["from"]),
    ("do", &["", "language"]),
    ("insert", &["into"]),
    ("lock", &["table"]),
    ("merge", &["into"]),
    ("refresh", &["materialized"]),
    ("start", &["transaction"]),
];

/// What may be altered or dropped by itself.
const KINDS: &[&str] = &[
    "aggregate",
    "collation",
    "database",
    "default",
    "domain",
    "event",
    "extension",
    "foreign",
    "function",
    "index",
    "materialized",
    "operator",
    "policy",
    "procedure",
    "publication",
    "role",
    "routine",
    "rule",
    "schema",
    "sequence",
    "server",
    "statistics",
    "subscription",
    "table",
    "trigger",
    "type",
    "user",
    "view",
];

#[cfg(test)]
mod tests {
    use super::begins_statement;

    #[test]
    fn the_words_of_a_statement_are_told_from_those_of_a_clause() {
        for begins in [
            "create x",
            "DROP  TABLE a",
            "alter\tindex i",
            "do $$",
            "DO 'x'",
            "insert into t",
            "select(1)",
            "set",
        ] {
            assert!(begins_statement(begins), "{begins}");
        }
        for not in
            ["drop column a", "alter a type int", "do nothing", "do update set", "insert", "created", "", "é"]
        {
            assert!(!begins_statement(not), "{not}");
        }
    }
}
