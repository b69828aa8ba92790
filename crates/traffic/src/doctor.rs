//! What a look at a platform found, as data: the command line prints it and decides what to do about it.

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and there is something to know.
    Warn,
    /// A deployment without downtime is impossible like this.
    Refuse,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, in a word or two.
    pub name: &'static str,
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// What to do about it.
    pub next: Option<String>,
}

impl Finding {
    /// As it should be.
    pub fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Ok, found: found.into(), next: None }
    }

    /// Something to know.
    pub fn warn(name: &'static str, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Warn, found: found.into(), next: Some(next.into()) }
    }

    /// Something that has to change first.
    pub fn refuse(name: &'static str, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Refuse, found: found.into(), next: Some(next.into()) }
    }
}
