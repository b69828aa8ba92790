use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::address::{Address, InvalidAddress, Way};
use super::link::{Patience, Stream};
use super::trouble::{Trouble, chain};

/// What is probably wrong.
const WRONG_PORT: &str = "a port that does not speak it wants redis://";

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

    /// Speaks TLS over this stream. A server that speaks none may say nothing at all.
    pub(super) async fn over(
        &self,
        stream: TcpStream,
        patience: Patience,
    ) -> Result<Box<dyn Stream>, Trouble> {
        let speaking = TlsConnector::from(Arc::clone(&self.config)).connect(self.name.clone(), stream);
        // A little less than all the time that there is, to be the first to say so.
        match timeout(patience.left().mul_f64(0.9), speaking).await {
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            Ok(Err(error)) => Err(Trouble::Broken(format!("TLS: {}", explained(&error)))),
            Err(_) => Err(Trouble::Broken(format!("TLS: no answer; {WRONG_PORT}"))),
        }
    }
}

fn explained(error: &std::io::Error) -> String {
    let text = chain(error);
    if text.contains("InvalidContentType") { WRONG_PORT.to_owned() } else { text }
}
