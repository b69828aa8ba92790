use crate::Span;

/// What a stretch of SQL is, as far as it must be told apart here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `-- …`, without its line break, or `/* … */`.
    Comment,
    /// `'…'` or `E'…'`.
    Text,
    /// `"…"`.
    Name,
    /// `$tag$ … $tag$`.
    Body,
    /// A keyword or an identifier without quotes.
    Word,
    /// `::` or `:=`.
    Colons,
    /// Any other character, white space less line breaks left out.
    Mark(u8),
}

/// A stretch of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// Cuts SQL into pieces, as PostgreSQL's own lexer would where it matters: what stands in quotes or in a comment is one
/// piece, and never ends too early. Linear in the text; what is not closed reaches to its end.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The text of a piece.
    pub(super) fn text(&self, piece: Piece) -> &'a str {
        self.text.get(piece.span.start..piece.span.end).unwrap_or_default()
    }

    /// Goes on at `to`, which must not lie before where it is.
    pub(super) fn jump(&mut self, to: usize) {
        self.at = to.max(self.at);
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn rest(&self, from: usize) -> &'a [u8] {
        self.text.as_bytes().get(from..).unwrap_or_default()
    }

    /// Where `mark` begins at or after `from`, else the end of the text.
    fn find(&self, from: usize, mark: &str) -> usize {
        self.text.get(from..).and_then(|rest| rest.find(mark)).map_or(self.text.len(), |found| from + found)
    }

    fn while_(&self, from: usize, is: fn(u8) -> bool) -> usize {
        from + self.rest(from).iter().take_while(|byte| is(**byte)).count()
    }

    fn skip_blanks(&mut self) {
        self.at = self.while_(self.at, |byte| matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c));
    }

    /// The kind of the piece that begins at `at`, and where it ends.
    fn cut(&self, at: usize) -> (Kind, usize) {
        let end = self.text.len();
        match (self.byte(at), self.byte(at + 1)) {
            (b'-', b'-') => (Kind::Comment, self.while_(at, |byte| !matches!(byte, b'\n' | b'\r'))),
            (b'/', b'*') => (Kind::Comment, self.block_comment(at)),
            (b'\'', _) => (Kind::Text, self.quoted(at)),
            (b'e' | b'E', b'\'') => (Kind::Text, self.escaped(at + 1)),
            (b'"', _) => (Kind::Name, (self.find(at + 1, "\"") + 1).min(end)),
            (b'$', _) => self.dollar(at).map_or((Kind::Mark(b'$'), at + 1), |to| (Kind::Body, to)),
            (b':', b':' | b'=') => (Kind::Colons, at + 2),
            (first, _) if is_word(first) => {
                (Kind::Word, self.while_(at, |byte| is_word(byte) || byte == b'$'))
            }
            (mark, _) => (Kind::Mark(mark), at + 1),
        }
    }

    /// The end of a comment that begins at `at`; comments nest.
    fn block_comment(&self, at: usize) -> usize {
        let (mut depth, mut here) = (0_usize, at);
        while here < self.text.len() {
            match (self.byte(here), self.byte(here + 1)) {
                (b'/', b'*') => (depth, here) = (depth + 1, here + 2),
                (b'*', b'/') => (depth, here) = (depth.saturating_sub(1), here + 2),
                _ => here += 1,
            }
            if depth == 0 {
                break;
            }
        }
        here.min(self.text.len())
    }

    /// The end of a string whose quote is at `at`. A doubled quote is two strings side by side, which is as good.
    fn quoted(&self, at: usize) -> usize {
        (self.find(at + 1, "'") + 1).min(self.text.len())
    }

    /// The end of a string with escapes whose quote is at `at`: it holds doubled quotes, and may go on in the next line.
    fn escaped(&self, at: usize) -> usize {
        let mut here = at + 1;
        while here < self.text.len() {
            match (self.byte(here), self.goes_on(here + 1)) {
                (b'\\', _) => here += 2,
                (b'\'', Some(next)) => here = next + 1,
                (b'\'', None) => return here + 1,
                _ => here += 1,
            }
        }
        self.text.len()
    }

    /// The quote with which a string with escapes goes on that has one right before `at`.
    fn goes_on(&self, at: usize) -> Option<usize> {
        let next = self.while_(at, |byte| byte.is_ascii_whitespace());
        let is_near = next == at || self.rest(at).iter().take(next - at).any(|byte| *byte == b'\n');
        (is_near && self.byte(next) == b'\'').then_some(next)
    }

    /// The end of what `$tag$` at `at` opens, if it is one.
    fn dollar(&self, at: usize) -> Option<usize> {
        let tag = self.while_(at + 1, is_word);
        if self.byte(tag) != b'$' || self.byte(at + 1).is_ascii_digit() {
            return None;
        }
        let mark = self.text.get(at..=tag)?;
        Some((self.find(tag + 1, mark) + mark.len()).min(self.text.len()))
    }
}

/// Whether a byte may stand in an identifier without quotes; all beyond ASCII may.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl Iterator for Scanner<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        self.skip_blanks();
        if self.at >= self.text.len() {
            return None;
        }
        let (kind, end) = self.cut(self.at);
        let span = Span::new(self.at, end);
        self.at = end;
        Some(Piece { kind, span })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each piece as `kind text`.
    fn pieces(sql: &str) -> Vec<String> {
        let scanner = Scanner::new(sql);
        let show = |piece: Piece| match piece.kind {
            Kind::Mark(_) => scanner.text(piece).to_owned(),
            kind => format!("{kind:?} {}", scanner.text(piece)),
        };
        scanner.clone().map(show).collect()
    }

    #[test]
    fn what_stands_in_quotes_is_one_piece() {
        let sql = r#"a 'x;''y' E'\';' "b;""c" $$ ; ' $$ $t$ $$ $t$ -- ;'"#;
        insta::assert_snapshot!(pieces(sql).join("\n"), @r#"
        Word a
        Text 'x;'
        Text 'y'
        Text E'\';'
        Name "b;"
        Name "c"
        Body $$ ; ' $$
        Body $t$ $$ $t$
        Comment -- ;'
        "#);
    }

    #[test]
    fn a_dollar_within_a_name_or_before_a_number_opens_nothing() {
        insta::assert_snapshot!(pieces("a$b$ $1 $2$ ${x}").join("\n"), @"
        Word a$b$
        $
        Word 1
        $
        Word 2$
        $
        {
        Word x
        }
        ");
    }

    #[test]
    fn comments_nest_and_colons_are_told_apart() {
        insta::assert_snapshot!(pieces("/* a /* b */ ; */ x::int y := :z\n--a\r;").join("\n"), @"
        Comment /* a /* b */ ; */
        Word x
        Colons ::
        Word int
        Word y
        Colons :=
        :
        Word z


        Comment --a
        ;
        ");
    }

    #[test]
    fn what_is_not_closed_reaches_to_the_end() {
        for open in ["'a;", "E'a\\", "\"a;", "$$ a;", "$é$ a;", "/* a; /* */"] {
            assert_eq!(pieces(open).len(), 1, "{open}");
        }
    }

    proptest::proptest! {
        #[test]
        fn pieces_follow_one_another_on_character_boundaries(sql in "[-a'\"$\\\\é/*;: eE\n\r]{0,60}") {
            let mut at = 0;
            for piece in Scanner::new(&sql) {
                proptest::prop_assert!(piece.span.start >= at && piece.span.end > piece.span.start);
                proptest::prop_assert!(sql.get(piece.span.start..piece.span.end).is_some());
                at = piece.span.end;
            }
        }
    }
}
