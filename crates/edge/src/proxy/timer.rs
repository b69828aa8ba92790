use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::{Instant, Sleep, sleep_until};

/// A deadline that is moved with nearly every request but hardly ever passes.
///
/// The runtime's timer is left where it is while the deadline moves away, and set anew only when it fires early:
/// moving it each time would cost a lock each time.
#[derive(Debug, Default)]
pub(super) struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// Ready once `deadline` has passed; otherwise the task is woken for it.
    pub(super) fn poll_at(&mut self, cx: &mut Context<'_>, deadline: Instant) -> Poll<()> {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if sleep.deadline() > deadline {
            sleep.as_mut().reset(deadline);
        }
        while sleep.as_mut().poll(cx).is_ready() {
            if sleep.deadline() >= deadline {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(deadline);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_deadline_is_kept_however_often_it_was_moved() {
        let (begin, mut timer) = (Instant::now(), Timer::default());
        for seconds in [5, 7, 3, 9, 2] {
            let deadline = begin + Duration::from_secs(seconds);
            let first = poll_fn(|cx| Poll::Ready(timer.poll_at(cx, deadline))).await;
            assert!(first.is_pending());
        }
        poll_fn(|cx| timer.poll_at(cx, begin + Duration::from_secs(6))).await;
        assert_eq!(begin.elapsed().as_secs(), 6);
    }
}
