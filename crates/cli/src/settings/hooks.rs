use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::{Command, Period};

/// Commands run at fixed places of a deployment, by `sh -c` in the folder of this file, each once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Hooks {
    /// Before the new release is launched; a failure refuses the deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before_launch: Option<Command>,
    /// After the smoke tests, before its first traffic; a failure refuses the deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before_shift: Option<Command>,
    /// After the new release has become stable; a failure is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after_promote: Option<Command>,
    /// After traffic was taken back; a failure is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) on_rollback: Option<Command>,
    /// At the end of any deployment that did not promote; a failure is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) on_failure: Option<Command>,
    /// For each command.
    pub(crate) timeout: Period,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            before_launch: None,
            before_shift: None,
            after_promote: None,
            on_rollback: None,
            on_failure: None,
            timeout: Period::new(Duration::from_mins(5)),
        }
    }
}
