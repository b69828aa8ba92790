//! Real servers and a broken network, for tests and benches.
//!
//! [`Postgres`] and [`Redis`] are the programs themselves, each in a temporary folder and on a port of its own, which can
//! be killed, frozen, held while they start, and revived. [`FaultProxy`] stands between a client and one of them and
//! breaks the connection as told. All of it ends with its value.
//!
//! A server whose program is not installed starts as `None`, and says `SKIPPED`; with `HANDOVER_TEST_NO_SKIP` set it
//! panics instead. Functions block while they wait for a server, which is a second or two where all is well, and panic
//! where it does not do as it should.

#![expect(clippy::unwrap_used, reason = "a test may panic; clippy sees only functions marked as tests")]
#![expect(clippy::missing_panics_doc, reason = "every function may")]

mod certificate;
mod found;
mod postgres;
mod process;
mod proxy;
mod redis;
#[cfg(feature = "truth")]
pub mod truth;
mod wait;

pub use self::certificate::Certificate;
pub use self::found::{found, skip};
pub use self::postgres::{Postgres, PostgresSettings};
pub use self::proxy::{Fault, FaultProxy};
pub use self::redis::Redis;
pub use self::wait::{free_port, until};
