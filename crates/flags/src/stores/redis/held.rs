//! What stands under a key, as the scripts say it in one word: `-` nothing, `=text` a text, `#n` n bytes that are too many to be
//! read, `?hash` something that is no text.

use std::borrow::Cow;

use crate::store::Held;

/// Nothing.
pub(super) const NOTHING: &[u8] = b"-";

/// A text, or nothing.
pub(super) fn word(text: Option<&str>) -> Cow<'static, [u8]> {
    match text {
        None => Cow::Borrowed(NOTHING),
        Some(text) => Cow::Owned([b"=", text.as_bytes()].concat()),
    }
}

/// What such a word says.
pub(super) fn held(word: &[u8]) -> Option<Held> {
    let (sign, rest) = word.split_first()?;
    match sign {
        b'=' => Some(Held::from_bytes(rest)),
        b'#' => Some(too_long(&String::from_utf8_lossy(rest))),
        b'?' => Some(of_kind(&String::from_utf8_lossy(rest))),
        _ => None,
    }
}

fn too_long(bytes: &str) -> Held {
    Held::Unreadable(format!("{bytes} bytes are more than {}", Held::LONGEST).into())
}

/// Something of another of Redis' types.
pub(super) fn of_kind(kind: &str) -> Held {
    Held::Unreadable(format!("a {kind}, not a string").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_says_what_is_held() {
        assert_eq!(held(&word(Some("true"))), Some(Held::from("true")));
        assert_eq!(held(&word(None)), None);
        assert_eq!(held(b"#1048576"), Some(Held::from_bytes(&vec![b'x'; 1_048_576])));
        assert_eq!(held(b"?hash"), Some(Held::Unreadable("a hash, not a string".into())));
    }
}
