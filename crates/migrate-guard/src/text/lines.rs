use crate::Span;

/// Each line of a text: where it is, its break left out, and what it says.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (Span, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |whole| {
        let line = whole.trim_end_matches(['\n', '\r']);
        let span = Span::new(at, at + line.len());
        at += whole.len();
        (span, line)
    })
}
