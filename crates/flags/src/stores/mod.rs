mod difference;
mod env;
mod layered;
mod memory;
#[cfg(feature = "redis")]
mod redis;

pub(crate) use self::difference::difference;
pub use self::env::EnvStore;
pub use self::layered::Layered;
pub use self::memory::MemoryStore;
#[cfg(feature = "redis")]
pub use self::redis::{InvalidAddress, RedisStore};
