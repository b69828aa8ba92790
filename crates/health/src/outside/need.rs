use crate::Standing;

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) need: usize,
    pub(super) of: usize,
}

impl Need {
    /// What so many good and so many bad ones amount to, as soon as that is certain.
    pub(super) const fn standing(self, up: usize, down: usize) -> Standing {
        if up >= self.need {
            Standing::Up
        } else if self.of - down < self.need {
            Standing::Down
        } else {
            Standing::Starting
        }
    }
}
