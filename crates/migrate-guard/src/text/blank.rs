use super::copy::{Copy, Rows};
use super::paint::{Paint, Painting};
use super::psql::{Does, Form, Meta, Variable};
use super::said::Said;
use super::scan::{Kind, Piece, Scanner};
use crate::Span;

/// What was painted over, and what is to be said of it.
#[derive(Debug, Default)]
pub(super) struct Blanked {
    pub(super) painting: Painting,
    pub(super) unfilled: Said,
    pub(super) left_out: Said,
}

/// Paints over what no parser takes: psql's commands and variables, the rows of `COPY`, control characters.
pub(super) fn blank(text: &str) -> Blanked {
    let mut pass = Pass {
        text,
        scanner: Scanner::new(text),
        copy: Copy::default(),
        brackets: 0,
        made: Blanked::default(),
    };
    if text.starts_with('\u{feff}') {
        pass.paint(Span::new(0, 3), Paint::Blank);
        pass.scanner.jump(3);
    }
    pass.run();
    nuls(text, &mut pass.made);
    pass.made
}

struct Pass<'a> {
    text: &'a str,
    scanner: Scanner<'a>,
    copy: Copy,
    brackets: usize,
    made: Blanked,
}

impl Pass<'_> {
    fn run(&mut self) {
        while let Some(piece) = self.scanner.next() {
            self.copy.see(piece, self.scanner.text(piece));
            match piece.kind {
                Kind::Comment => self.comment(piece),
                Kind::Mark(mark) => self.mark(mark, piece.span),
                _ => {}
            }
        }
    }

    fn mark(&mut self, mark: u8, span: Span) {
        match mark {
            b'[' => self.brackets += 1,
            b']' => self.brackets = self.brackets.saturating_sub(1),
            b';' => self.brackets = 0,
            b'\n' => self.rows(span.end),
            b'\\' => self.meta(span.start),
            b':' if self.brackets == 0 => self.variable(span.start),
            1..=31 | 127 => self.control(mark, span),
            _ => {}
        }
    }

    fn paint(&mut self, span: Span, paint: Paint) {
        self.made.painting.add(span, paint);
    }

    fn say(&mut self, span: Span, what: impl Into<String>) {
        self.made.left_out.add(span, what);
    }

    /// PostgreSQL ends a comment at a carriage return too.
    fn comment(&mut self, piece: Piece) {
        let end = piece.span.end;
        let after = self.text.as_bytes().get(end..).unwrap_or_default();
        if after.first() == Some(&b'\r') && after.get(1) != Some(&b'\n') {
            self.paint(Span::new(end, end + 1), Paint::Break);
        }
    }

    /// What follows on the next lines.
    fn rows(&mut self, from: usize) {
        match self.copy.rows(self.text, from) {
            Rows::None => {}
            Rows::Here(span) => {
                self.paint(span, Paint::Blank);
                self.scanner.jump(span.end);
            }
            Rows::Endless => {
                let here = Span::new(from, from);
                self.say(here, "the rows of COPY, whose end `\\.` is missing; what follows is judged as SQL");
            }
        }
    }

    fn meta(&mut self, at: usize) {
        let meta = Meta::at(self.text, at);
        self.scanner.jump(meta.span.end);
        self.copy.follow(usize::from(meta.reads_rows()));
        let (paint, said) = match meta.does() {
            Does::Nothing => (Paint::Blank, None),
            Does::Sends => (Paint::End, None),
            Does::SendsAnd(what) => (Paint::End, Some(what)),
            Does::Unseen(what) => (Paint::Blank, Some(what)),
        };
        if paint == Paint::End {
            self.copy.end();
        }
        self.paint(meta.span, paint);
        if let Some(what) = said {
            self.say(meta.span, format!("`\\{}` {what}", meta.name));
        }
    }

    fn variable(&mut self, at: usize) {
        let Some(variable) = Variable::at(self.text, at) else { return };
        self.scanner.jump(variable.span.end);
        match variable.form {
            Form::Test => self.paint(variable.span, Paint::True),
            Form::Plain | Form::Text | Form::Name => self.paint(Span::new(at, at + 1), Paint::Blank),
        }
        self.made.unfilled.add(variable.span, variable.name);
    }

    fn control(&mut self, mark: u8, span: Span) {
        self.paint(span, Paint::Blank);
        self.say(span, format!("the control character U+{mark:04X}, which the server refuses"));
    }
}

/// Wherever a NUL stands, the server sees nothing of what follows it.
fn nuls(text: &str, made: &mut Blanked) {
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| *byte == 0) {
        let span = Span::new(at, at + 1);
        made.painting.add(span, Paint::Blank);
        made.left_out.add(span, "a NUL, at which the server stops reading");
    }
}
