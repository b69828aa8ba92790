//! From the text of a file to SQL that a parser takes, byte for byte as long as the text that spans count in.

mod blank;
mod copy;
mod escapes;
mod lines;
mod marks;
mod needs;
mod paint;
mod psql;
mod said;
mod scan;
mod template;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Span;
pub(crate) use marks::{Markers, Marks};
use paint::Paint;
use said::Said;
use scan::{Kind, Scanner};
pub(crate) use template::Templates;
pub(crate) use words::first_words;

/// How a runner reads its files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Which template values it puts in.
    pub(crate) templates: Templates,
    /// How it tells the way up from the way down within a file.
    pub(crate) markers: Markers,
}

/// A file made ready for the parser.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    /// Its text, template values filled in.
    pub(crate) text: Arc<str>,
    /// The same, with what no parser takes painted over.
    pub(crate) sql: Arc<str>,
    /// What its markers say.
    pub(crate) marks: Marks,
    /// Values that were not given.
    pub(crate) unfilled: Vec<(Span, String)>,
    /// What was left out and may have mattered.
    pub(crate) left_out: Vec<(Span, String)>,
}

/// Fills in template values and paints over what no parser takes.
pub(crate) fn prepare(raw: &Arc<str>, dialect: Dialect, values: &BTreeMap<String, String>) -> Prepared {
    let raw = psql_filled(raw, values);
    let environment = Marks::of(&raw, dialect.markers).environment;
    let mut filled = template::fill(&raw, dialect.templates, &environment, values);
    let text = filled.text.take().map_or(raw, Arc::from);
    let marks = Marks::of(&text, dialect.markers);
    let blanked = if needs::blanking(&text) { blank::blank(&text) } else { blank::Blanked::default() };
    let mut painting = filled.painting;
    for down in &marks.down {
        painting.add(*down, Paint::Blank);
    }
    painting.append(blanked.painting);
    painting.append(escapes::written(&text));
    Prepared {
        sql: if painting.is_empty() { Arc::clone(&text) } else { painting.over(&text).into() },
        unfilled: filled.unfilled.outside([blanked.unfilled, Said::default()], &marks.down),
        left_out: filled.left_out.outside([blanked.left_out, marks.refused.clone()], &marks.down),
        text,
        marks,
    }
}

/// Whether there is nothing in it but comments.
pub(crate) fn is_empty(sql: &str) -> bool {
    let nothing = |kind| matches!(kind, Kind::Comment | Kind::Mark(b'\n' | b';'));
    Scanner::new(sql).all(|piece| nothing(piece.kind))
}

/// Whether two texts say the same on the way up: their comments, white space and way down may differ.
pub(crate) fn says_the_same(one: &str, other: &str, markers: Markers) -> bool {
    said(one, markers).eq(said(other, markers))
}

/// The pieces of the way up, comments left out.
fn said(text: &str, markers: Markers) -> impl Iterator<Item = &str> {
    let down = Marks::of(text, markers).down;
    let scanner = Scanner::new(text);
    let pieces = scanner.clone().filter(|piece| !matches!(piece.kind, Kind::Comment | Kind::Mark(b'\n')));
    let up = pieces.filter(move |piece| !down.iter().any(|down| down.contains(piece.span)));
    up.map(move |piece| scanner.text(piece))
}

fn psql_filled(raw: &Arc<str>, values: &BTreeMap<String, String>) -> Arc<str> {
    let known = !values.is_empty() || raw.contains("\\set");
    let filled = if known && raw.contains(':') { psql::fill(raw, values) } else { None };
    filled.map_or_else(|| Arc::clone(raw), Arc::from)
}

#[cfg(test)]
mod tests;
