use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::{ProbeClass, ProbeError, cause};

/// What a server says to one client too many, and then hangs up.
const FULL: &str = "max number of clients reached";

/// `heard` is what the server said first: it may have said why it then broke the connection.
pub(super) fn failed(error: &RedisError, heard: &str) -> ProbeError {
    let detail =
        if heard.is_empty() { cause::chain(error) } else { format!("{}: {heard}", cause::chain(error)) };
    let class = if heard.contains(FULL) { ProbeClass::Exhausted } else { class(error) };
    ProbeError::new(class, detail)
}

fn class(error: &RedisError) -> ProbeClass {
    match error.kind() {
        ErrorKind::AuthenticationFailed => ProbeClass::Auth,
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => ProbeClass::Protocol,
        ErrorKind::Io => {
            cause::causes(error).filter_map(cause::of_stream).last().unwrap_or(ProbeClass::Other)
        }
        ErrorKind::Server(kind) => of_kind(kind),
        ErrorKind::Extension => of_code(error.code().unwrap_or_default()),
        _ => ProbeClass::Other,
    }
}

fn of_kind(kind: ServerErrorKind) -> ProbeClass {
    match kind {
        ServerErrorKind::BusyLoading
        | ServerErrorKind::MasterDown
        | ServerErrorKind::ClusterDown
        | ServerErrorKind::TryAgain => ProbeClass::Unready,
        _ => ProbeClass::Rejected,
    }
}

/// The class of an error whose first word the client has no name for.
fn of_code(code: &str) -> ProbeClass {
    match code {
        "NOAUTH" | "WRONGPASS" => ProbeClass::Auth,
        // A script that does not end.
        "BUSY" => ProbeClass::Unready,
        "OOM" => ProbeClass::Exhausted,
        _ => ProbeClass::Rejected,
    }
}
