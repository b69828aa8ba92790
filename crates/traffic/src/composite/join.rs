use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// Runs all at once, and returns what each returned, in order.
pub(super) async fn all<T>(mut calls: Vec<Pin<Box<dyn Future<Output = T> + Send + '_>>>) -> Vec<T>
where
    T: Send,
{
    let mut done: Vec<Option<T>> = calls.iter().map(|_| None).collect();
    poll_fn(|cx| {
        for (call, slot) in calls.iter_mut().zip(&mut done) {
            if slot.is_none()
                && let Poll::Ready(answer) = call.as_mut().poll(cx)
            {
                *slot = Some(answer);
            }
        }
        if done.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}
