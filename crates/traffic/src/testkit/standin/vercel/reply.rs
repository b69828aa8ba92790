use serde_json::{Value, json};

/// What is answered; without a body there is no content type either.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Option<Value>,
}

impl Reply {
    pub(super) const fn json(status: u16, body: Value) -> Self {
        Self { status, body: Some(body) }
    }

    pub(super) const fn nothing(status: u16) -> Self {
        Self { status, body: None }
    }

    pub(super) const fn is_success(&self) -> bool {
        self.status < 300
    }
}

/// A refusal in the platform's shape.
pub(super) fn refuse(status: u16, code: &str, message: &str) -> Reply {
    Reply::json(status, json!({ "error": { "code": code, "message": message } }))
}

/// A request, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Value,
}

impl Call {
    pub(super) fn asked(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == key).map(|(_, word)| word.as_str())
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.body.get(key)?.as_str()
    }
}
