use sqlx::Error;

use crate::{ProbeClass, ProbeError, cause};

/// What sqlx says where a server closes the connection instead of answering the question for TLS.
const CLOSED_AT_TLS: &str = "SSLRequest: 0x00";

pub(super) fn failed(error: &Error) -> ProbeError {
    ProbeError::new(class(error), cause::chain(error))
}

fn class(error: &Error) -> ProbeClass {
    match error {
        Error::Database(error) => error.code().map_or(ProbeClass::Rejected, |code| of_state(&code)),
        Error::Io(_) | Error::Tls(_) => of_cause(error),
        Error::Protocol(said) if said.contains(CLOSED_AT_TLS) => ProbeClass::Reset,
        Error::Protocol(_) | Error::Decode(_) => ProbeClass::Protocol,
        Error::PoolTimedOut => ProbeClass::Exhausted,
        Error::WorkerCrashed => ProbeClass::Reset,
        _ => ProbeClass::Other,
    }
}

fn of_cause(error: &Error) -> ProbeClass {
    let tls = matches!(error, Error::Tls(_)).then_some(ProbeClass::Tls);
    let found = cause::causes(error).filter_map(cause::of_stream).last();
    tls.or(found).unwrap_or(ProbeClass::Other)
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
