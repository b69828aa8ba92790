//! What statements really do, as PostgreSQL itself shows it: what a claim about them is held against.
//!
//! Each statement runs in a transaction of its own. While that is open the server tells which locks it holds, and its
//! counters and catalogs tell what was scanned, rewritten, indexed and written, and what changed for code that knows the
//! old schema. Only relations that were there before the file are told of. Tables may be empty: all of it shows anyway.

mod contract;
mod locks;
mod observed;
mod schema;
mod session;
mod split;
#[cfg(test)]
mod tests;
mod tracer;
mod work;

pub use self::observed::{Observed, Touched};
pub use self::split::split;
pub use self::tracer::Tracer;
