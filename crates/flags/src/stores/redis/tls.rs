use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::address::{Address, InvalidAddress, Way};
use super::link::Stream;
use super::trouble::{Trouble, chain};

/// How to speak TLS to one server.
pub(super) struct Tls {
    name: ServerName<'static>,
    config: Arc<ClientConfig>,
}

impl Tls {
    /// None for an address that wants none.
    pub(super) fn of(address: &Address) -> Result<Option<Self>, InvalidAddress> {
        let Way::Tcp(host, _) = &address.way else { return Ok(None) };
        if !address.tls {
            return Ok(None);
        }
        let mut config =
            handover_tls::client_config().map_err(|error| InvalidAddress::Tls(error.to_string()))?;
        // Redis is no protocol that could be chosen by name.
        config.alpn_protocols.clear();
        let name = ServerName::try_from(host.clone());
        let name = name.map_err(|error| InvalidAddress::Tls(error.to_string()))?;
        Ok(Some(Self { name, config: Arc::new(config) }))
    }

    /// Speaks TLS over this stream.
    pub(super) async fn over(&self, stream: TcpStream) -> Result<Box<dyn Stream>, Trouble> {
        let speaking = TlsConnector::from(Arc::clone(&self.config)).connect(self.name.clone(), stream).await;
        let stream = speaking.map_err(|error| Trouble::Broken(format!("TLS: {}", explained(&error))))?;
        Ok(Box::new(stream))
    }
}

fn explained(error: &std::io::Error) -> String {
    let text = chain(error);
    if text.contains("InvalidContentType") {
        "this port does not speak it: write redis://, or the port that does".to_owned()
    } else {
        text
    }
}
