use serde::Serialize;

use crate::FlagName;

/// How the flags in the code and the flags in the store fit together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RegistryReport {
    /// Names that were read and that neither the code declares nor the store has: typing errors, most often. At most 100.
    pub unknown: Vec<String>,
    /// Declared in the code, and not in the store: their safe values apply.
    pub unset: Vec<FlagName>,
    /// In the store, and not declared in this code.
    pub undeclared: Vec<FlagName>,
    /// Declared, and never read in this process; empty where reads are not counted.
    pub never_evaluated: Vec<FlagName>,
    /// Past the day by which they were to be out of the code.
    pub stale: Vec<FlagName>,
}
