use crate::code::LatencyCode;
use crate::series::{OCTAVES, PARTS, Sums};
use crate::windows::packed::Packed;

/// What had been counted before a window began, laid out so that taking it away is one pass.
#[derive(Debug, Clone, Default)]
pub(super) struct Base {
    sums: Sums,
    octaves: [Option<Box<[u64; PARTS]>>; OCTAVES],
}

impl Base {
    pub(super) fn of(packed: &Packed) -> Self {
        let mut base = Self::default();
        base.add(packed);
        base
    }

    /// The window begins so much later.
    pub(super) fn add(&mut self, slice: &Packed) {
        self.sums = self.sums.with(slice.sums);
        for (code, count) in slice.iter() {
            let octave = self.octaves[code / PARTS].get_or_insert_with(|| Box::new([0; PARTS]));
            octave[code % PARTS] += count;
        }
    }

    /// Leaves of `counts` what came later.
    #[inline]
    pub(super) fn take_from(&self, octave: usize, counts: &mut [u64; PARTS]) {
        let Some(before) = &self.octaves[octave] else { return };
        for (count, before) in counts.iter_mut().zip(before.iter()) {
            // A mark may be younger than the tick that is read.
            *count = count.saturating_sub(*before);
        }
    }

    pub(super) const fn sums(&self) -> Sums {
        self.sums
    }
}

const _: () = assert!(cfg!(loom) || OCTAVES * PARTS == LatencyCode::COUNT, "every code has its place");
