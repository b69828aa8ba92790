/// Whether anything in a text may have to be painted over. Most files have nothing of the kind, and are then not
/// scanned at all.
pub(super) fn blanking(text: &str) -> bool {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    text.starts_with('\u{feff}')
        || bytes.iter().enumerate().any(|(at, here)| match here {
            b'\\' | 0..=8 | 14..=31 | 127 => true,
            b'\r' => byte(at + 1) != b'\n',
            b':' => may_be_variable(at.checked_sub(1).map_or(0, byte), byte(at + 1)),
            b's' | b'S' => bytes.get(at..at + 5).is_some_and(|word| word.eq_ignore_ascii_case(b"stdin")),
            _ => false,
        })
}

/// Whether a colon between these two may begin a variable.
fn may_be_variable(before: u8, after: u8) -> bool {
    let name = after.is_ascii_alphabetic() || after >= 0x80 || matches!(after, b'_' | b'\'' | b'"' | b'{');
    before != b':' && name
}
