use std::collections::BTreeMap;

use super::Templates;
use super::expression::Expression;
use super::opening::{Opening, Places};
use super::zones::{Zone, Zones};
use crate::Span;
use crate::text::paint::{Paint, Painting};
use crate::text::said::Said;

/// A text with its template values filled in.
#[derive(Debug, Default)]
pub(in crate::text) struct Filled {
    /// The text, if anything was filled in.
    pub(in crate::text) text: Option<String>,
    /// What must be painted over in it.
    pub(in crate::text) painting: Painting,
    /// Values that were not given.
    pub(in crate::text) unfilled: Said,
    /// What decides over text, and is not followed.
    pub(in crate::text) left_out: Said,
}

/// Fills in what is given; `environment` is where goose puts in the environment.
pub(in crate::text) fn fill(
    raw: &str,
    templates: Templates,
    environment: &[Span],
    values: &BTreeMap<String, String>,
) -> Filled {
    if !raw.contains(['{', '$']) {
        return Filled::default();
    }
    let job = Job { raw, templates, environment, values, zones: Zones::new(raw) };
    job.run()
}

struct Job<'a> {
    raw: &'a str,
    templates: Templates,
    environment: &'a [Span],
    values: &'a BTreeMap<String, String>,
    zones: Zones<'a>,
}

/// What becomes of a place.
enum Fate<'a> {
    /// It is this text.
    Text(&'a str),
    /// It is a value that is not known; its name.
    Unknown(&'a str),
    /// It decides over text.
    Control,
    /// It makes no text.
    Nothing,
    /// It is no template value here.
    Leave,
}

impl<'a> Job<'a> {
    fn run(mut self) -> Filled {
        let (mut filled, mut text, mut copied) = (Filled::default(), String::new(), 0);
        for (place, opening) in Places::new(self.raw) {
            let fate = self.fate(place, opening);
            if let Fate::Text(value) = fate {
                text.push_str(self.raw.get(copied..place.start).unwrap_or_default());
                text.push_str(value);
                copied = place.end;
            } else {
                // As many bytes later as the text so far grew, or earlier.
                let now = Span::new(place.start - copied + text.len(), place.end - copied + text.len());
                self.keep(place, now, &fate, &mut filled);
            }
        }
        if copied > 0 {
            text.push_str(self.raw.get(copied..).unwrap_or_default());
            filled.text = Some(text);
        }
        filled
    }

    /// Notes a place that stays as it is; `now` is where it is once others are filled in.
    fn keep(&self, place: Span, now: Span, fate: &Fate<'_>, filled: &mut Filled) {
        let shown = self.raw.get(place.start..place.end).unwrap_or_default();
        match fate {
            Fate::Unknown(name) => {
                filled.painting.add(now, Paint::Name);
                filled.unfilled.add(now, *name);
            }
            Fate::Control => {
                filled.painting.add(now, Paint::Blank);
                filled.left_out.add(now, format!("`{shown}` of the template: all of its ways are judged"));
            }
            Fate::Nothing => filled.painting.add(now, Paint::Blank),
            Fate::Text(_) | Fate::Leave => {}
        }
    }

    fn fate(&mut self, place: Span, opening: Opening<'a>) -> Fate<'a> {
        let zone = self.zones.at(place.start);
        let here = self.in_environment(place);
        match opening {
            Opening::Braces(inside) => self.braces(inside, zone),
            Opening::Percent(_) if self.templates == Templates::Any && zone == Zone::Code => Fate::Control,
            Opening::Dollar(inside) if here => self.environment(inside, zone),
            Opening::Dollar(inside) => self.dollar(inside, zone),
            Opening::Bare(name) if here => self.environment(name, zone),
            Opening::Percent(_) | Opening::Bare(_) => Fate::Leave,
        }
    }

    fn in_environment(&self, place: Span) -> bool {
        let next = self.environment.partition_point(|span| span.end < place.end);
        self.environment.get(next).is_some_and(|span| span.contains(place))
    }

    fn braces(&self, inside: &'a str, zone: Zone) -> Fate<'a> {
        let ours = match self.templates {
            Templates::Go => zone != Zone::Comment,
            Templates::Any => zone == Zone::Code,
            _ => false,
        };
        match Expression::parse(inside) {
            Expression::Value(names) => self.value(&names, ours),
            Expression::Call(text) if self.templates == Templates::Go => self.value(&[text], ours),
            Expression::Control if ours => Fate::Control,
            Expression::Nothing if ours => Fate::Nothing,
            _ => Fate::Leave,
        }
    }

    fn dollar(&self, inside: &'a str, zone: Zone) -> Fate<'a> {
        let ours = match self.templates {
            Templates::Flyway => zone != Zone::Comment,
            Templates::Any => zone == Zone::Code,
            _ => false,
        };
        self.value(&[inside.trim()], ours)
    }

    /// `NAME` or `NAME:-default`.
    fn environment(&self, inside: &'a str, zone: Zone) -> Fate<'a> {
        let (name, default) = match inside.split_once(":-").or_else(|| inside.split_once('-')) {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        match (self.value(&[name], zone != Zone::Comment), default) {
            (Fate::Unknown(_), Some(default)) => Fate::Text(default),
            (fate, _) => fate,
        }
    }

    fn value(&self, names: &[&'a str], ours: bool) -> Fate<'a> {
        match names.iter().find_map(|name| self.given(name)) {
            Some(value) => Fate::Text(value),
            None if ours => Fate::Unknown(names.first().copied().unwrap_or_default()),
            None => Fate::Leave,
        }
    }

    /// Flyway does not tell upper case from lower.
    fn given(&self, name: &str) -> Option<&'a str> {
        let exact = self.values.get(name);
        let like =
            || self.values.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        match self.templates {
            Templates::Flyway => exact.or_else(like).map(String::as_str),
            _ => exact.map(String::as_str),
        }
    }
}
