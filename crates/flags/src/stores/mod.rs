mod difference;
mod env;
#[cfg(feature = "file")]
mod file;
mod layered;
mod memory;
#[cfg(feature = "redis")]
mod redis;

pub(crate) use self::difference::difference;
pub use self::env::EnvStore;
#[cfg(feature = "file")]
pub use self::file::FileStore;
pub use self::layered::Layered;
pub use self::memory::MemoryStore;
#[cfg(feature = "redis")]
pub use self::redis::{InvalidAddress, RedisStore};
