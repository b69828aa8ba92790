mod difference;
mod env;
mod layered;
mod memory;

pub(crate) use self::difference::difference;
pub use self::env::EnvStore;
pub use self::layered::Layered;
pub use self::memory::MemoryStore;
