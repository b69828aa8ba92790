use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};

/// A connection out of the application's pool. Unless it is given back it is closed, and the pool may open another: one
/// with an answer still under way is nobody's to use.
pub(super) struct Lent(Option<PoolConnection<Postgres>>);

impl Lent {
    pub(super) const fn new(connection: PoolConnection<Postgres>) -> Self {
        Self(Some(connection))
    }

    /// There until the value is given back or dropped.
    pub(super) fn connection(&mut self) -> Option<&mut PgConnection> {
        self.0.as_deref_mut()
    }

    /// Puts it back into the pool.
    pub(super) fn give_back(mut self) {
        self.0 = None;
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}
