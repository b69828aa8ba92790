//! What an examination of a platform finds, as data: whoever shows it decides how.

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// A deployment works, with less certainty or comfort.
    Warn,
    /// A deployment without downtime is impossible like this.
    Refuse,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, in a word or two.
    pub name: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// What to do about it.
    pub next: Option<String>,
}

impl Finding {
    /// All is well with `name`.
    pub fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Ok, found: found.into(), next: None }
    }

    /// `name` could be better; `next` says how.
    pub fn warn(name: &'static str, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Warn, found: found.into(), next: Some(next.into()) }
    }

    /// `name` makes a deployment impossible; `next` says what to do.
    pub fn refuse(name: &'static str, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Refuse, found: found.into(), next: Some(next.into()) }
    }
}
