use std::fmt;
use std::ops::{Index, IndexMut};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of the two places where a release of a service runs.
///
/// Which slot is live is state, never a name: blue may be stable today and candidate tomorrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Slot {
    /// The first slot; a service's first deployment runs here.
    Blue,
    /// The other slot.
    Green,
}

impl Slot {
    /// Both slots, blue first.
    pub const BOTH: [Self; 2] = [Self::Blue, Self::Green];

    /// The slot that is not this one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Blue => Self::Green,
            Self::Green => Self::Blue,
        }
    }

    /// `blue` or `green`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Green => "green",
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Slot {
    type Err = crate::NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "blue" => Ok(Self::Blue),
            "green" => Ok(Self::Green),
            _ => Err(crate::NameError::new("slot", text, "is neither blue nor green")),
        }
    }
}

/// One value per slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct BySlot<T> {
    /// Blue's value.
    pub blue: T,
    /// Green's value.
    pub green: T,
}

impl<T> BySlot<T> {
    /// Builds both values, blue's first.
    pub fn from_fn(mut make: impl FnMut(Slot) -> T) -> Self {
        Self { blue: make(Slot::Blue), green: make(Slot::Green) }
    }

    /// The same shape with each value replaced by `change` of it.
    pub fn map<U>(self, mut change: impl FnMut(Slot, T) -> U) -> BySlot<U> {
        BySlot { blue: change(Slot::Blue, self.blue), green: change(Slot::Green, self.green) }
    }

    /// Each slot with its value, blue first.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &T)> {
        Slot::BOTH.into_iter().map(|slot| (slot, &self[slot]))
    }
}

impl<T> Index<Slot> for BySlot<T> {
    type Output = T;

    fn index(&self, slot: Slot) -> &T {
        match slot {
            Slot::Blue => &self.blue,
            Slot::Green => &self.green,
        }
    }
}

impl<T> IndexMut<Slot> for BySlot<T> {
    fn index_mut(&mut self, slot: Slot) -> &mut T {
        match slot {
            Slot::Blue => &mut self.blue,
            Slot::Green => &mut self.green,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slot_is_the_other_of_its_other() {
        for slot in Slot::BOTH {
            assert_ne!(slot.other(), slot);
            assert_eq!(slot.other().other(), slot);
            assert_eq!(slot.as_str().parse::<Slot>(), Ok(slot));
        }
    }

    #[test]
    fn a_value_is_found_under_its_own_slot() {
        let mut names = BySlot::from_fn(|slot| slot.to_string());
        names[Slot::Green].push('!');
        assert_eq!((names[Slot::Blue].as_str(), names[Slot::Green].as_str()), ("blue", "green!"));
    }
}
