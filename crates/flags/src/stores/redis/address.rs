use std::fmt;
use std::path::PathBuf;

use redis::{ConnectionAddr, IntoConnectionInfo as _, ProtocolVersion, RedisConnectionInfo};

use super::trouble::Secret;

/// What an address looks like, for who gave another.
const EXAMPLE: &str = "redis://:password@host:6379/0";

/// Why a text is not where a Redis can be found. Never holds the text, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidAddress {
    /// It is something else.
    #[error("the address is not one such as `{EXAMPLE}`")]
    NoUrl,
    /// It wants TLS, which this program was built without.
    #[error("`rediss://` wants TLS, which is not built in: enable the feature `redis-tls` of handover-flags")]
    WithoutTls,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// Where a server is, and how to log in there.
pub(super) struct Address {
    pub(super) way: Way,
    pub(super) tls: bool,
    pub(super) login: RedisConnectionInfo,
    pub(super) secret: Secret,
}

/// The way to a server.
pub(super) enum Way {
    Tcp(String, u16),
    Unix(PathBuf),
}

impl Address {
    /// Schemes with an `s` at their end want TLS; the client itself is not asked to speak it.
    pub(super) fn parse(url: &str) -> Result<Self, InvalidAddress> {
        let none = InvalidAddress::NoUrl;
        let url = redis::parse_redis_url(url).filter(|url| url.fragment().is_none());
        let mut url = url.ok_or(InvalidAddress::NoUrl)?;
        let tls = matches!(url.scheme(), "rediss" | "valkeys");
        if tls {
            url.set_scheme("redis").map_err(|()| none.clone())?;
        }
        let info = url.into_connection_info().map_err(|_| none.clone())?;
        let way = match info.addr() {
            ConnectionAddr::Tcp(host, port) => Way::Tcp(host.clone(), *port),
            ConnectionAddr::Unix(path) => Way::Unix(path.clone()),
            _ => return Err(none),
        };
        let login = info.redis_settings().clone().set_skip_set_lib_name();
        Ok(Self { way, tls, secret: Secret::new(login.password()), login })
    }

    /// The number of the database.
    pub(super) fn database(&self) -> i64 {
        self.login.db()
    }

    /// How to log in by the new protocol.
    pub(super) fn resp3(&self) -> RedisConnectionInfo {
        self.login.clone().set_protocol(ProtocolVersion::RESP3)
    }
}

/// Without user and password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, database) = (if self.tls { "rediss" } else { "redis" }, self.database());
        match &self.way {
            Way::Tcp(host, port) if host.contains(':') => write!(f, "{scheme}://[{host}]:{port}/{database}"),
            Way::Tcp(host, port) => write!(f, "{scheme}://{host}:{port}/{database}"),
            Way::Unix(path) => write!(f, "redis+unix://{}?db={database}", path.display()),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_where_and_never_who() {
        let named: Vec<_> = [
            "redis://host",
            "redis://user:s3cret@host:7000/3",
            "rediss://:s3cret@[::1]/",
            "unix:///run/redis.sock?db=2&pass=s3cret",
        ]
        .iter()
        .map(|url| Address::parse(url).unwrap().to_string())
        .collect();
        insta::assert_snapshot!(named.join("\n"), @r"
        redis://host:6379/0
        redis://host:7000/3
        rediss://[::1]:6379/0
        redis+unix:///run/redis.sock?db=2
        ");
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_shown() {
        for url in ["postgres://host", "redis://:s3cret@host:port", "rediss://:s3cret@h/#insecure", "s3cret"]
        {
            let refused = Address::parse(url).unwrap_err().to_string();
            assert_eq!(refused, "the address is not one such as `redis://:password@host:6379/0`");
        }
    }
}
