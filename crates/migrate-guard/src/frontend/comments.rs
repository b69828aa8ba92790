use squawk_lexer::{TokenKind, tokenize};

use crate::Span;

/// Where the comments of a text are.
pub(crate) fn comments(sql: &str) -> Vec<Span> {
    let mut at = 0;
    let mut found = Vec::new();
    for token in tokenize(sql) {
        let end = at + token.len as usize;
        if matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment { .. }) {
            found.push(Span::new(at, end));
        }
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::comments;

    #[test]
    fn what_stands_in_a_string_is_no_comment() {
        let sql = "select '-- no', $$ -- no $$ -- yes\n/* yes */;";
        let found: Vec<_> = comments(sql).into_iter().map(|span| &sql[span.start..span.end]).collect();
        assert_eq!(found, ["-- yes", "/* yes */"]);
    }
}
