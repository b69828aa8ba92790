//! Names to slots, read without a lock.

use std::hash::Hasher as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHasher;

use super::slot::Slot;
use crate::FlagName;

/// Places in the first block: half of them are used, so that a probe is short.
const FIRST: usize = 1024;

/// More flags than anybody has; a store that names more is up to something.
const MOST: usize = 65_536;

/// Every flag that was ever named, each with its slot for as long as the table lives.
///
/// Names are only added. A block is a hash table with linear probing whose places are written once; when half of one is
/// used, names go to the next, twice as large. So a read follows no pointer that could move, and needs neither lock nor
/// count.
pub(crate) struct Table {
    first: Block,
    /// Held while adding; the slots in the order in which they came.
    slots: Mutex<Vec<Arc<Slot>>>,
}

struct Block {
    places: Box<[OnceLock<Arc<Slot>>]>,
    next: OnceLock<Box<Self>>,
}

impl Table {
    pub(crate) fn new() -> Self {
        Self { first: Block::of(FIRST), slots: Mutex::new(Vec::new()) }
    }

    #[inline]
    pub(crate) fn get(&self, name: &str) -> Option<&Arc<Slot>> {
        let hash = hash(name);
        let mut block = &self.first;
        loop {
            if let Some(slot) = block.find(hash, name) {
                return Some(slot);
            }
            block = block.next.get()?;
        }
    }

    /// The slot of this name, made if there is none; `None` if there are too many already.
    pub(crate) fn add(&self, name: &FlagName) -> Option<Arc<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = self.get(name.as_str()) {
            return Some(Arc::clone(slot));
        }
        if slots.len() >= MOST {
            return None;
        }
        let slot = Arc::new(Slot::new(name.clone()));
        self.block_for(slots.len()).put(hash(name.as_str()), Arc::clone(&slot));
        slots.push(Arc::clone(&slot));
        Some(slot)
    }

    /// Every slot there is, in the order in which they came.
    pub(crate) fn all(&self) -> Vec<Arc<Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The block where the name with this number belongs.
    fn block_for(&self, mut number: usize) -> &Block {
        let mut block = &self.first;
        while number >= block.places.len() / 2 {
            number -= block.places.len() / 2;
            block = block.next.get_or_init(|| Box::new(Block::of(block.places.len() * 2)));
        }
        block
    }
}

impl Block {
    fn of(places: usize) -> Self {
        Self { places: (0..places).map(|_| OnceLock::new()).collect(), next: OnceLock::new() }
    }

    #[inline]
    fn find(&self, hash: u64, name: &str) -> Option<&Arc<Slot>> {
        let mask = self.places.len() - 1;
        let mut at = place(hash);
        loop {
            let slot = self.places[at & mask].get()?;
            if slot.name().as_str() == name {
                return Some(slot);
            }
            at += 1;
        }
    }

    /// Half of the places stay empty, so one is found.
    fn put(&self, hash: u64, slot: Arc<Slot>) {
        let mask = self.places.len() - 1;
        let mut at = place(hash);
        let mut slot = slot;
        while let Err(back) = self.places[at & mask].set(slot) {
            slot = back;
            at += 1;
        }
    }
}

#[inline]
fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "any bits of the hash will do")]
const fn place(hash: u64) -> usize {
    hash as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: usize) -> FlagName {
        FlagName::new(&format!("flag-{number}")).unwrap()
    }

    #[test]
    fn every_name_is_found_again_with_its_own_slot_over_several_blocks() {
        let table = Table::new();
        for number in 0..5_000 {
            let slot = table.add(&name(number)).unwrap();
            assert!(Arc::ptr_eq(&slot, &table.add(&name(number)).unwrap()));
        }
        for number in 0..5_000 {
            let slot = table.get(name(number).as_str()).unwrap();
            assert_eq!(slot.name(), &name(number));
        }
        assert!(table.get("flag-5000").is_none());
        assert_eq!(table.all().len(), 5_000);
    }

    #[test]
    fn there_is_an_end_to_names() {
        let table = Table::new();
        let added = (0..MOST + 10).filter(|number| table.add(&name(*number)).is_some()).count();
        assert_eq!(added, MOST);
        assert!(table.add(&name(3)).is_some(), "one that is there stays");
    }

    #[test]
    fn readers_find_what_writers_add_meanwhile() {
        let table = Table::new();
        std::thread::scope(|scope| {
            for start in 0..4 {
                let table = &table;
                scope.spawn(move || {
                    for number in (start * 500)..(start * 500 + 1_000) {
                        table.add(&name(number)).unwrap();
                        assert_eq!(table.get(name(number).as_str()).unwrap().name(), &name(number));
                    }
                });
            }
        });
        assert_eq!(table.all().len(), 2_500);
    }
}
