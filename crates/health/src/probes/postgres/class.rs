use sqlx::Error;

use crate::{ProbeClass, ProbeError, cause};

/// What sqlx says where a server closes the connection instead of answering the question for TLS.
const CLOSED_AT_TLS: &str = "SSLRequest: 0x00";

pub(super) fn failed(error: &Error) -> ProbeError {
    let broken = cause::failed(error, cause::of_stream);
    class(error).map_or(broken.clone(), |class| ProbeError::new(class, broken.detail()))
}

/// The class of an error that is no broken stream's.
fn class(error: &Error) -> Option<ProbeClass> {
    match error {
        Error::Database(error) => Some(error.code().map_or(ProbeClass::Rejected, |code| of_state(&code))),
        Error::Tls(_) => Some(ProbeClass::Tls),
        Error::Protocol(said) if said.contains(CLOSED_AT_TLS) => Some(ProbeClass::Reset),
        Error::Protocol(_) | Error::Decode(_) => Some(ProbeClass::Protocol),
        Error::PoolTimedOut => Some(ProbeClass::Exhausted),
        _ => None,
    }
}

/// The class of one of PostgreSQL's five-letter states.
fn of_state(state: &str) -> ProbeClass {
    match state {
        // Still starting, or recovering.
        "57P03" => ProbeClass::Unready,
        // The server closes connections: it is shut down, or took this one to be idle too long.
        "57P01" | "57P02" | "57P05" | "25P03" => ProbeClass::Reset,
        "57014" => ProbeClass::Timeout,
        "08P01" => ProbeClass::Protocol,
        state if state.starts_with("28") => ProbeClass::Auth,
        state if state.starts_with("53") => ProbeClass::Exhausted,
        state if state.starts_with("08") => ProbeClass::Reset,
        _ => ProbeClass::Rejected,
    }
}
