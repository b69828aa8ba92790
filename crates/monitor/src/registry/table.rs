/// Templates by their text.
///
/// Not by their address, which costs less but may belong to another text by the time it is looked up. The table is
/// made once and a quarter full at most, so a template is found by one multiplication for eight bytes of it and a
/// comparison. The hash is no defence against chosen keys, and there are none: templates are the program's own.
#[derive(Debug)]
pub(super) struct Table {
    names: Box<[Box<str>]>,
    /// A power of two of them.
    places: Box<[Option<Place>]>,
}

#[derive(Debug, Clone)]
struct Place {
    hash: u64,
    /// Once more, so that it is at hand.
    text: Box<str>,
    name: u32,
}

/// Odd, and its bits look random: the golden ratio's.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

impl Table {
    /// Fails with the name that is there twice.
    pub(super) fn new(names: Vec<String>) -> Result<Self, String> {
        let names: Box<[Box<str>]> = names.into_iter().map(String::into_boxed_str).collect();
        let places = vec![None; (4 * names.len()).next_power_of_two()].into_boxed_slice();
        let mut table = Self { names, places };
        for name in 0..table.len() {
            table.enter(name)?;
        }
        Ok(table)
    }

    /// The number of a name, in the order in which they were given.
    #[inline]
    pub(super) fn find(&self, name: &str) -> Option<u32> {
        let hash = hash(name.as_bytes());
        let mut at = self.first(hash);
        // It ends, as three places in four are empty.
        while let Some(place) = &self.places[at] {
            if place.hash == hash && &*place.text == name {
                return Some(place.name);
            }
            at = self.next(at);
        }
        None
    }

    #[expect(clippy::cast_possible_truncation, reason = "bounded far below 2^32 by the registry")]
    pub(super) const fn len(&self) -> u32 {
        self.names.len() as u32
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    fn enter(&mut self, name: u32) -> Result<(), String> {
        let text = &*self.names[name as usize];
        if self.find(text).is_some() {
            return Err(text.to_owned());
        }
        let hash = hash(text.as_bytes());
        let mut at = self.first(hash);
        while self.places[at].is_some() {
            at = self.next(at);
        }
        self.places[at] = Some(Place { hash, text: text.into(), name });
        Ok(())
    }

    /// The upper bits are the best mixed.
    #[inline]
    fn first(&self, hash: u64) -> usize {
        let upper = (hash >> 32) as usize;
        upper & (self.places.len() - 1)
    }

    #[inline]
    const fn next(&self, at: usize) -> usize {
        (at + 1) & (self.places.len() - 1)
    }
}

/// Eight bytes at a time, each times a number of its own, so that the processor need not wait for one to begin the
/// next. The last eight overlap those before, which is cheaper than copying the rest.
#[inline]
fn hash(bytes: &[u8]) -> u64 {
    let length = bytes.len() as u64;
    let Some(last) = bytes.last_chunk::<8>() else {
        return finish(bytes.iter().fold(length, |hash, byte| (hash << 8) | u64::from(*byte)));
    };
    let (eights, _) = bytes.as_chunks::<8>();
    let (hash, _) = eights
        .iter()
        .fold((length, MIX), |(hash, by), word| (hash.wrapping_add(times(*word, by)), turned(by)));
    finish(hash.wrapping_add(times(*last, !MIX)))
}

#[inline]
const fn times(word: [u8; 8], by: u64) -> u64 {
    u64::from_le_bytes(word).wrapping_mul(by)
}

/// Another odd number.
#[inline]
const fn turned(by: u64) -> u64 {
    by.rotate_left(11) | 1
}

/// A product's lower bits know nothing of a word's upper ones; now the upper bits know of all.
#[inline]
const fn finish(hash: u64) -> u64 {
    (hash ^ (hash >> 29)).wrapping_mul(MIX)
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_entered_is_found_and_nothing_else(
            names in btree_set("[/a-z{}é0-9]{0,40}", 0..200), others in vec("[/a-z{}é0-9]{0,40}", 0..50)
        ) {
            let table = Table::new(names.iter().cloned().collect()).expect("no name twice");
            for (number, name) in (0..).zip(&names) {
                prop_assert_eq!(table.find(name), Some(number));
            }
            for other in others.iter().filter(|other| !names.contains(*other)) {
                prop_assert_eq!(table.find(other), None);
            }
        }
    }
}
