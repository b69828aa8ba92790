//! What lies behind the errors of others.

use std::error::Error;
use std::io;
use std::sync::Arc;

use crate::{ProbeClass, ProbeError};

/// A failure with its whole story as detail, in the class of the innermost cause that `known` knows: the layers around it
/// tell less.
pub(crate) fn failed(
    error: &(dyn Error + 'static),
    known: impl Fn(&(dyn Error + 'static)) -> Option<ProbeClass>,
) -> ProbeError {
    let class = causes(error).filter_map(known).last();
    ProbeError::new(class.unwrap_or(ProbeClass::Other), chain(error))
}

/// The class of an I/O error's kind.
fn of_io(kind: io::ErrorKind) -> Option<ProbeClass> {
    match kind {
        io::ErrorKind::ConnectionRefused => Some(ProbeClass::Refused),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected
        | io::ErrorKind::UnexpectedEof => Some(ProbeClass::Reset),
        io::ErrorKind::TimedOut => Some(ProbeClass::Timeout),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Some(ProbeClass::Protocol),
        _ => None,
    }
}

/// The class of an error of hyper's own; of one that only passes another on there is none.
#[cfg(any(feature = "http", feature = "instance"))]
pub(crate) fn of_hyper(error: &hyper::Error) -> Option<ProbeClass> {
    if error.is_parse() || spoke_first(error) {
        Some(ProbeClass::Protocol)
    } else if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        Some(ProbeClass::Reset)
    } else {
        None
    }
}

/// Whether bytes came before anything was asked, as from a server of SSH or mail. There is no other way to tell.
#[cfg(any(feature = "http", feature = "instance"))]
fn spoke_first(error: &hyper::Error) -> bool {
    error.to_string().starts_with("received unexpected message")
}

/// The resolver's failures have no kind of their own; this is how std words them.
fn of_resolver(error: &io::Error) -> Option<ProbeClass> {
    error.to_string().starts_with("failed to lookup address information").then_some(ProbeClass::Dns)
}

/// The class of what breaks a stream: I/O and TLS.
pub(crate) fn of_stream(error: &(dyn Error + 'static)) -> Option<ProbeClass> {
    #[cfg(any(feature = "http", feature = "postgres", feature = "redis"))]
    if error.is::<rustls::Error>() {
        return Some(ProbeClass::Tls);
    }
    error.downcast_ref().and_then(|error: &io::Error| of_io(error.kind()).or_else(|| of_resolver(error)))
}

/// The error and what caused it, with what an I/O error or an [`Arc`] wraps, which do not name it as their source.
pub(crate) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| wrapped(error).or_else(|| error.source()))
}

fn wrapped<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return error.get_ref().map(|error| error as _);
    }
    error.downcast_ref::<Arc<dyn Error + Send + Sync>>().map(|error| &**error as _)
}

/// Everything that the error and its causes say, once each.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut said: Vec<_> = causes(error).map(ToString::to_string).collect();
    said.dedup();
    said.join(": ")
}
