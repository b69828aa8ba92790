use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::WebAddress;

/// The edge of one's own (`handover edge`) whose shares are moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemoteEdge {
    /// Where it is administered, such as `https://shop-edge-admin.example.com/`.
    pub(crate) address: WebAddress,
    /// The file with its token, relative to this file. Without it the token is `$HANDOVER_EDGE_TOKEN`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token_file: Option<PathBuf>,
}
