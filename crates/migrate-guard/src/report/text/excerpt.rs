use std::io::{self, Write};

use super::{Ink, TextOptions};
use crate::Span;
use crate::report::page::Page;
use crate::report::safe;

/// How many lines of one statement are shown; of a longer one the first and the last.
const LINES: usize = 6;
/// How wide a tab is shown.
const TAB: usize = 4;

/// The lines of a span, as they are shown.
#[derive(Debug)]
pub(super) struct Excerpt {
    lines: Vec<Line>,
    /// The number of the last line, as wide as all others are.
    last: usize,
}

/// A line, and which of it is marked.
#[derive(Debug)]
enum Line {
    /// Its number, what is shown of it, the columns before the mark, and those under it.
    Shown { number: usize, text: String, before: usize, marked: usize },
    /// Lines that are left out.
    Omitted,
}

impl Excerpt {
    /// The lines of `span`, each cut to `width` columns around what is marked.
    pub(super) fn of(span: Span, page: &Page<'_>, width: usize) -> Self {
        let (first, after) = page.places(span);
        let last = if after.column == 1 && after.line > first.line { after.line - 1 } else { after.line };
        let of = |number| Line::of(number, span, page, width);
        let lines = if last - first.line < LINES {
            (first.line..=last).map(of).collect()
        } else {
            let head = (first.line..first.line + LINES - 2).map(of);
            head.chain([Line::Omitted, of(last)]).collect()
        };
        Self { lines, last }
    }

    /// How many columns the numbers take.
    pub(super) fn margin(&self) -> usize {
        self.last.to_string().len()
    }

    /// Writes the lines, with carets under what is marked of one, and with `>` before several.
    pub(super) fn write(&self, ink: Ink, options: &TextOptions<'_>, to: &mut dyn Write) -> io::Result<()> {
        let margin = self.margin();
        let bar = options.paint(Ink::Frame, &format!("{:margin$} |", ""));
        writeln!(to, "{bar}")?;
        let alone = self.lines.len() == 1;
        for line in &self.lines {
            let Line::Shown { number, text, before, marked } = line else {
                writeln!(to, "{}", options.paint(Ink::Frame, "..."))?;
                continue;
            };
            let number =
                options.paint(Ink::Frame, &format!("{number:>margin$} {}", if alone { "|" } else { "" }));
            if alone {
                let carets = options.paint(ink, &"^".repeat((*marked).max(1)));
                writeln!(to, "{number} {text}\n{bar} {:before$}{carets}", "")?;
            } else {
                writeln!(to, "{number}{} {text}", options.paint(ink, ">"))?;
            }
        }
        Ok(())
    }
}

impl Line {
    fn of(number: usize, span: Span, page: &Page<'_>, width: usize) -> Self {
        let line = page.line(number);
        let marked = Span::new(span.start.clamp(line.start, line.end), span.end.clamp(line.start, line.end));
        let indent = page.text(marked).len() - page.text(marked).trim_start().len();
        let marked = Span::new(marked.start + indent, marked.end);
        let window = window(line, marked, page, width);
        let shown = |from: usize, to: usize| spread(page.text(Span::new(from, to)));
        let (before, under) =
            (shown(window.start, marked.start), shown(marked.start, marked.end.min(window.end)));
        let after = shown(marked.end.min(window.end), window.end);
        let lead = if window.start > line.start { "…" } else { "" };
        let tail = if window.end < line.end { "…" } else { "" };
        Self::Shown {
            number,
            before: columns(lead) + columns(&before),
            marked: columns(&under),
            text: format!("{lead}{before}{under}{after}{tail}"),
        }
    }
}

/// The part of a line that is shown: all of it, or so many characters around what is marked.
fn window(line: Span, marked: Span, page: &Page<'_>, width: usize) -> Span {
    let start = if marked.start - line.start <= width / 2 {
        line.start
    } else {
        let before = page.text(Span::new(line.start, marked.start));
        let kept = before.char_indices().rev().nth(width / 4).map_or(0, |(at, _)| at);
        line.start + kept
    };
    let rest = page.text(Span::new(start, line.end));
    let kept = rest.char_indices().nth(width).map_or(rest.len(), |(at, _)| at);
    Span::new(start, (start + kept).max(marked.start))
}

/// Text as it is shown: tabs as spaces, and nothing that would drive the terminal.
fn spread(text: &str) -> String {
    safe::escaped(&text.replace('\t', &" ".repeat(TAB)))
}

fn columns(text: &str) -> usize {
    text.chars().map(safe::width).sum()
}
