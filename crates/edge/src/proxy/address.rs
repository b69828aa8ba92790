//! Where an instance is reached: at an address, or by a name that is looked up for each new connection.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;

use tokio::net::TcpStream;

/// Where an instance listens.
///
/// # Examples
///
/// ```
/// # use handover_edge::proxy::Address;
/// let fixed: Address = "[::1]:3000".parse()?;
/// let looked_up: Address = "shop-blue.railway.internal:3000".parse()?;
/// assert_eq!([fixed.to_string(), looked_up.to_string()], ["[::1]:3000", "shop-blue.railway.internal:3000"]);
/// # Ok::<_, handover_edge::proxy::AddressError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address {
    /// An IP address and a port.
    Ip(SocketAddr),
    /// `host:port`. The name is resolved anew for each new connection, so it may mean other machines from one to the
    /// next; where it means several, each is tried until one accepts.
    Name(Arc<str>),
}

/// Neither `host:port` nor an IP address with a port.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address such as \"127.0.0.1:3000\" or \"shop-blue.railway.internal:3000\"")]
pub struct AddressError(String);

/// What the names of hosts may have, after RFC 1123; longer ones are in no DNS.
const LONGEST_NAME: usize = 253;

impl Address {
    pub(super) async fn connect(&self) -> io::Result<TcpStream> {
        match self {
            Self::Ip(addr) => TcpStream::connect(addr).await,
            Self::Name(name) => TcpStream::connect(&**name).await,
        }
    }
}

impl<T: Into<SocketAddr>> From<T> for Address {
    fn from(addr: T) -> Self {
        Self::Ip(addr.into())
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if let Ok(addr) = text.parse::<SocketAddr>() {
            return Ok(addr.into());
        }
        match text.rsplit_once(':') {
            Some((host, port)) if is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0) => {
                Ok(Self::Name(text.into()))
            }
            _ => Err(AddressError(text.to_owned())),
        }
    }
}

fn is_host(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    // Of digits and dots alone it would be a broken IP address.
    let named = text.contains(|c: char| c.is_ascii_alphabetic());
    named && text.len() <= LONGEST_NAME && text.chars().all(fits)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(addr) => addr.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_ip_address_or_a_name_with_a_port() {
        for good in ["127.0.0.1:3000", "[fd12::1]:3000", "localhost:1", "shop-blue.railway.internal:3000"] {
            assert_eq!(good.parse::<Address>().unwrap().to_string(), good);
        }
    }

    #[test]
    fn what_is_no_address_is_shown() {
        for bad in
            ["", "shop", "shop:", "shop:0", "shop:70000", ":3000", "http://shop:3000", "1.2.3:80", "a b:1"]
        {
            assert!(bad.parse::<Address>().is_err(), "{bad:?} is taken for an address");
        }
        let said = "http://shop:3000/".parse::<Address>().unwrap_err();
        insta::assert_snapshot!(said, @r#""http://shop:3000/" is not an address such as "127.0.0.1:3000" or "shop-blue.railway.internal:3000""#);
    }
}
