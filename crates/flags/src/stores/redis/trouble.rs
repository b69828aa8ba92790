use std::fmt;
use std::time::Duration;

use redis::{RedisError, ServerError};

use crate::store::StoreError;

/// The longest that a server's own words are shown, in characters.
const SHOWN: usize = 300;
/// What a server says to one client too many, and then hangs up.
const FULL: &str = "max number of clients reached";

/// What went wrong with a question, in words without any secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The server said no.
    Said(String),
    /// The connection could not be made, or broke.
    Broken(String),
    /// Nothing came back for this long.
    Silent(Duration),
    /// What came back makes no sense.
    Odd(String),
}

/// What must not be shown, whoever says it: some servers repeat a command that they do not know, password included.
#[derive(Clone, Default)]
pub(super) struct Secret(Option<String>);

impl Secret {
    pub(super) fn new(password: Option<&str>) -> Self {
        Self(password.filter(|password| !password.is_empty()).map(str::to_owned))
    }

    /// The text without the password, and without arguments that a server repeats.
    pub(super) fn kept_out_of(&self, text: &str) -> String {
        let text = text.split(", with args beginning with").next().unwrap_or_default();
        let text = match &self.0 {
            Some(password) => text.replace(password.as_str(), "***"),
            None => text.to_owned(),
        };
        text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
}

impl Trouble {
    pub(super) fn said(error: &ServerError, secret: &Secret) -> Self {
        let text = format!("{} {}", error.code(), error.details().unwrap_or_default());
        Self::Said(secret.kept_out_of(text.trim_end()))
    }

    pub(super) fn of(error: &RedisError, secret: &Secret) -> Self {
        use redis::ErrorKind as Kind;
        let text = || secret.kept_out_of(&chain(error));
        match error.kind() {
            Kind::Server(_) | Kind::Extension => {
                let code = error.code().unwrap_or("ERR");
                let text = error.detail().map_or_else(|| error.to_string(), |said| format!("{code} {said}"));
                Self::Said(secret.kept_out_of(&text))
            }
            Kind::Io => Self::Broken(text()),
            _ => Self::Odd(text()),
        }
    }

    /// Whether the server let somebody in with a password though it wants none.
    pub(super) fn needless(&self) -> bool {
        matches!(self, Self::Said(text) if text.contains("without any password configured"))
    }

    /// The first word of what the server said.
    pub(super) fn code(&self) -> &str {
        match self {
            Self::Said(text) => text.split(' ').next().unwrap_or_default(),
            _ => "",
        }
    }

    /// Whether the server said no to this command itself, not to what it was for.
    pub(super) fn forbids(&self, command: &str) -> bool {
        let Self::Said(text) = self else { return false };
        let text = text.to_lowercase();
        let about = text.contains(&format!("'{command}'")) || text.contains(&format!("`{command}`"));
        about && (text.starts_with("noperm") || text.contains("unknown command"))
    }

    /// As an error where nothing can have changed.
    pub(super) fn unchanged(self, store: String) -> StoreError {
        if self.passes() {
            StoreError::Unreachable { store, source: self.into() }
        } else {
            StoreError::Refused { store, source: self.into() }
        }
    }

    /// As an error where a change was on its way.
    pub(super) fn on_its_way(self, store: String) -> StoreError {
        match self {
            Self::Said(_) => self.unchanged(store),
            _ => StoreError::Unconfirmed { store, source: self.into() },
        }
    }

    /// Whether it may be over in a moment.
    fn passes(&self) -> bool {
        let Self::Said(text) = self else { return true };
        text.contains(FULL)
            || matches!(
                self.code(),
                "LOADING" | "MASTERDOWN" | "CLUSTERDOWN" | "TRYAGAIN" | "BUSY" | "UNBLOCKED"
            )
    }

    /// What helps.
    fn hint(&self) -> Option<&'static str> {
        let Self::Said(text) = self else { return None };
        Some(match self.code() {
            "NOAUTH" => "the address holds no password",
            "WRONGPASS" => "the user or the password in the address is wrong",
            "NOPERM" => "an ACL of the server forbids it; flags need the keys ~feature*",
            "ERR" if text.contains("The user executing the script") => {
                "an ACL of the server forbids it; changes need SET, DEL, INCR, XADD and HSET"
            }
            "READONLY" => "this is a replica: changes go to the primary",
            "CROSSSLOT" | "MOVED" | "ASK" => "flags want one Redis, not a cluster",
            "DENIED" => "the server's protected mode lets nobody in from outside",
            _ => return None,
        })
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(text) | Self::Broken(text) => f.write_str(text)?,
            Self::Silent(after) => write!(f, "no answer within {after:?}")?,
            Self::Odd(text) => write!(f, "it does not answer as Redis does: {text}")?,
        }
        self.hint().map_or(Ok(()), |hint| write!(f, " ({hint})"))
    }
}

impl std::error::Error for Trouble {}

/// The error with what caused it, each once.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let mut said: Vec<_> = causes.map(ToString::to_string).collect();
    said.dedup();
    said.join(": ")
}
