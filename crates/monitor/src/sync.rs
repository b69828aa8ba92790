//! What threads share, by one name: the standard library's, or loom's while the models run.

#[cfg(not(loom))]
mod real {
    pub(crate) use std::sync::Mutex;
    pub(crate) use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

    /// A box made by whoever needs it first: one pointer, so that finding it there is one load.
    pub(crate) use once_cell::race::OnceBox;
}

#[cfg(all(loom, test))]
mod modelled {
    pub(crate) use loom::sync::Mutex;
    pub(crate) use loom::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

    /// The one promise of the real one, modelled: who sees that there is a value sees all that led to it.
    #[derive(Debug)]
    pub(crate) struct OnceBox<T> {
        there: AtomicBool,
        value: std::sync::OnceLock<Box<T>>,
    }

    impl<T> OnceBox<T> {
        pub(crate) fn new() -> Self {
            Self { there: AtomicBool::new(false), value: std::sync::OnceLock::new() }
        }

        pub(crate) fn get(&self) -> Option<&T> {
            if self.there.load(Ordering::Acquire) { self.value.get().map(|value| &**value) } else { None }
        }

        pub(crate) fn get_or_init(&self, make: impl FnOnce() -> Box<T>) -> &T {
            if let Some(value) = self.get() {
                return value;
            }
            let value = self.value.get_or_init(make);
            // As with the real one, who comes second sees what the first has made.
            self.there.swap(true, Ordering::AcqRel);
            value
        }
    }
}

#[cfg(all(loom, test))]
pub(crate) use modelled::*;
#[cfg(not(loom))]
pub(crate) use real::*;

/// What a lock guards, also after a thread panicked with it: none of the guarded data is ever left half changed.
#[cfg(not(loom))]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(all(loom, test))]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> loom::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A reader begins again.
#[cfg(not(loom))]
pub(crate) fn wait_a_little() {
    std::hint::spin_loop();
}

/// Another thread's turn: loom would try for ever.
#[cfg(all(loom, test))]
pub(crate) fn wait_a_little() {
    loom::thread::yield_now();
}
