use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// A share of the callers, from 0 to 100 percent in steps of 0.0001.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "f64")]
pub struct Percentage(u32);

impl Percentage {
    /// Nobody.
    pub const NOBODY: Self = Self(0);
    /// Everybody who can be told apart.
    pub const EVERYBODY: Self = Self(Self::STEPS * 100);
    const STEPS: u32 = 10_000;

    /// How many ten-thousandths of a percent it is.
    pub(crate) const fn steps(self) -> u32 {
        self.0
    }
}

impl TryFrom<f64> for Percentage {
    type Error = NotAPercentage;

    fn try_from(percent: f64) -> Result<Self, NotAPercentage> {
        if !(0.0..=100.0).contains(&percent) {
            return Err(NotAPercentage::Range(percent));
        }
        let steps = (percent * f64::from(Self::STEPS)).round();
        if (steps - percent * f64::from(Self::STEPS)).abs() > 1e-6 {
            return Err(NotAPercentage::TooFine(percent));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is from 0 to 1,000,000"
        )]
        let steps = steps as u32;
        Ok(Self(steps))
    }
}

impl From<Percentage> for f64 {
    fn from(percentage: Percentage) -> Self {
        Self::from(percentage.0) / Self::from(Percentage::STEPS)
    }
}

/// Whole ones without a point.
impl Serialize for Percentage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0 / Self::STEPS, self.0 % Self::STEPS) {
            (whole, 0) => serializer.serialize_u32(whole),
            _ => serializer.serialize_f64((*self).into()),
        }
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", f64::from(*self))
    }
}

/// A number that is no [`Percentage`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAPercentage {
    /// It is not from 0 to 100.
    #[error("{0} is not a percentage from 0 to 100")]
    Range(f64),
    /// It has more than four digits after the point.
    #[error("{0} is finer than the 0.0001 % that a percentage can tell apart")]
    TooFine(f64),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_percentage_says_why() {
        let why = |percent: f64| Percentage::try_from(percent).unwrap_err().to_string();
        insta::assert_snapshot!(why(-0.1), @"-0.1 is not a percentage from 0 to 100");
        insta::assert_snapshot!(why(100.01), @"100.01 is not a percentage from 0 to 100");
        insta::assert_snapshot!(why(f64::NAN), @"NaN is not a percentage from 0 to 100");
        insta::assert_snapshot!(why(f64::INFINITY), @"inf is not a percentage from 0 to 100");
        insta::assert_snapshot!(why(0.00005), @"0.00005 is finer than the 0.0001 % that a percentage can tell apart");
    }

    proptest! {
        #[test]
        fn each_step_survives_being_written(steps in 0u32..=1_000_000) {
            let percentage = Percentage(steps);
            let text = serde_json::to_string(&percentage).unwrap();
            prop_assert_eq!(serde_json::from_str::<Percentage>(&text).unwrap(), percentage);
        }
    }
}
