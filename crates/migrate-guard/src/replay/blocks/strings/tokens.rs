/// A token of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, folded, or as it stands in quotes.
    Name(String),
    /// A string, without its quotes.
    Text(String),
    /// A number.
    Number(String),
    /// `||`, `::`, `(` and so on.
    Sign(&'static str),
}

const SIGNS: [&str; 13] = ["||", "::", "<>", "!=", "=", "(", ")", ",", "+", "-", ".", "[", "]"];

/// The tokens of an expression; `None` where something in it is none that is known here.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut rest = text.trim_start();
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '\'' => quoted(rest.get(1..)?, '\'').map(|(text, after)| (Token::Text(text), after))?,
            '"' => quoted(rest.get(1..)?, '"').map(|(text, after)| (Token::Name(text), after))?,
            '$' => dollar(rest)?,
            '0'..='9' => number(rest),
            _ if is_name(first) => name(rest),
            _ => sign(rest)?,
        };
        found.push(token);
        rest = after.trim_start();
    }
    Some(found)
}

/// What stands up to the closing quote, a doubled one taken for one.
fn quoted(rest: &str, quote: char) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut rest = rest;
    loop {
        let at = rest.find(quote)?;
        text.push_str(rest.get(..at)?);
        rest = rest.get(at + 1..)?;
        match rest.strip_prefix(quote) {
            Some(after) => {
                text.push(quote);
                rest = after;
            }
            None => return Some((text, rest)),
        }
    }
}

/// `$tag$ … $tag$`, or `$1`.
fn dollar(rest: &str) -> Option<(Token, &str)> {
    let inner = rest.get(1..)?;
    if inner.starts_with(|first: char| first.is_ascii_digit()) {
        let (digits, after) = split(inner, |c| c.is_ascii_digit());
        return Some((Token::Name(format!("${digits}")), after));
    }
    let tag = rest.get(..inner.find('$')? + 2)?;
    let body = rest.get(tag.len()..)?;
    let end = body.find(tag)?;
    Some((Token::Text(body.get(..end)?.to_owned()), body.get(end + tag.len()..)?))
}

fn number(rest: &str) -> (Token, &str) {
    let (number, after) = split(rest, |c| c.is_ascii_digit() || c == '.');
    (Token::Number(number.to_owned()), after)
}

fn name(rest: &str) -> (Token, &str) {
    let (name, after) = split(rest, |c| is_name(c) || c.is_ascii_digit());
    (Token::Name(name.to_lowercase()), after)
}

fn is_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn sign(rest: &str) -> Option<(Token, &str)> {
    let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
    Some((Token::Sign(sign), rest.get(sign.len()..)?))
}

fn split(text: &str, within: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !within(c)).unwrap_or(text.len()))
}
