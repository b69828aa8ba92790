use squawk_lexer::{Token, TokenKind};
use squawk_syntax::unescape::{escape_unicode_esc_str, uescape_char};

use super::text::{is_trivia, tokens};
use crate::ObjectName;

/// `NAMEDATALEN - 1`: PostgreSQL cuts longer names.
const MAX_NAME: usize = 63;

/// A name as PostgreSQL keeps it.
pub(super) fn name(written: &str) -> String {
    object(written).name
}

/// A name with what stands before its dots. Of `database.schema.name` the database is left out.
pub(super) fn object(written: &str) -> ObjectName {
    if let Some(name) = plain_object(written) {
        return name;
    }
    let mut parts = parts(written);
    let name = parts.pop().unwrap_or_default();
    ObjectName { schema: parts.pop(), name }
}

/// The parts between the dots.
pub(super) fn parts(written: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut tokens = tokens(written).filter(|(_, token)| !is_trivia(token.kind)).peekable();
    while let Some((start, token)) = tokens.next() {
        let text = &written[start..start + token.len as usize];
        match token.kind {
            TokenKind::Ident => parts.push(cut(text.to_ascii_lowercase())),
            TokenKind::QuotedIdent { uescape: false, .. } => parts.push(cut(unquoted(text))),
            TokenKind::QuotedIdent { .. } => {
                let escape = escape(&mut tokens, written);
                parts.push(cut(unescaped(text, escape)));
            }
            _ => {}
        }
    }
    parts
}

/// The same of names of ASCII letters without escapes, which is what most are.
fn plain_object(written: &str) -> Option<ObjectName> {
    match written.split_once('.') {
        None => plain(written).map(ObjectName::bare),
        Some((schema, name)) => Some(ObjectName::within(plain(schema)?, plain(name)?)),
    }
}

fn plain(written: &str) -> Option<String> {
    let inner = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let name = inner.unwrap_or(written);
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let fits = (1..=MAX_NAME).contains(&name.len());
    (is_word && fits).then(|| inner.map_or_else(|| written.to_ascii_lowercase(), ToOwned::to_owned))
}

/// `"a ""quoted"" name"`, without its quotes.
fn unquoted(quoted: &str) -> String {
    let inner = quoted.strip_prefix('"').unwrap_or(quoted);
    inner.strip_suffix('"').unwrap_or(inner).replace("\"\"", "\"")
}

/// `U&"d\0061ta"`, without its quotes and escapes.
fn unescaped(quoted: &str, escape: char) -> String {
    let inner = unquoted(quoted.get(2..).unwrap_or_default());
    let mut name = String::with_capacity(inner.len());
    escape_unicode_esc_str(&inner, escape, |_, letter| name.extend(letter));
    name
}

/// The sign that `UESCAPE '!'` after a name asks for.
fn escape<I: Iterator<Item = (usize, Token)>>(tokens: &mut std::iter::Peekable<I>, written: &str) -> char {
    let is_uescape = |at: usize, token: Token| {
        written.get(at..at + token.len as usize).is_some_and(|word| word.eq_ignore_ascii_case("uescape"))
    };
    if tokens.next_if(|(at, token)| is_uescape(*at, *token)).is_none() {
        return '\\';
    }
    let sign = tokens.next().and_then(|(at, token)| uescape_char(written.get(at..at + token.len as usize)?));
    sign.unwrap_or('\\')
}

/// Cuts a name where PostgreSQL does, never within a character.
fn cut(mut name: String) -> String {
    let end = (0..=MAX_NAME).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
    name.truncate(end.min(name.len()));
    name
}

#[cfg(test)]
mod tests {
    use super::{name, object, parts};
    use crate::ObjectName;

    #[test]
    fn what_is_not_quoted_is_folded() {
        assert_eq!(name("Users"), "users");
        assert_eq!(name("\"Users\""), "Users");
        assert_eq!(name("ÄRGER"), "Ärger");
    }

    #[test]
    fn doubled_quotes_are_one() {
        assert_eq!(name(r#""say ""hi""""#), r#"say "hi""#);
    }

    #[test]
    fn escapes_are_taken_out() {
        assert_eq!(name(r#"U&"d\0061t\+000061""#), "data");
        assert_eq!(name(r#"u&"d!0061ta" UESCAPE '!'"#), "data");
        assert_eq!(parts(r#"U&"a" . U&"b!0063" /* sign */ uescape '!'"#), ["a", "bc"]);
    }

    #[test]
    fn long_names_are_cut_to_63_bytes_between_characters() {
        assert_eq!(name(&"a".repeat(70)), "a".repeat(63));
        assert_eq!(name(&"é".repeat(40)), "é".repeat(31));
        assert_eq!(name("\"\""), "");
    }

    #[test]
    fn what_is_plain_is_read_as_anything_else() {
        for written in [
            "users",
            "public.users",
            "Users",
            "PUBLIC.Users",
            "\"1\"",
            "\"Users\"",
            "\"S\".\"T\"",
            "s.\"T\"",
            "a.b.c",
            "\"a.b\"",
            "\"a\"\"b\"",
        ] {
            let mut parts = parts(written);
            let name = parts.pop().unwrap();
            assert_eq!(object(written), ObjectName { schema: parts.pop(), name }, "{written}");
        }
    }

    #[test]
    fn the_database_before_a_schema_is_left_out() {
        assert_eq!(object("db . \"S\" -- why\n . t"), ObjectName::within("S", "t"));
    }
}
