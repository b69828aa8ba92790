use std::fmt;
use std::thread;

use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{Mutex, oneshot};

use crate::{ProbeClass, ProbeError};

/// A call that blocks, on a thread of its own and at most one at a time.
///
/// Such a call cannot be cancelled. One that hangs is waited for by the next check and never joined by a second: so a
/// probe holds one thread at most, and neither tokio's pool nor its shutdown waits for it.
pub(super) struct Blocking<T> {
    running: Mutex<Option<oneshot::Receiver<T>>>,
}

impl<T: Send + 'static> Blocking<T> {
    /// What `call` gives; or what an earlier one gives that is still running.
    ///
    /// # Errors
    ///
    /// [`ProbeClass::Exhausted`]: there is no thread to be had. [`ProbeClass::Panicked`]: the call did.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the call running, for the next one to wait for.
    pub(super) async fn run(&self, call: impl FnOnce() -> T + Send + 'static) -> Result<T, ProbeError> {
        let mut running = self.running.lock().await;
        // What was given to nobody is old by now.
        let unanswered = running.take().and_then(unanswered);
        let given = running.insert(unanswered.map_or_else(|| started(call), Ok)?).await;
        *running = None;
        given.map_err(|_| ProbeError::new(ProbeClass::Panicked, "a blocking call"))
    }
}

fn unanswered<T>(mut call: oneshot::Receiver<T>) -> Option<oneshot::Receiver<T>> {
    matches!(call.try_recv(), Err(TryRecvError::Empty)).then_some(call)
}

fn started<T: Send + 'static>(
    call: impl FnOnce() -> T + Send + 'static,
) -> Result<oneshot::Receiver<T>, ProbeError> {
    let (sender, receiver) = oneshot::channel();
    let thread = thread::Builder::new().name("health-probe".into());
    let spawned = thread.spawn(move || drop(sender.send(call())));
    spawned.map_err(|error| ProbeError::new(ProbeClass::Exhausted, format!("no thread: {error}")))?;
    Ok(receiver)
}

impl<T> Default for Blocking<T> {
    fn default() -> Self {
        Self { running: Mutex::new(None) }
    }
}

impl<T> fmt::Debug for Blocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_call_that_hangs_is_waited_for_and_no_second_is_made() {
        let (calls, (go, wait)) = (Blocking::default(), mpsc::channel::<()>());
        let hung = calls.run(move || wait.recv().map_or("ended", |()| "first"));
        assert!(timeout(Duration::from_millis(20), hung).await.is_err());
        let mut second = pin!(calls.run(|| "second"));
        assert!(timeout(Duration::from_millis(20), &mut second).await.is_err());
        go.send(()).unwrap();
        assert_eq!(second.await, Ok("first"));
        assert_eq!(calls.run(|| "third").await, Ok("third"));
    }

    #[tokio::test]
    async fn an_answer_that_nobody_waited_for_is_not_given_to_the_next() {
        let (calls, (go, wait)) = (Blocking::default(), mpsc::channel::<()>());
        let (over, ended) = mpsc::channel::<()>();
        let hung = calls.run(move || {
            let _over = over;
            wait.recv().map_or("ended", |()| "old")
        });
        assert!(timeout(Duration::from_millis(20), hung).await.is_err());
        go.send(()).unwrap();
        assert!(ended.recv().is_err());
        // The thread drops its end of `over` just before it hands over its answer.
        while calls.running.lock().await.as_ref().is_some_and(oneshot::Receiver::is_empty) {
            tokio::task::yield_now().await;
        }
        assert_eq!(calls.run(|| "new").await, Ok("new"));
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let calls = Blocking::<()>::default();
        let error = calls.run(|| panic!("on purpose")).await.expect_err("no answer");
        assert_eq!(error.class(), ProbeClass::Panicked);
    }
}
