//! PostgreSQL, by sqlx.

mod class;
mod lent;
mod own;
mod pooled;
mod probe;

pub use self::probe::PostgresProbe;
