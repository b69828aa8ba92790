use super::known::Known;
use super::parse::Parser;
use super::tokens::{Token, tokens};

/// Whether `a = b` or `a <> b` holds of strings that are known. Equal texts are equal; texts that differ may
/// be equal numbers, which nobody writes in two ways.
pub(super) fn truth(text: &str, known: &Known<'_>) -> Option<bool> {
    let tokens = tokens(text)?;
    let mut parser = Parser::new(&tokens, known);
    let left = parser.sum()?;
    let equal = match parser.next()? {
        Token::Sign("=") => true,
        Token::Sign("<>" | "!=") => false,
        _ => return None,
    };
    let right = parser.sum().filter(|_| parser.is_done())?;
    Some((left == right) == equal)
}
