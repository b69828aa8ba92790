use std::fmt;
use std::str::FromStr;

use handover_flags::FlagName;

use super::text::{BadValue, text_value};

/// The name of a feature flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flag(FlagName);

impl Flag {
    /// The name.
    pub(crate) const fn name(&self) -> &FlagName {
        &self.0
    }
}

impl FromStr for Flag {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let name = FlagName::new(text);
        name.map(Self).map_err(|_| {
            BadValue::new(text, "is no name of a flag: 1 to 200 bytes on one line, no space at either end")
        })
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(Flag, expects "a flag's name such as \"new_checkout\"", matches r"^\S(.{0,198}\S)?$");
