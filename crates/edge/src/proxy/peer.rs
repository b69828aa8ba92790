use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use http::HeaderValue;

use super::client_io::Phase;
use super::server::Closing;

/// Who is at the other end of a client connection, and how that connection does.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) ip: IpAddr,
    /// The address as it is written into `X-Forwarded-For`.
    pub(super) text: HeaderValue,
    pub(super) phase: Arc<Phase>,
    pub(super) closing: Arc<Closing>,
}

impl Peer {
    pub(super) fn new(addr: SocketAddr, phase: Arc<Phase>, closing: Arc<Closing>) -> Self {
        let ip = addr.ip().to_canonical();
        let text = HeaderValue::try_from(ip.to_string()).unwrap_or(HeaderValue::from_static("unknown"));
        Self { ip, text, phase, closing }
    }
}
