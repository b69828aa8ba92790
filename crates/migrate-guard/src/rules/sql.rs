/// A name as SQL takes it: in quotes unless it is plain.
///
/// A word that is a keyword is quoted by the list below; quoting one too many harms nobody.
pub(crate) fn ident(name: &str) -> String {
    if is_plain(name) && !RESERVED.contains(&name) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names as SQL takes them, one after another.
pub(crate) fn idents(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| ident(name)).collect();
    names.join(", ")
}

fn is_plain(name: &str) -> bool {
    let first = |c: char| c.is_ascii_lowercase() || c == '_';
    let other = |c: char| first(c) || c.is_ascii_digit();
    name.starts_with(first) && name.chars().all(other)
}

/// The words of PostgreSQL's appendix C that may not be a column's name.
const RESERVED: [&str; 77] = [
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "initially",
    "intersect",
    "into",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "session_user",
    "some",
    "symmetric",
    "system_user",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "where",
    "with",
];

#[cfg(test)]
mod tests {
    use super::{ident, idents};

    #[test]
    fn a_name_that_is_not_plain_is_quoted() {
        let names = ["plain", "Order", "user", "a\"b", "1st", "größe", ""].map(str::to_owned);
        assert_eq!(idents(&names), r#"plain, "Order", "user", "a""b", "1st", "größe", """#);
        assert_eq!(ident("window"), "window");
    }
}
