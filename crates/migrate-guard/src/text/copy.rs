use super::lines::lines;
use super::scan::{Kind, Piece};
use crate::Span;

/// Follows whether rows for `COPY … FROM STDIN` come on the next lines.
#[derive(Debug, Default)]
pub(super) struct Copy {
    statement: Progress,
    parens: usize,
    /// How many statements on this line wait for rows.
    waiting: usize,
    /// Whether the rest of the script is known to end no rows.
    endless: bool,
}

/// How much of `COPY … FROM STDIN` was read of a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Progress {
    #[default]
    Beginning,
    Other,
    Copy,
    From,
    Stdin,
}

/// What follows on the next lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// SQL as before.
    None,
    /// Rows.
    Here(Span),
    /// Rows whose end is nowhere. They are taken for SQL, and so are all later ones: the script would end here otherwise.
    Endless,
}

impl Copy {
    /// Sees the next piece of the script.
    pub(super) fn see(&mut self, piece: Piece, text: &str) {
        match piece.kind {
            // A command of psql stands beside the statement, not in it.
            Kind::Comment | Kind::Mark(b'\n' | b'\\') => {}
            Kind::Mark(b';') => self.end(),
            Kind::Mark(b'(') => self.parens += 1,
            Kind::Mark(b')') => self.parens = self.parens.saturating_sub(1),
            Kind::Word if self.parens == 0 => self.word(text),
            _ => self.other(),
        }
    }

    /// Rows come on the next lines for so many commands more.
    pub(super) fn follow(&mut self, commands: usize) {
        self.waiting += commands;
    }

    /// The statement ends.
    pub(super) fn end(&mut self) {
        self.waiting += usize::from(self.statement == Progress::Stdin);
        (self.statement, self.parens) = (Progress::Beginning, 0);
    }

    fn word(&mut self, word: &str) {
        self.statement = match self.statement {
            Progress::Beginning if word.eq_ignore_ascii_case("copy") => Progress::Copy,
            Progress::Copy | Progress::From if word.eq_ignore_ascii_case("from") => Progress::From,
            Progress::From if word.eq_ignore_ascii_case("stdin") => Progress::Stdin,
            Progress::Beginning | Progress::Other => Progress::Other,
            Progress::Copy | Progress::From => Progress::Copy,
            Progress::Stdin => Progress::Stdin,
        };
    }

    fn other(&mut self) {
        self.statement = match self.statement {
            Progress::Beginning => Progress::Other,
            Progress::From => Progress::Copy,
            stays => stays,
        };
    }

    /// What begins with the line at `from`.
    pub(super) fn rows(&mut self, text: &str, from: usize) -> Rows {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting == 0 || self.endless {
            return Rows::None;
        }
        let rest = text.get(from..).unwrap_or_default();
        // psql wants the mark alone on its line, Flyway forgives blanks.
        let ends = lines(rest).filter(|(_, line)| line.trim_end() == "\\.").map(|(span, _)| span.end);
        let (ended, last) = ends.take(waiting).fold((0, 0), |(ended, _), end| (ended + 1, end));
        self.endless = ended < waiting;
        if ended == 0 { Rows::Endless } else { Rows::Here(Span::new(from, from + last)) }
    }
}

#[cfg(test)]
mod tests {
    use super::Copy;
    use crate::text::scan::Scanner;

    /// How many copies wait for rows after `sql`.
    fn waiting(sql: &str) -> usize {
        let mut copy = Copy::default();
        let scanner = Scanner::new(sql);
        for piece in scanner.clone() {
            copy.see(piece, scanner.text(piece));
        }
        copy.waiting
    }

    #[test]
    fn only_a_copy_from_stdin_waits_for_rows() {
        assert_eq!(waiting("copy t (a, b) from stdin with (format csv); COPY u FROM STDIN;"), 2);
        for sql in [
            "copy t to stdout;",
            "copy t from 'stdin';",
            "copy t from program 'x';",
            "insert into copy select * from stdin;",
            "copy (select 1 from stdin) to stdout;",
            "select $$ copy t from stdin; $$;",
            "copy t from stdin",
        ] {
            assert_eq!(waiting(sql), 0, "{sql}");
        }
    }
}
