use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Cmd, FromRedisValue, Pipeline, RedisConnectionInfo, RedisResult, Value};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::address::{Address, InvalidAddress, Way};
use super::overheard::{Heard, Overheard};
use super::pushed::Inbox;
use super::trouble::{Secret, Trouble};

/// A server that can be connected to.
pub(super) struct Server {
    pub(super) address: Address,
    #[cfg(feature = "redis-tls")]
    tls: Option<super::tls::Tls>,
}

/// How long answers are waited for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patience {
    /// So long for each.
    Each(Duration),
    /// Until then for all of them: when it began, and how long.
    All(Instant, Duration),
}

/// A connection with the task that reads from it, which ends with it.
pub(super) struct Link {
    connection: MultiplexedConnection,
    heard: Heard,
    secret: Secret,
    patience: Patience,
    driver: JoinHandle<()>,
}

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Server {
    pub(super) fn parse(url: &str) -> Result<Self, InvalidAddress> {
        let address = Address::parse(url)?;
        #[cfg(feature = "redis-tls")]
        return Ok(Self { tls: super::tls::Tls::of(&address)?, address });
        #[cfg(not(feature = "redis-tls"))]
        if address.tls { Err(InvalidAddress::WithoutTls) } else { Ok(Self { address }) }
    }

    /// Connects and logs in by the protocol that every server speaks.
    pub(super) async fn link(&self, patience: Patience) -> Result<Link, Trouble> {
        let config = AsyncConnectionConfig::new();
        let mut link =
            patience.wait(self.connect(RedisConnectionInfo::default(), config, patience)).await??;
        for command in self.greeting() {
            match link.ask::<()>(&command).await {
                // By the newer protocol nobody would have minded.
                Err(trouble) if trouble.needless() => {}
                greeted => greeted?,
            }
        }
        Ok(link)
    }

    /// Connects and logs in by the protocol in which a server tells by itself: into this inbox.
    pub(super) async fn link_told(&self, inbox: &Arc<Inbox>, patience: Patience) -> Result<Link, Trouble> {
        let config = AsyncConnectionConfig::new().set_push_sender(inbox.sender());
        patience.wait(self.connect(self.address.resp3(), config, patience)).await?
    }

    /// The login word by word: the client itself would not say what the server says to it.
    fn greeting(&self) -> Vec<Cmd> {
        let login = &self.address.login;
        let mut greeting = Vec::new();
        if let Some(password) = login.password() {
            let mut command = redis::cmd("AUTH");
            login.username().map(|user| command.arg(user));
            greeting.push(command.arg(password).clone());
        }
        if login.db() != 0 {
            greeting.push(redis::cmd("SELECT").arg(login.db()).clone());
        }
        greeting
    }

    async fn connect(
        &self,
        login: RedisConnectionInfo,
        config: AsyncConnectionConfig,
        patience: Patience,
    ) -> Result<Link, Trouble> {
        let (heard, secret) = (Heard::default(), self.address.secret.clone());
        let stream = Overheard { stream: self.stream(patience).await?, heard: heard.clone() };
        let login = login.set_skip_set_lib_name();
        // Deadlines are ours.
        let config = config.set_response_timeout(None);
        let made = MultiplexedConnection::new_with_config(&login, stream, config).await;
        let (connection, driver) =
            made.map_err(|error| heard.explain(Trouble::of(&error, &secret), &secret))?;
        Ok(Link { connection, heard, secret, patience, driver: tokio::spawn(driver) })
    }

    async fn stream(&self, patience: Patience) -> Result<Box<dyn Stream>, Trouble> {
        let broken = |error: std::io::Error| Trouble::Broken(super::trouble::chain(&error));
        let stream = match &self.address.way {
            Way::Unix(path) => return Ok(Box::new(UnixStream::connect(path).await.map_err(broken)?)),
            Way::Tcp(host, port) => TcpStream::connect((host.as_str(), *port)).await.map_err(broken)?,
        };
        // An answer must not wait for a second packet; where the option is refused, it may.
        let _ = stream.set_nodelay(true);
        #[cfg(not(feature = "redis-tls"))]
        let _ = patience;
        #[cfg(feature = "redis-tls")]
        if let Some(tls) = &self.tls {
            return tls.over(stream, patience).await;
        }
        Ok(Box::new(stream))
    }
}

impl Patience {
    pub(super) fn all(limit: Duration) -> Self {
        Self::All(Instant::now(), limit)
    }

    pub(super) fn left(self) -> Duration {
        match self {
            Self::Each(limit) => limit,
            Self::All(begun, limit) => limit.saturating_sub(begun.elapsed()),
        }
    }

    fn whole(self) -> Duration {
        match self {
            Self::Each(limit) | Self::All(_, limit) => limit,
        }
    }

    async fn wait<T>(self, answer: impl Future<Output = T>) -> Result<T, Trouble> {
        timeout(self.left(), answer).await.map_err(|_| Trouble::Silent(self.whole()))
    }
}

impl Link {
    pub(super) fn set_patience(&mut self, patience: Patience) {
        self.patience = patience;
    }

    /// Sends a command and waits for its answer.
    pub(super) async fn ask<T: FromRedisValue>(&mut self, command: &Cmd) -> Result<T, Trouble> {
        let answer = self.patience.wait(command.query_async(&mut self.connection)).await?;
        self.understood(answer)
    }

    /// Sends commands in one go, and waits for the answer of each.
    pub(super) async fn ask_all(
        &mut self,
        commands: &Pipeline,
    ) -> Result<Vec<Result<Value, Trouble>>, Trouble> {
        let asking = self.connection.send_packed_commands(commands, 0, commands.len());
        let answers = self.patience.wait(asking).await?;
        let answers = self.understood(answers)?.into_iter();
        Ok(answers
            .map(|answer| match answer {
                Value::ServerError(error) => Err(Trouble::said(&error, &self.secret)),
                answer => Ok(answer),
            })
            .collect())
    }

    /// What an answer says, as what it should be.
    pub(super) fn read<T: FromRedisValue>(&self, answer: Value) -> Result<T, Trouble> {
        self.understood(redis::from_redis_value(answer).map_err(Into::into))
    }

    fn understood<T>(&self, answer: RedisResult<T>) -> Result<T, Trouble> {
        answer.map_err(|error| self.heard.explain(Trouble::of(&error, &self.secret), &self.secret))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Heard {
    /// What the server said first may be why it then broke the connection.
    fn explain(&self, trouble: Trouble, secret: &Secret) -> Trouble {
        match (&trouble, self.error()) {
            (Trouble::Broken(_), Some(error)) => Trouble::Said(secret.kept_out_of(&error)),
            (Trouble::Broken(_) | Trouble::Odd(_), None) if self.tls() => {
                Trouble::Broken("this port speaks TLS: write rediss://".to_owned())
            }
            (Trouble::Broken(why), None) if self.nothing() => {
                let text = format!("{why}, before it said anything (a port that speaks TLS wants rediss://)");
                Trouble::Broken(text)
            }
            _ => trouble,
        }
    }
}
