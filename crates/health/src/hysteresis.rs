use serde::{Deserialize, Serialize};

/// Whether a target may have traffic, as far as its probes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Not yet known; treat it as down.
    Starting,
    /// Well: `rise` good answers in a row, and not `fall` bad ones since.
    Up,
    /// Not well: `fall` bad answers in a row, or it said so itself, and not `rise` good ones since.
    Down,
}

impl Standing {
    /// As one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// Turns single answers into a [`Standing`] that does not flap.
///
/// One lost packet takes nobody out, and one lucky answer brings nobody back. Pure: no clock, no I/O.
#[derive(Debug, Clone)]
pub struct RiseFall {
    rise: u32,
    fall: u32,
    standing: Standing,
    /// Answers in a row that speak against the present standing; from the start on, of the last kind.
    good: u32,
    bad: u32,
}

impl RiseFall {
    /// Up after `rise` good answers in a row, down after `fall` bad ones; zero counts as one.
    pub fn new(rise: u32, fall: u32) -> Self {
        Self { rise: rise.max(1), fall: fall.max(1), standing: Standing::Starting, good: 0, bad: 0 }
    }

    /// The standing after everything seen so far.
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// A good answer came.
    pub fn good(&mut self) -> Standing {
        self.bad = 0;
        self.good = self.good.saturating_add(1);
        if self.good >= self.rise {
            self.standing = Standing::Up;
        }
        self.standing
    }

    /// A bad answer came, or none.
    pub fn bad(&mut self) -> Standing {
        self.good = 0;
        self.bad = self.bad.saturating_add(1);
        if self.bad >= self.fall {
            self.standing = Standing::Down;
        }
        self.standing
    }

    /// The target itself said that it wants no traffic (a 503): down at once, whatever `fall` is.
    pub fn unready_now(&mut self) -> Standing {
        self.good = 0;
        self.bad = self.fall;
        self.standing = Standing::Down;
        self.standing
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Heard {
        Good,
        Bad,
        Unready,
    }

    /// The same said from the end backwards: the last run that was long enough decides.
    fn model(rise: usize, fall: usize, heard: &[Heard]) -> Standing {
        for end in (1..=heard.len()).rev() {
            let run =
                |good: bool| heard[..end].iter().rev().take_while(|h| (**h == Heard::Good) == good).count();
            if heard[end - 1] == Heard::Unready || run(false) >= fall {
                return Standing::Down;
            }
            if run(true) >= rise {
                return Standing::Up;
            }
        }
        Standing::Starting
    }

    proptest! {
        #[test]
        fn the_standing_is_that_of_the_last_run_long_enough(
            rise in 1u32..5, fall in 1u32..5,
            heard in vec(prop_oneof![4 => Just(Heard::Good), 4 => Just(Heard::Bad), 1 => Just(Heard::Unready)], 0..40),
        ) {
            let mut machine = RiseFall::new(rise, fall);
            for (index, said) in heard.iter().enumerate() {
                let standing = match said {
                    Heard::Good => machine.good(),
                    Heard::Bad => machine.bad(),
                    Heard::Unready => machine.unready_now(),
                };
                prop_assert_eq!(standing, model(rise as usize, fall as usize, &heard[..=index]));
                prop_assert_eq!(standing, machine.standing());
            }
        }
    }

    #[test]
    fn zero_counts_as_one() {
        let mut machine = RiseFall::new(0, 0);
        assert_eq!(machine.standing(), Standing::Starting);
        assert_eq!(machine.good(), Standing::Up);
        assert_eq!(machine.bad(), Standing::Down);
    }
}
