//! The parser's messages in the words of SQL: `expected R_PAREN` is "expected )".

/// A message as a reader of SQL understands it.
pub(super) fn plain(message: &str) -> String {
    let words: Vec<_> = message.split(' ').map(word).collect();
    let mut plain = words.join(" ");
    if let Some(first) = plain.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    plain
}

fn word(word: &str) -> String {
    let bare = word.trim_end_matches([',', '.']);
    let rest = word.get(bare.len()..).unwrap_or_default();
    format!("{}{rest}", token(bare).unwrap_or(bare))
}

/// What a kind of token is called.
fn token(kind: &str) -> Option<&str> {
    if let Some(keyword) = kind.strip_suffix("_KW") {
        return Some(keyword);
    }
    let signs = SIGNS.iter().find(|(name, _)| *name == kind);
    signs.map(|(_, sign)| *sign)
}

const SIGNS: [(&str, &str); 36] = [
    ("L_PAREN", "("),
    ("R_PAREN", ")"),
    ("L_BRACK", "["),
    ("R_BRACK", "]"),
    ("L_CURLY", "{"),
    ("R_CURLY", "}"),
    ("L_ANGLE", "<"),
    ("R_ANGLE", ">"),
    ("COMMA", "a comma"),
    ("SEMICOLON", "a semicolon"),
    ("DOT", "a dot"),
    ("COLON", "a colon"),
    ("EQ", "="),
    ("STAR", "*"),
    ("PLUS", "+"),
    ("MINUS", "-"),
    ("SLASH", "/"),
    ("PIPE", "|"),
    ("AT", "@"),
    ("POUND", "#"),
    ("TILDE", "~"),
    ("QUESTION", "?"),
    ("BANG", "!"),
    ("PERCENT", "%"),
    ("CARET", "^"),
    ("AMP", "&"),
    ("BACKTICK", "`"),
    ("IDENT", "a name"),
    ("STRING", "a string"),
    ("ESC_STRING", "a string"),
    ("DOLLAR_QUOTED_STRING", "a string"),
    ("INT_NUMBER", "a number"),
    ("NUMERIC_NUMBER", "a number"),
    ("POSITIONAL_PARAM", "a parameter"),
    ("EOF", "the end"),
    ("ERROR", "something else"),
];

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn kinds_of_tokens_are_said_as_they_are_written() {
        assert_eq!(plain("expected command, found R_PAREN"), "expected command, found )");
        assert_eq!(plain("expected NULL_KW"), "expected NULL");
        assert_eq!(plain("expected DATA, TABLE_KW, or EOF"), "expected DATA, TABLE, or the end");
        assert_eq!(plain("Expected at least one item"), "expected at least one item");
        assert_eq!(plain(""), "");
        assert_eq!(plain("É"), "É");
    }
}
