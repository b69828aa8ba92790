use serde_json::Value;

use super::reply::{Call, Reply};

/// One exchange, for tests that compare it with the published description.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct VercelRecorded {
    /// `GET`, `POST`, …
    pub method: String,
    /// As it was asked for.
    pub path: String,
    /// The operation's path in the published description; `None` for a request that was turned away at the door.
    pub operation: Option<&'static str>,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// What was sent, where it was JSON.
    pub body: Option<Value>,
    /// The answer's status.
    pub status: u16,
    /// The answer's body, where there was one.
    pub answer: Option<Value>,
}

impl VercelRecorded {
    pub(super) fn new(
        call: &Call,
        path: &str,
        sent: &[u8],
        operation: Option<&'static str>,
        reply: &Reply,
    ) -> Self {
        Self {
            method: call.method.clone(),
            path: path.to_owned(),
            operation,
            query: call.query.clone(),
            body: (!sent.is_empty()).then(|| call.body.clone()),
            status: reply.status,
            answer: reply.body.clone(),
        }
    }

    /// Whether it asked for a change.
    pub fn is_write(&self) -> bool {
        self.method != "GET"
    }
}
