use std::path::PathBuf;
use std::sync::Arc;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, ConnectionAddr, IntoConnectionInfo as _, RedisConnectionInfo};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

use super::class::failed;
use super::overheard::{Heard, Overheard};
use crate::probes::place::Place;
use crate::{InvalidProbe, ProbeError, cause};

/// What an address looks like, for who gave another.
const EXAMPLE: &str = "redis://:password@host:6379/0";

/// Where a server is and how to log in there.
pub(super) struct Server {
    way: Way,
    login: RedisConnectionInfo,
}

enum Way {
    Tcp(Place),
    Tls(Place, Arc<ClientConfig>),
    Unix(PathBuf),
}

/// A connection with the task that reads from it, which ends with it.
pub(super) struct Link {
    connection: MultiplexedConnection,
    heard: Heard,
    driver: JoinHandle<()>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Server {
    /// Schemes with an `s` at their end want TLS; the client itself is not asked to speak it.
    pub(super) fn parse(url: &str) -> Result<Self, InvalidProbe> {
        let invalid = InvalidProbe::Address(EXAMPLE);
        let mut url =
            redis::parse_redis_url(url).filter(|url| url.fragment().is_none()).ok_or(invalid.clone())?;
        let tls = matches!(url.scheme(), "rediss" | "valkeys");
        if tls {
            url.set_scheme("redis").map_err(|()| invalid.clone())?;
        }
        let info = url.into_connection_info().map_err(|_| invalid.clone())?;
        let way = match info.addr() {
            ConnectionAddr::Tcp(host, port) if tls => Way::Tls(Place::new(host, *port), tls_config()?),
            ConnectionAddr::Tcp(host, port) => Way::Tcp(Place::new(host, *port)),
            ConnectionAddr::Unix(path) => Way::Unix(path.clone()),
            _ => return Err(invalid),
        };
        Ok(Self { way, login: info.redis_settings().clone().set_skip_set_lib_name() })
    }

    /// Connects and logs in.
    pub(super) async fn link(&self) -> Result<Link, ProbeError> {
        let heard = Heard::default();
        let stream = Overheard { stream: self.stream().await?, heard: heard.clone() };
        // Deadlines are the probe's.
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        let made = MultiplexedConnection::new_with_config(&self.login, stream, config).await;
        let (connection, driver) = made.map_err(|error| failed(&error, &heard.error()))?;
        Ok(Link { connection, heard, driver: tokio::spawn(driver) })
    }

    async fn stream(&self) -> Result<Box<dyn Stream>, ProbeError> {
        Ok(match &self.way {
            Way::Tcp(place) => Box::new(place.connect().await?),
            Way::Unix(path) => Box::new(UnixStream::connect(path).await.map_err(|error| broken(&error))?),
            Way::Tls(place, config) => {
                let name = ServerName::try_from(place.host().to_owned()).map_err(|error| broken(&error))?;
                let stream = place.connect().await?;
                let stream = TlsConnector::from(config.clone()).connect(name, stream).await;
                Box::new(stream.map_err(|error| broken(&error))?)
            }
        })
    }
}

impl Link {
    /// Sends a `PING` and waits for its answer.
    pub(super) async fn ping(&mut self) -> Result<(), ProbeError> {
        let answer: Result<(), _> = redis::cmd("PING").query_async(&mut self.connection).await;
        answer.map_err(|error| failed(&error, &self.heard.error()))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

fn broken(error: &(dyn std::error::Error + 'static)) -> ProbeError {
    cause::failed(error, cause::of_stream)
}

fn tls_config() -> Result<Arc<ClientConfig>, InvalidProbe> {
    let config = handover_tls::client_config().map_err(|error| InvalidProbe::Tls(error.to_string()));
    config.map(|mut config| {
        // Redis is no protocol that could be chosen by name.
        config.alpn_protocols.clear();
        Arc::new(config)
    })
}
