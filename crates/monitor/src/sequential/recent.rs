//! What the last minute looked like: for estimates and sentences, never for evidence.

use std::collections::VecDeque;
use std::time::Duration;

use super::block::{Arm, Block};

/// How far back, as long as that is enough requests.
const SPAN: Duration = Duration::from_mins(1);
/// The candidate's requests without which a minute says too little, and the past before it is read as well.
const ENOUGH: u64 = 200;

/// The newest blocks of one route, and their sums.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recent {
    blocks: VecDeque<Block>,
    sum: Block,
}

impl Recent {
    pub(crate) fn take(&mut self, block: Block) {
        self.sum.candidate.add(&block.candidate);
        self.sum.stable.add(&block.stable);
        self.sum.lasted = self.sum.lasted.saturating_add(block.lasted);
        self.blocks.push_back(block);
        while let Some(oldest) = self.blocks.front().filter(|oldest| self.spares(oldest)) {
            self.sum.candidate.remove(&oldest.candidate);
            self.sum.stable.remove(&oldest.stable);
            self.sum.lasted = self.sum.lasted.saturating_sub(oldest.lasted);
            self.blocks.pop_front();
        }
    }

    /// Adds the blocks of another watch over the same time.
    pub(crate) fn merge(&mut self, other: Self) {
        let lasted = self.sum.lasted.max(other.sum.lasted);
        other.blocks.into_iter().for_each(|block| self.take(block));
        self.sum.lasted = lasted;
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) const fn candidate(&self) -> &Arm {
        &self.sum.candidate
    }

    pub(crate) const fn stable(&self) -> &Arm {
        &self.sum.stable
    }

    pub(crate) const fn lasted(&self) -> Duration {
        self.sum.lasted
    }

    fn spares(&self, oldest: &Block) -> bool {
        self.sum.lasted.saturating_sub(oldest.lasted) >= SPAN
            && self.sum.candidate.seen().saturating_sub(oldest.candidate.seen()) >= ENOUGH
    }
}
