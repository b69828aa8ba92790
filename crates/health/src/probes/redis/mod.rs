//! Redis, by the client of that name over a stream of our own: so names are resolved one at a time, TLS is the project's,
//! whatever provider the process has installed or has not, and what the server says before it hangs up is heard.

mod class;
mod link;
mod overheard;
mod probe;

pub use self::probe::RedisProbe;
