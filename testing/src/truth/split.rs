use std::ops::Range;

/// Where each statement of a text is, its semicolon and the comments before it left out.
///
/// Knows as little of SQL as a client does: quotes, comments, parentheses and the bodies of `BEGIN ATOMIC`.
pub fn split(sql: &str) -> Vec<Range<usize>> {
    let mut splitter = Splitter { bytes: sql.as_bytes(), at: 0, start: None, end: 0, parens: 0, atomic: 0 };
    let mut statements = Vec::new();
    while splitter.at < splitter.bytes.len() {
        statements.extend(splitter.step());
    }
    statements.extend(splitter.close());
    statements
}

struct Splitter<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the statement began.
    start: Option<usize>,
    /// Where its last token so far ends.
    end: usize,
    parens: usize,
    /// How many `END` are still to come.
    atomic: usize,
}

impl Splitter<'_> {
    /// Takes one token; the statement that it ends.
    fn step(&mut self) -> Option<Range<usize>> {
        let begin = self.at;
        match (self.bytes[self.at], self.bytes.get(self.at + 1)) {
            (b'-', Some(b'-')) => self.skip_line(),
            (b'/', Some(b'*')) => self.skip_comment(),
            (b';', _) if self.parens == 0 && self.atomic == 0 => {
                self.at += 1;
                return self.close();
            }
            (byte, _) if byte.is_ascii_whitespace() => self.at += 1,
            _ => {
                self.token();
                self.start.get_or_insert(begin);
                self.end = self.at;
            }
        }
        None
    }

    fn close(&mut self) -> Option<Range<usize>> {
        self.parens = 0;
        self.start.take().map(|start| start..self.end)
    }

    fn token(&mut self) {
        match self.bytes[self.at] {
            b'\'' => self.skip_quoted(b'\'', self.escapes()),
            b'"' => self.skip_quoted(b'"', false),
            b'$' => self.skip_dollar(),
            b'(' | b'[' => self.count(1),
            b')' | b']' => self.count(-1),
            byte if is_word(byte) => self.word(),
            _ => self.at += 1,
        }
    }

    fn count(&mut self, by: isize) {
        self.parens = self.parens.saturating_add_signed(by);
        self.at += 1;
    }

    fn word(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len());
        let word = rest[..length].to_ascii_lowercase();
        self.at += length;
        match &word[..] {
            b"atomic" if self.follows_begin(length) => self.atomic = 1,
            b"begin" | b"case" if self.atomic > 0 => self.atomic += 1,
            b"end" => self.atomic = self.atomic.saturating_sub(1),
            _ => {}
        }
    }

    /// Whether the word that ends here, `length` long, stands after `BEGIN`.
    fn follows_begin(&self, length: usize) -> bool {
        let before = self.bytes[..self.at - length].trim_ascii_end();
        before.len() >= 5 && before[before.len() - 5..].eq_ignore_ascii_case(b"begin")
    }

    /// Whether the string that begins here is an `E'…'`.
    fn escapes(&self) -> bool {
        let before = self.at.checked_sub(1).map(|at| self.bytes[at]);
        let word = self.at.checked_sub(2).is_some_and(|at| is_word(self.bytes[at]));
        matches!(before, Some(b'e' | b'E')) && !word
    }

    fn skip_quoted(&mut self, quote: u8, escapes: bool) {
        self.at += 1;
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\\' if escapes => self.at += 2,
                byte => {
                    self.at += 1;
                    if byte == quote {
                        break;
                    }
                }
            }
        }
        self.at = self.at.min(self.bytes.len());
    }

    /// Over `$tag$ … $tag$`; a `$` that begins no such tag is a token of its own.
    fn skip_dollar(&mut self) {
        let rest = &self.bytes[self.at..];
        let tag = rest[1..].iter().position(|byte| !is_word(*byte) || *byte == b'$').map(|length| length + 2);
        let Some(tag) = tag.filter(|tag| rest[tag - 1] == b'$' && !rest[1].is_ascii_digit()) else {
            self.at += 1;
            return;
        };
        let close = rest[tag..].windows(tag).position(|window| window == &rest[..tag]);
        self.at += close.map_or(rest.len(), |at| at + 2 * tag);
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }

    fn skip_comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.bytes.len() {
            let step = match (self.bytes[self.at], self.bytes.get(self.at + 1)) {
                (b'/', Some(b'*')) => (1, 2),
                (b'*', Some(b'/')) => (-1, 2),
                _ => (0, 1),
            };
            depth = depth.saturating_add_signed(step.0);
            self.at += step.1;
            if depth == 0 {
                break;
            }
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::split;

    fn texts(sql: &str) -> Vec<&str> {
        split(sql).into_iter().map(|range| &sql[range]).collect()
    }

    #[test]
    fn a_semicolon_ends_a_statement_unless_something_holds_it() {
        assert_eq!(
            texts("-- a;\n a ; /* b; /* ; */ */ b 'x;''y' \"q;\"\n-- c\n;; c"),
            ["a", "b 'x;''y' \"q;\"", "c"]
        );
        assert_eq!(
            texts("do $$ a; $x$ b; $$; e'\\';' ; '\\' ; x"),
            ["do $$ a; $x$ b; $$", "e'\\';'", "'\\'", "x"]
        );
        assert_eq!(texts("rule do (a; b); $1 ; $f$a;$f$"), ["rule do (a; b)", "$1", "$f$a;$f$"]);
    }

    #[test]
    fn the_body_of_a_function_is_part_of_it() {
        let sql = "create function f() begin atomic select case when a then b end; select 1; end; next";
        assert_eq!(texts(sql).last(), Some(&"next"));
        assert_eq!(texts(sql).len(), 2);
        assert_eq!(texts("begin; a; end; b"), ["begin", "a", "end", "b"]);
    }

    #[test]
    fn what_does_not_end_ends_with_the_text() {
        for sql in ["a 'b", "a \"b", "a /* b", "a $$ b", "a $", "(", "e'\\", "$a"] {
            assert!(split(sql).len() <= 1, "{sql}");
        }
    }
}
