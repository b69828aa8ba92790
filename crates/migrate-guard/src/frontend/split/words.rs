/// Whether a text begins with the words of a statement, rather than with those of a clause: `DROP TABLE`, not `DROP COLUMN`.
pub(super) fn begins_statement(text: &str) -> bool {
    let mut words =
        text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').map(str::as_bytes);
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    let is = |word: &[u8], keywords: &[&str]| {
        keywords.iter().any(|keyword| word.eq_ignore_ascii_case(keyword.as_bytes()))
    };
    if is(first, &["alter", "drop"]) {
        return is(second, KINDS);
    }
    let follows = PAIRS.iter().find(|(keyword, _)| is(first, &[keyword])).map(|(_, follows)| *follows);
    follows.map_or_else(|| is(first, ALONE), |follows| is(second, follows))
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
