use std::fmt;
use std::sync::{Arc, LazyLock};

use super::{Block, Opaque};

/// What reads a body.
type Reader = Box<dyn FnOnce() -> (Block, Vec<Opaque>) + Send>;

/// The body of a function.
///
/// Most functions of a history are never called in it, so a body is read when somebody asks what it does, and once.
#[derive(Clone)]
pub struct Body(Arc<LazyLock<(Block, Vec<Opaque>), Reader>>);

impl Body {
    /// A body that `read` reads.
    pub(crate) fn later(read: impl FnOnce() -> (Block, Vec<Opaque>) + Send + 'static) -> Self {
        Self(Arc::new(LazyLock::new(Box::new(read))))
    }

    /// What it does.
    pub fn block(&self) -> &Block {
        &self.0.0
    }

    /// What in it could not be understood.
    pub fn opaque(&self) -> &[Opaque] {
        &self.0.1
    }
}

impl From<(Block, Vec<Opaque>)> for Body {
    /// A body that is read already, and what in it could not be understood.
    fn from(read: (Block, Vec<Opaque>)) -> Self {
        let body = Self::later(|| read);
        LazyLock::force(&body.0);
        body
    }
}

/// Bodies that do the same are the same.
impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        self.block() == other.block()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.block().fmt(f)
    }
}
