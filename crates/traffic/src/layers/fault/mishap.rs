use std::io;
use std::time::Duration;

use crate::{BoxError, SwitchError};

/// How the layer calls itself in errors.
const NAME: &str = "the faulty path";

/// What befalls one call on its way to the backend or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mishap {
    /// The backend does it, and its answer is lost: `Unconfirmed`.
    LostAck,
    /// The backend never hears of it, and nobody can tell: `Unconfirmed`.
    LostRequest,
    /// The connection is reset before the backend has read the call. The caller cannot know that: `Unconfirmed`.
    ResetBefore,
    /// The connection is reset once the backend has done it. The caller cannot know that: `Unconfirmed`.
    ResetAfter,
    /// The call is overtaken by the next one, of any method, and reaches the backend only then: `Unconfirmed` now.
    ///
    /// For `observe` and `drain`, whose late answers nobody reads, this is [`Mishap::LostRequest`].
    Reorder,
    /// The call reaches the backend this much later.
    Delay(Duration),
    /// The answer comes back this much later; a caller that gives up meanwhile has changed something.
    LateAck(Duration),
    /// The backend dies in the middle of a change, each weight halfway: `Unconfirmed`.
    ///
    /// Where the backend claims `atomic`, or cannot express the middle, a change has no middle to die in: this is
    /// then [`Mishap::LostRequest`]. So it is for `observe` and `drain`.
    Partial,
    /// The backend says no, having changed nothing: `Refused`.
    Refused,
    /// The backend asks to come back after this long, having changed nothing: `Throttled` (HTTP's 429 with
    /// Retry-After).
    Throttled(Duration),
}

/// Makes the call as the mishap has it.
pub(super) async fn strike<T, F>(mishap: Option<Mishap>, call: impl FnOnce() -> F) -> Result<T, SwitchError>
where
    F: Future<Output = Result<T, SwitchError>>,
{
    match mishap {
        None => call().await,
        Some(Mishap::Delay(by)) => {
            tokio::time::sleep(by).await;
            call().await
        }
        Some(Mishap::LateAck(by)) => {
            let answer = call().await;
            tokio::time::sleep(by).await;
            answer
        }
        Some(Mishap::LostAck) => {
            call().await?;
            Err(unconfirmed("the answer was lost"))
        }
        Some(Mishap::ResetAfter) => {
            // A refusal is lost as an acknowledgement is: the caller sees the reset alone.
            let _ = call().await;
            Err(unconfirmed(reset()))
        }
        Some(mishap) => Err(mishap.unheard()),
    }
}

impl Mishap {
    /// What the caller is told of a call that has not reached the backend.
    fn unheard(self) -> SwitchError {
        match self {
            Self::Refused => SwitchError::Refused { backend: NAME, source: "scripted to refuse".into() },
            Self::Throttled(after) => SwitchError::Throttled { backend: NAME, after },
            Self::ResetBefore => unconfirmed(reset()),
            Self::Partial => unconfirmed("the backend stopped in the middle"),
            _ => unconfirmed("the request was lost"),
        }
    }
}

fn reset() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

fn unconfirmed(why: impl Into<BoxError>) -> SwitchError {
    SwitchError::Unconfirmed { backend: NAME, after: Duration::ZERO, source: Some(why.into()) }
}
