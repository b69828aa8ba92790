use crate::Span;

/// What is put over a stretch of text, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    /// Spaces; line breaks stay.
    Blank,
    /// An identifier: `_` for what cannot stand in one.
    Name,
    /// A line break, then spaces.
    Break,
    /// A semicolon, then spaces.
    End,
    /// `true`, then spaces.
    True,
    /// A backslash.
    Escape,
}

/// Stretches of a text, and what is put over them.
#[derive(Clone, Debug, Default)]
pub(super) struct Painting(Vec<(Span, Paint)>);

impl Painting {
    pub(super) fn add(&mut self, span: Span, paint: Paint) {
        self.0.push((span, paint));
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with everything painted over; as long as it was. Where two overlap, the one added first is seen.
    pub(super) fn over(self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for (span, paint) in self.0.into_iter().rev() {
            let covered = text.as_bytes().get(span.start..span.end).unwrap_or_default();
            put(bytes.get_mut(span.start..span.end).unwrap_or_default(), covered, paint);
        }
        // Stretches begin and end between characters, so this is text; were one not, nothing of it could be trusted.
        String::from_utf8(bytes).unwrap_or_else(|_| " ".repeat(text.len()))
    }
}

fn put(over: &mut [u8], covered: &[u8], paint: Paint) {
    for (byte, was) in over.iter_mut().zip(covered) {
        *byte = filler(*was, paint);
    }
    for (byte, lead) in over.iter_mut().zip(lead(paint).bytes()) {
        *byte = lead;
    }
}

const fn filler(byte: u8, paint: Paint) -> u8 {
    match (byte, paint) {
        (b'\n', _) => b'\n',
        (_, Paint::Name) if byte.is_ascii_alphanumeric() => byte,
        (_, Paint::Name) => b'_',
        _ => b' ',
    }
}

const fn lead(paint: Paint) -> &'static str {
    match paint {
        Paint::Blank | Paint::Name => "",
        Paint::Break => "\n",
        Paint::End => ";",
        Paint::True => "true",
        Paint::Escape => "\\",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(text: &str, over: &[(usize, usize, Paint)]) -> String {
        let mut painting = Painting::default();
        for (start, end, paint) in over {
            painting.add(Span::new(*start, *end), *paint);
        }
        painting.over(text)
    }

    #[test]
    fn a_text_stays_as_long_as_it_was() {
        let text = "ab${é x}\ncd";
        let new = painted(text, &[(2, 9, Paint::Name), (9, 12, Paint::Blank)]);
        assert_eq!(new, "ab_____x_\n  ");
        assert_eq!(new.len(), text.len());
    }

    #[test]
    fn the_first_of_two_that_overlap_is_seen() {
        assert_eq!(painted("a-cdef", &[(0, 3, Paint::Name), (1, 5, Paint::Blank)]), "a_c  f");
        assert_eq!(painted("abcdef", &[(1, 2, Paint::Blank), (1, 4, Paint::End)]), "a   ef");
    }
}
