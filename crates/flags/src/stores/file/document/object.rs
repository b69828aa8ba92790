use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::nearest::nearest;

/// One kind of object in the file, read key by key, so that a mistake is found with its line.
pub(super) trait Part: Default {
    /// What it is, for whoever wrote something else there.
    const IS: &'static str;

    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, from: &mut A) -> Result<(), A::Error>;
}

/// A [`Part`] as serde reads it.
#[derive(Default)]
pub(super) struct Parsed<P>(pub(super) P);

impl<'de, P: Part> Deserialize<'de> for Parsed<P> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Parts(PhantomData)).map(Self)
    }
}

struct Parts<P>(PhantomData<P>);

impl<'de, P: Part> Visitor<'de> for Parts<P> {
    type Value = P;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(P::IS)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<P, A::Error> {
        let mut part = P::default();
        each(&mut from, |key, from| part.take(key, from))?;
        Ok(part)
    }
}

/// Reads an object key by key; no key may come twice, because nobody could say which of the two is meant.
pub(super) fn each<'de, A: MapAccess<'de>>(
    from: &mut A,
    mut take: impl FnMut(&str, &mut A) -> Result<(), A::Error>,
) -> Result<(), A::Error> {
    let mut met = HashSet::new();
    while let Some(key) = from.next_key::<String>()? {
        take(&key, from)?;
        if met.contains(&key) {
            return Err(A::Error::custom(format!("`{}` stands there twice", key.escape_debug())));
        }
        met.insert(key);
    }
    Ok(())
}

/// A key that means nothing here.
pub(super) fn unknown<E: Error>(key: &str, known: &[&str]) -> E {
    let shown: String = key.chars().take(60).flat_map(char::escape_debug).collect();
    let near = nearest(key, known).map(|near| format!("; did you mean `{near}`?"));
    E::custom(format!("`{shown}` means nothing there{}", near.unwrap_or_default()))
}
