//! One request over HTTP or HTTPS, by reqwest.

mod budget;
mod probe;
mod resolver;

pub use self::probe::HttpProbe;
