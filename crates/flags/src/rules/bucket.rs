//! Where a caller falls in a rollout: Unleash's hash, so that an import keeps every user's bucket.
//!
//! The hash is murmur3 (x86, 32 bits) of `group:id`. It is fed in pieces, so neither the string is built nor
//! the group hashed again for each caller.

const C1: u32 = 0xcc9e_2d51;
const C2: u32 = 0x1b87_3593;

/// The seed with which Unleash chooses a variant, so that it does not follow from the place in the rollout.
pub(crate) const VARIANT_SEED: u32 = 86_028_157;

/// murmur3 (x86, 32 bits) of bytes that come in pieces.
#[derive(Debug, Clone, Copy)]
struct Murmur {
    hash: u32,
    /// The bytes that do not yet fill a block, the first in the lowest place.
    tail: u32,
    /// How many they are: 0 to 3.
    held: u32,
    length: u32,
}

impl Murmur {
    const fn new(seed: u32) -> Self {
        Self { hash: seed, tail: 0, held: 0, length: 0 }
    }

    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the hash is defined on 32 bits, the length included"
    )]
    fn push(&mut self, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks::<4>();
        for block in blocks {
            let joined = u64::from(self.tail) | u64::from(u32::from_le_bytes(*block)) << (8 * self.held);
            self.mix(joined as u32);
            self.tail = (joined >> 32) as u32;
        }
        for byte in rest {
            self.push_byte(*byte);
        }
        self.length = self.length.wrapping_add(bytes.len() as u32);
    }

    #[inline]
    fn push_byte(&mut self, byte: u8) {
        self.tail |= u32::from(byte) << (8 * self.held);
        self.held += 1;
        if self.held == 4 {
            self.mix(self.tail);
            (self.tail, self.held) = (0, 0);
        }
    }

    #[inline]
    fn mix(&mut self, block: u32) {
        self.hash ^= scramble(block);
        self.hash = self.hash.rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }

    #[inline]
    fn finish(self) -> u32 {
        let mut hash = self.hash ^ scramble(self.tail) ^ self.length;
        hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
        hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
        hash ^ (hash >> 16)
    }
}

#[inline]
fn scramble(block: u32) -> u32 {
    block.wrapping_mul(C1).rotate_left(15).wrapping_mul(C2)
}

/// A group of callers that is divided the same way: the hash of `group:`, ready for an id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group(Murmur);

impl Group {
    /// The group of a rollout.
    pub(crate) fn of_rollout(name: &str) -> Self {
        Self::new(name, 0)
    }

    /// The group of a choice among variants.
    pub(crate) fn of_variants(name: &str) -> Self {
        Self::new(name, VARIANT_SEED)
    }

    fn new(name: &str, seed: u32) -> Self {
        let mut murmur = Murmur::new(seed);
        murmur.push(name.as_bytes());
        murmur.push(b":");
        Self(murmur)
    }

    /// The hash of `group:id`.
    #[inline]
    pub(crate) fn hash(&self, id: &str) -> u32 {
        let mut murmur = self.0;
        murmur.push(id.as_bytes());
        murmur.finish()
    }
}

/// The places of a rollout: a percent is 10,000 of them.
pub(crate) const PLACES: u32 = 1_000_000;

/// The place of a hash, 0 to 999,999.
///
/// Its whole percent is Unleash's (`hash % 100`); what is left of the hash says where in that percent, so a
/// fraction admits a part of one percent's callers, and more admits those and others.
#[inline]
pub(crate) fn place(hash: u32) -> u32 {
    hash % 100 * 10_000 + hash / 100 % 10_000
}

#[cfg(test)]
mod tests;

/// The 32-bit hash of murmur3 for x86.
pub(crate) fn murmur3(bytes: &[u8], seed: u32) -> u32 {
    let mut murmur = Murmur::new(seed);
    murmur.push(bytes);
    murmur.finish()
}
