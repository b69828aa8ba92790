use std::fmt;
use std::str::FromStr;

use handover_core::ReleaseId;
use serde::{Deserialize, Serialize};

/// Why a text names no endpoint and no instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadName {
    what: &'static str,
    text: String,
    because: &'static str,
}

/// A route template with its method, as `GET /users/{id}`: at most 256 bytes, no control character.
///
/// Never a raw path: templates are few, paths are as many as there are clients with ideas.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Endpoint(String);

/// Which of the processes of a service this is, as `web-3` or `10.0.0.7:8080`: at most 128 visible ASCII characters,
/// no `/`.
///
/// Two processes must not share a name and an epoch: their slices would pass for one another's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Instance(String);

/// What a series counts: the requests of one endpoint that one release answered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesName {
    /// The release that answered.
    pub release: ReleaseId,
    /// The endpoint that was asked.
    pub endpoint: Endpoint,
}

impl SeriesName {
    /// The series of an endpoint in a release.
    pub const fn new(release: ReleaseId, endpoint: Endpoint) -> Self {
        Self { release, endpoint }
    }
}

impl BadName {
    fn new(what: &'static str, text: &str, because: &'static str) -> Self {
        // A hostile name must not flood or colour the terminal that shows it.
        let text = text.chars().take(80).flat_map(char::escape_debug).collect();
        Self { what, text, because }
    }
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}` {}", self.what, self.text, self.because)
    }
}

impl std::error::Error for BadName {}

fn endpoint(text: &str) -> Result<(), &'static str> {
    match text {
        "" => Err("is empty"),
        long if long.len() > 256 => Err("is longer than 256 bytes"),
        other if other.chars().any(char::is_control) => Err("holds a control character"),
        _ => Ok(()),
    }
}

fn instance(text: &str) -> Result<(), &'static str> {
    match text {
        "" => Err("is empty"),
        long if long.len() > 128 => Err("is longer than 128 bytes"),
        other if !other.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/') => {
            Err("may hold only visible ASCII characters, and no /")
        }
        _ => Ok(()),
    }
}

macro_rules! name {
    ($type:ident, $what:literal, $check:ident) => {
        impl $type {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $type {
            type Error = BadName;

            fn try_from(text: String) -> Result<Self, BadName> {
                match $check(&text) {
                    Ok(()) => Ok(Self(text)),
                    Err(because) => Err(BadName::new($what, &text, because)),
                }
            }
        }

        impl FromStr for $type {
            type Err = BadName;

            fn from_str(text: &str) -> Result<Self, BadName> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name!(Endpoint, "endpoint", endpoint);
name!(Instance, "instance", instance);

impl fmt::Display for SeriesName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of {}", self.endpoint, self.release)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_names_say_why() {
        let endpoint = |text: &str| text.parse::<Endpoint>().unwrap_err().to_string();
        let instance = |text: &str| text.parse::<Instance>().unwrap_err().to_string();
        insta::assert_snapshot!(endpoint(""), @"endpoint `` is empty");
        insta::assert_snapshot!(endpoint("GET /\u{1b}[31m"), @r"endpoint `GET /\u{1b}[31m` holds a control character");
        assert!(endpoint(&"x".repeat(257)).ends_with("is longer than 256 bytes"));
        insta::assert_snapshot!(instance("web 1"), @"instance `web 1` may hold only visible ASCII characters, and no /");
        assert!(instance(&"x".repeat(129)).ends_with("is longer than 128 bytes"));
        assert!(instance("a/b").ends_with("and no /"));
        assert!("GET /users/{id}".parse::<Endpoint>().is_ok() && "10.0.0.7:8080".parse::<Instance>().is_ok());
    }
}
