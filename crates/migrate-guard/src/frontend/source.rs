use squawk_syntax::decoded_text::DecodedText;

use crate::Span;

/// Bodies within bodies, as of `DO` in `EXECUTE` in a function, that are looked into.
const MAX_BODIES: u8 = 8;

/// A text that is parsed, and where its bytes stand in the migration.
#[derive(Debug)]
pub(super) struct Source<'a> {
    text: &'a str,
    place: Place<'a>,
    bodies: u8,
}

/// Where a text stands.
#[derive(Debug)]
enum Place<'a> {
    /// In the migration itself, from this byte on.
    At(usize),
    /// In a string of another text, which may write some of its bytes with an escape.
    Within { decoded: &'a DecodedText, start: usize, outer: &'a Source<'a> },
    /// At this byte of another text, after `lead` bytes that stand nowhere.
    Part { start: usize, lead: usize, outer: &'a Source<'a> },
    /// Nowhere: it is made when the migration runs, by what stands there.
    Made(Span),
}

impl<'a> Source<'a> {
    /// A text that begins at byte `start` of the migration.
    pub(super) const fn new(text: &'a str, start: usize) -> Self {
        Self { text, place: Place::At(start), bodies: 0 }
    }

    /// The text in a string of this one; `start` is where the string begins. `None` if there
    /// are more bodies around it than are looked into.
    pub(super) fn within(&'a self, decoded: &'a DecodedText, start: usize) -> Option<Self> {
        let bodies = self.bodies + 1;
        let place = Place::Within { decoded, start, outer: self };
        (bodies <= MAX_BODIES).then_some(Self { text: decoded.text(), place, bodies })
    }

    /// A part of this text that begins at byte `start` of it, with `lead` bytes of other text before it.
    pub(super) const fn part<'b>(&'b self, text: &'b str, start: usize, lead: usize) -> Source<'b> {
        Source { text, place: Place::Part { start, lead, outer: self }, bodies: self.bodies }
    }

    /// A text that is made by what stands at `span`. `None` if there are more bodies around it than are looked into.
    pub(super) fn made<'b>(&self, text: &'b str, span: Span) -> Option<Source<'b>> {
        let bodies = self.bodies + 1;
        (bodies <= MAX_BODIES).then_some(Source { text, place: Place::Made(span), bodies })
    }

    /// The text.
    pub(super) const fn text(&self) -> &'a str {
        self.text
    }

    /// The bytes of the migration that those of this text are.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        self.maker().unwrap_or_else(|| Span::new(self.place(start), self.place(end)))
    }

    /// Where it begins, if it stands in the migration itself.
    pub(super) const fn top(&self) -> Option<usize> {
        match self.place {
            Place::At(start) => Some(start),
            _ => None,
        }
    }

    /// What makes the text, if it stands nowhere.
    fn maker(&self) -> Option<Span> {
        match &self.place {
            Place::At(_) => None,
            Place::Within { outer, .. } | Place::Part { outer, .. } => outer.maker(),
            Place::Made(span) => Some(*span),
        }
    }

    fn place(&self, offset: usize) -> usize {
        match &self.place {
            Place::At(start) => start + offset,
            Place::Within { decoded, start, outer } => {
                let within = u32::try_from(offset).unwrap_or(u32::MAX);
                outer.place(start + usize::from(decoded.source_pos(within.into())))
            }
            Place::Part { start, lead, outer } => outer.place(start + offset.saturating_sub(*lead)),
            Place::Made(span) => span.start,
        }
    }
}
