use std::fmt;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError};

use super::options::Options;

/// What is wrong with Redis, in a line for a person. Never holds the address, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    doing: &'static str,
    why: String,
}

impl Trouble {
    pub(super) fn new(doing: &'static str, why: &RedisError) -> Self {
        Self { doing, why: why.to_string() }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "redis could not be {}: {}", self.doing, self.why)
    }
}

impl std::error::Error for Trouble {}

/// A connection that is made when it is needed, and given up when it fails.
#[derive(Debug)]
pub(super) struct Link {
    client: Client,
    config: AsyncConnectionConfig,
    connection: Option<MultiplexedConnection>,
}

impl Link {
    pub(super) fn new(options: &Options) -> Result<Self, Trouble> {
        let client = Client::open(&options.url[..]).map_err(|why| Trouble::new("used", &why))?;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(options.patience))
            .set_response_timeout(Some(options.patience));
        Ok(Self { client, config, connection: None })
    }

    pub(super) async fn connection(&mut self) -> Result<&mut MultiplexedConnection, Trouble> {
        let connection = if let Some(connection) = self.connection.take() {
            connection
        } else {
            let connecting = self.client.get_multiplexed_async_connection_with_config(&self.config);
            connecting.await.map_err(|why| Trouble::new("reached", &why))?
        };
        Ok(self.connection.insert(connection))
    }

    /// After an error nobody knows what the connection is worth.
    pub(super) fn give_up(&mut self) {
        self.connection = None;
    }
}
