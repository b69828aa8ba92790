use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use super::text::{BadValue, text_value};

/// Where users arrive: an IP address and a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listen(SocketAddr);

impl Listen {
    /// Any port of this machine that users cannot reach.
    pub(crate) const LOOPBACK: Self = Self(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0));

    /// The address itself.
    pub(crate) const fn get(self) -> SocketAddr {
        self.0
    }
}

impl FromStr for Listen {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        let refuse =
            |_| BadValue::new(text, "is not an address with a port, such as \"0.0.0.0:8080\" or \"[::]:80\"");
        text.parse().map(Self).map_err(refuse)
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(Listen, expects "an address such as \"0.0.0.0:8080\"", matches r"^.+:[0-9]{1,5}$");

/// The path of a request: begins with `/`, ready to be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UrlPath(String);

impl UrlPath {
    /// The path `/`.
    pub(in crate::settings) fn root() -> Self {
        Self("/".to_owned())
    }

    /// The path as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UrlPath {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Self, BadValue> {
        if !text.starts_with('/') {
            return Err(BadValue::new(text, "is not a path: it must begin with \"/\""));
        }
        let sendable = http::uri::PathAndQuery::from_str(text).is_ok_and(|parsed| parsed.as_str() == text);
        if !sendable || !text.is_ascii() {
            return Err(BadValue::new(
                text,
                "holds characters that cannot be sent in a request; percent-encode them",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for UrlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(UrlPath, expects "a path such as \"/health\"", matches r"^/[!-~]*$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_sent_as_it_was_written_or_refused() {
        assert_eq!("/health?full=1".parse::<UrlPath>().unwrap().as_str(), "/health?full=1");
        for bad in ["health", "", "http://x/", "/a b", "/ä", "/a\r\nx: y", "/a#b"] {
            assert!(bad.parse::<UrlPath>().is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn an_address_needs_a_port() {
        for bad in ["8080", "localhost:8080", "0.0.0.0", ":80", "0.0.0.0:99999"] {
            assert!(bad.parse::<Listen>().is_err(), "{bad:?} was accepted");
        }
        assert_eq!("[::]:80".parse::<Listen>().unwrap().get().port(), 80);
    }
}
