//! Records the requests of a `tower` service.
//!
//! [`RecordLayer`] times each request and tells the sink of its route how it ended. What it counts:
//!
//! | what happened | outcome |
//! |---|---|
//! | answered below 500; 4xx too, since the caller's mistake is not the release's | [`Ok`](crate::Outcome::Ok) |
//! | answered 5xx; an error of the service or of the body; a panic in either | [`Error`](crate::Outcome::Error) |
//! | the future or the body dropped before it was over, as servers do when the client leaves | [`Cancelled`](crate::Outcome::Cancelled) |
//!
//! A request is recorded exactly once, and without the last row the slowest requests would never appear: they are the
//! ones clients give up. A panic is an error even where a layer further out turns it into an answer.
//!
//! # Until when
//!
//! [`Until::BodyEnd`], the default, measures to the last byte given to the server; [`Until::Headers`] to the answer's
//! head. An answer without a body (to `HEAD` and `CONNECT`, with 1xx, 204 or 304) and one that is open-ended
//! (`text/event-stream`) are measured to the headers either way. Bytes the server has taken count as sent: how fast a
//! client reads shows only in as much as the server makes the body wait.
//!
//! # Cost
//!
//! Two clock reads and one clone of the clock's `Arc` beside what the route costs. Nothing is allocated.

mod body;
mod ended;
mod future;
mod guard;
mod layer;

pub use body::RecordBody;
pub use ended::{EndSink, Ended, Routes, StatusCounts};
pub use future::RecordFuture;
pub use layer::{Record, RecordLayer, Until};
