use std::fmt;
use std::time::Duration;

/// Where Redis is and how it is used; the same for publishers and collectors of one service.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// `redis://[user:password@]host[:port][/database]`, or `unix:///path`. Never shown.
    pub url: String,
    /// What keys begin with; one for each service.
    pub prefix: String,
    /// How long Redis keeps a slice. Longer than the longest window that is read, and than collectors' pauses.
    pub keep: Duration,
    /// How many slices wait while Redis does not take them; past that the oldest goes.
    pub backlog: usize,
    /// How long to wait for a connection, and for an answer.
    pub patience: Duration,
    /// How long to wait after the first failure; twice as long after each further one, up to fifty times.
    pub pause: Duration,
}

impl Options {
    /// Slices are kept for 20 minutes, 900 of them may wait, and Redis has a second to answer.
    pub fn new(url: impl Into<String>, prefix: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            prefix: prefix.into(),
            keep: Duration::from_mins(20),
            backlog: 900,
            patience: Duration::from_secs(1),
            pause: Duration::from_millis(100),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Options");
        shown.field("prefix", &self.prefix).field("keep", &self.keep).field("backlog", &self.backlog);
        shown.field("patience", &self.patience).field("pause", &self.pause).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn a_password_is_not_shown() {
        assert!(!format!("{:?}", Options::new("redis://:secret@localhost", "shop")).contains("secret"));
    }
}
