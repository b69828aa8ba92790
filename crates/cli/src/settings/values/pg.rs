use std::fmt;
use std::str::FromStr;

use handover_migrate_guard::PgVersion;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A major version of PostgreSQL: a number in the file, also `15.4` where it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "i64", into = "u16")]
#[schemars(extend("minimum" = 12, "maximum" = 18))]
pub(crate) struct Pg(#[schemars(with = "u16")] PgVersion);

impl Pg {
    /// The version itself.
    pub(crate) const fn get(self) -> PgVersion {
        self.0
    }
}

impl TryFrom<i64> for Pg {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        let major = u16::try_from(number).ok().and_then(|major| PgVersion::new(major).ok());
        major.map(Self).ok_or_else(|| unknown(number))
    }
}

impl FromStr for Pg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| unknown(format!("{text:?}")))
    }
}

impl From<Pg> for u16 {
    fn from(pg: Pg) -> Self {
        pg.0.major()
    }
}

fn unknown(given: impl fmt::Display) -> String {
    format!(
        "{given} is not a version of PostgreSQL that is known, {} to {}",
        PgVersion::OLDEST,
        PgVersion::NEWEST
    )
}
