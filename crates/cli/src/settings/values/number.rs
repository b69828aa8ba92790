use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many times as slow; from 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "f64")]
pub(crate) struct Ratio(f64);

impl Ratio {
    /// Twice as slow.
    pub(crate) const TWO: Self = Self(2.0);

    /// The factor itself.
    pub(crate) const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Ratio {
    type Error = String;

    fn try_from(factor: f64) -> Result<Self, String> {
        // Written so that NaN is refused too.
        if (1.0..=100.0).contains(&factor) {
            Ok(Self(factor))
        } else {
            Err(format!("{factor} is not a factor between 1 and 100"))
        }
    }
}

impl FromStr for Ratio {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let factor: f64 = text.parse().map_err(|_| format!("{text:?} is no number"))?;
        Self::try_from(factor)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An HTTP status of a final answer, 200 to 599.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "i64")]
pub(crate) struct Status(u16);

impl Status {
    /// 200.
    pub(crate) const OK: Self = Self(200);

    /// The number.
    pub(crate) const fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<i64> for Status {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        match u16::try_from(number) {
            Ok(status @ 200..=599) => Ok(Self(status)),
            _ => Err(format!("{number} is not a final HTTP status, 200 to 599")),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
