use std::path::PathBuf;

use handover_flags::FlagName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{Flag, FlagStoreAddress, Name};

/// Where feature flags are kept, and which of them a deployment sets.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Flags {
    /// Where they are kept, without a password: `redis://HOST:6379/0`, `rediss://HOST:6379/0` or `file:flags.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) store: Option<FlagStoreAddress>,
    /// The variable that holds the address, for one with a password. It has to be in the environment of whoever drives a
    /// deployment: the agent, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) store_env: Option<Name>,
    /// A file that only you can read, whose first line is the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) store_file: Option<PathBuf>,
    /// Flags that a deployment sets, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) set: Vec<FlagSet>,
}

/// A flag that a deployment sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlagSet {
    /// Which flag.
    pub(crate) flag: Flag,
    /// On or off.
    pub(crate) to: bool,
    /// When.
    pub(crate) at: FlagMoment,
    /// What becomes of it when the release is taken back.
    #[serde(default)]
    pub(crate) on_rollback: OnRollback,
}

impl FlagSet {
    /// Which flag.
    pub(crate) fn name(&self) -> &FlagName {
        self.flag.name()
    }
}

/// When a deployment sets a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FlagMoment {
    /// Before the new release is launched.
    BeforeLaunch,
    /// After its smoke tests, before its first traffic.
    BeforeShift,
    /// Once it has all of the traffic, and that is proven.
    AtFull,
    /// After the bake, before it becomes stable.
    AfterBake,
}

/// What becomes of a flag when the release is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OnRollback {
    /// It is as before, unless somebody else has changed it.
    #[default]
    Restore,
    /// It stays.
    Keep,
    /// It is turned off, whether the deployment had set it or not.
    Kill,
}
