use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StateError;
use super::file::{self, Recovered};
use crate::local::{RouteRecord, RouteStore};

/// A state and its file.
#[derive(Debug)]
pub(crate) struct Store<S> {
    path: PathBuf,
    /// Held from reading the old state to having the new one on disk.
    writing: Mutex<()>,
    current: ArcSwap<S>,
}

impl<S: Clone + PartialEq + Serialize + DeserializeOwned + Recovered> Store<S> {
    /// Reads the state in `path`, and takes what `begin` makes of it, or of there being none.
    ///
    /// With `recover` a damaged file is replaced by the copy before it.
    pub(crate) fn load(
        path: PathBuf,
        recover: bool,
        begin: impl FnOnce(&Path, Option<S>) -> Result<S, StateError>,
    ) -> Result<Self, StateError> {
        let state = begin(&path, file::load(&path, recover)?)?;
        let store = Self { path, writing: Mutex::new(()), current: ArcSwap::from_pointee(state) };
        // Written at once: whoever cannot write must say so before it takes traffic.
        store.write(&store.get())?;
        Ok(store)
    }
}

impl<S: Clone + PartialEq + Serialize> Store<S> {
    /// The state now.
    pub(crate) fn get(&self) -> Arc<S> {
        self.current.load_full()
    }

    /// Changes the state; it is on disk when this returns. After an error nothing changed.
    pub(crate) fn update<T, E>(&self, change: impl FnOnce(&mut S) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StateError>,
    {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.get();
        let mut new = S::clone(&old);
        let answer = change(&mut new)?;
        if new != *old {
            self.write(&new)?;
            self.current.store(Arc::new(new));
        }
        Ok(answer)
    }

    /// Changes the state whether or not the disk takes it: for what must happen in an emergency.
    pub(crate) fn update_regardless(&self, change: impl FnOnce(&mut S)) {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut new = S::clone(&self.get());
        change(&mut new);
        if let Err(error) = self.write(&new) {
            tracing::error!(error = %crate::one_line(&error), "going on without having saved the state");
        }
        self.current.store(Arc::new(new));
    }

    fn write(&self, state: &S) -> Result<(), StateError> {
        file::save(&self.path, state).map_err(|source| StateError::Write { path: self.path.clone(), source })
    }
}

impl<S: Clone + PartialEq + Serialize + Send + Sync + 'static> Store<S> {
    /// [`Store::update`] off the threads that carry traffic: a sync to disk takes milliseconds.
    pub(crate) async fn change<T, E>(
        self: &Arc<Self>,
        change: impl FnOnce(&mut S) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StateError> + Send + 'static,
    {
        let store = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || store.update(change)).await;
        done.unwrap_or_else(|e| match e.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(StateError::Stopped.into()),
        })
    }
}

/// A state with the record of a route in it.
pub(crate) trait Routed {
    /// Takes the record up.
    fn set_route(&mut self, route: RouteRecord);
}

impl<S> RouteStore for Store<S>
where
    S: Clone + PartialEq + Serialize + Routed + std::fmt::Debug + Send + Sync,
{
    fn save(&self, record: &RouteRecord) -> std::io::Result<()> {
        self.update(|state| {
            state.set_route(record.clone());
            Ok::<_, StateError>(())
        })
        .map_err(std::io::Error::other)
    }
}
