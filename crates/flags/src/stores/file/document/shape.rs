//! What the file says, as a store's contents.

use std::sync::Arc;

use serde::de::{Error, MapAccess};

use super::node::Node;
use super::object::{Parsed, Part, unknown};
use crate::FlagName;
use crate::store::{Contents, Held, Key, Revision};

/// All of it.
#[derive(Default)]
pub(super) struct Whole {
    revision: u64,
    epoch: Option<Arc<str>>,
    values: Vec<(Key, Held)>,
}

impl Whole {
    pub(super) fn contents(self) -> Contents {
        Contents {
            values: self.values.into_iter().collect(),
            revision: Some(Revision(self.revision)),
            epoch: self.epoch,
        }
    }
}

impl Part for Whole {
    const IS: &'static str = "an object with `flags` in it";

    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, from: &mut A) -> Result<(), A::Error> {
        match key {
            "revision" => self.revision = from.next_value()?,
            "epoch" => self.epoch = Some(from.next_value()?),
            "flags" => self.values.extend(from.next_value::<Parsed<Flags>>()?.0.0),
            "segments" => self.values.extend(from.next_value::<Parsed<Segments>>()?.0.0),
            other => return Err(unknown(other, &["revision", "epoch", "flags", "segments"])),
        }
        Ok(())
    }
}

#[derive(Default)]
struct Flags(Vec<(Key, Held)>);

impl Part for Flags {
    const IS: &'static str = "an object with a flag under each name";

    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, from: &mut A) -> Result<(), A::Error> {
        let name = FlagName::new(key).map_err(A::Error::custom)?;
        let Flag { enabled, rules } = from.next_value::<Parsed<Flag>>()?.0;
        self.0.extend(enabled.map(|held| (Key::Gate(name.clone()), held)));
        self.0.extend(rules.map(|held| (Key::Rules(name), held)));
        Ok(())
    }
}

#[derive(Default)]
struct Flag {
    enabled: Option<Held>,
    rules: Option<Held>,
}

impl Part for Flag {
    const IS: &'static str = "an object with `enabled` in it";

    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, from: &mut A) -> Result<(), A::Error> {
        match key {
            "enabled" => self.enabled = Some(held(from)?),
            "rules" => self.rules = Some(held(from)?),
            other => return Err(unknown(other, &["enabled", "rules"])),
        }
        Ok(())
    }
}

#[derive(Default)]
struct Segments(Vec<(Key, Held)>);

impl Part for Segments {
    const IS: &'static str = "an object with a segment under each name";

    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, from: &mut A) -> Result<(), A::Error> {
        let name = FlagName::new(key).map_err(A::Error::custom)?;
        self.0.push((Key::Segment(name), held(from)?));
        Ok(())
    }
}

/// Whatever stands there, as the text that Redis would have.
fn held<'de, A: MapAccess<'de>>(from: &mut A) -> Result<Held, A::Error> {
    let text = from.next_value::<Node>()?.into_text().map_err(A::Error::custom)?;
    Ok(Held::from_bytes(text.as_bytes()))
}
