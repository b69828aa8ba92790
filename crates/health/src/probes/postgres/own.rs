use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::class::failed;
use super::probe::Query;
use crate::probes::deadline::within;
use crate::probes::kept::Kept;
use crate::probes::lookup::Lookup;
use crate::{Healthy, ProbeClass, ProbeError};

/// A connection that is the probe's alone.
pub(super) struct Own {
    options: PgConnectOptions,
    kept: Kept<PgConnection>,
    lookup: Lookup,
}

impl Own {
    pub(super) fn new(options: PgConnectOptions) -> Self {
        // What is asked belongs in nobody's log.
        let options = options.disable_statement_logging();
        Self { options, kept: Kept::default(), lookup: Lookup::default() }
    }

    pub(super) async fn check(&self, query: Query, deadline: Duration) -> Result<Healthy, ProbeError> {
        within(deadline, async { self.ask(query).await.map(|well| self.kept.put(well)) }).await
    }

    /// The connection that gave a good answer: the kept one, or one that is opened where it is gone. That a kept one was
    /// closed says nothing against the server.
    async fn ask(&self, query: Query) -> Result<PgConnection, ProbeError> {
        if let Some(mut connection) = self.kept.take() {
            match query.on(&mut connection).await {
                Ok(()) => return Ok(connection),
                Err(error) if error.class() == ProbeClass::Reset => {}
                Err(error) => return Err(error),
            }
        }
        let mut connection = self.connect().await?;
        query.on(&mut connection).await?;
        Ok(connection)
    }

    /// sqlx resolves the name once more, as it has to verify it; that it resolves at all is known by then.
    async fn connect(&self) -> Result<PgConnection, ProbeError> {
        let (host, port) = (self.options.get_host(), self.options.get_port());
        if self.options.get_socket().is_none() && !host.starts_with('/') {
            self.lookup.addresses(host, port).await?;
        }
        let connecting = Box::pin(PgConnection::connect_with(&self.options));
        connecting.await.map_err(|error| failed(&error))
    }
}
