//! From an address to a store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use handover_flags::{EnvStore, FileStore, FlagStore, RedisStore};
use handover_rollout::FlagStoreAt;

use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::nearest;

const ATTEMPTED: &str = "could not find the flags";
const REDIS: [&str; 6] = ["redis", "rediss", "valkey", "valkeys", "redis+unix", "unix"];
const SCHEMES: [&str; 5] = ["redis", "rediss", "valkey", "file", "env"];

/// The store at this address, in which a relative path begins at `folder`. Connects to nothing.
///
/// # Errors
///
/// [`Exit::Usage`]: it is no such address. What was given is not repeated, since it may hold a password.
pub(crate) fn open(at: &str, folder: &Path) -> Result<Arc<dyn FlagStore>, Failure> {
    let (scheme, rest) = at.split_once(':').unwrap_or(("", at));
    match scheme {
        redis if REDIS.contains(&redis) => match RedisStore::new(at) {
            Ok(store) => Ok(Arc::new(store)),
            Err(error) => Err(Failure::new(ATTEMPTED, Exit::Usage).because_of(&error)),
        },
        "file" if !rest.is_empty() => Ok(Arc::new(FileStore::new(path(rest, folder)))),
        "env" if rest.is_empty() => Ok(Arc::new(EnvStore::new())),
        other => Err(unknown(other)),
    }
}

/// The store that a plan or the settings name; a relative path begins at `folder`.
///
/// # Errors
///
/// As for [`open`], and where the variable or the file that holds the address cannot be read.
pub(crate) fn open_at(at: &FlagStoreAt, folder: &Path) -> Result<Arc<dyn FlagStore>, Failure> {
    match at {
        FlagStoreAt::Address(address) => open(address, folder),
        FlagStoreAt::Variable(name) => match std::env::var(name) {
            Ok(address) if !address.is_empty() => {
                open(&address, folder).map_err(|failure| failure.because(format!("it is the value of {name}")))
            }
            _ => Err(Failure::new(ATTEMPTED, Exit::Usage)
                .because(format!("{name} is not set in the environment, and is to hold their address"))
                .hint(format!("set {name}, for the agent too where there is one, or name a file: `store_file` under `[flags]`"))),
        },
        FlagStoreAt::File(file) => open_in(file, folder),
    }
}

fn open_in(file: &Path, folder: &Path) -> Result<Arc<dyn FlagStore>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::new(ATTEMPTED, Exit::Usage)
            .because(format!("{} is to hold their address", file.display()))
            .because_of(&error)
    })?;
    let address = text.lines().next().unwrap_or_default().trim();
    open(address, folder)
        .map_err(|failure| failure.because(format!("it is the first line of {}", file.display())))
}

fn path(rest: &str, folder: &Path) -> PathBuf {
    folder.join(rest.strip_prefix("//").unwrap_or(rest))
}

/// What stands before the colon is shown only where it can be no part of a secret.
fn unknown(scheme: &str) -> Failure {
    let failure = Failure::new(ATTEMPTED, Exit::Usage);
    let harmless = scheme.len() <= 12 && scheme.chars().all(|c| c.is_ascii_lowercase());
    let failure = match scheme {
        "file" => failure.because("`file:` names no file"),
        "env" => failure.because("`env:` stands alone"),
        _ if harmless && !scheme.is_empty() => failure.because(format!("`{scheme}:` is no kind of store")),
        _ => failure.because("what was given does not begin with a kind of store"),
    };
    match nearest(scheme, SCHEMES.into_iter()).filter(|_| harmless && !SCHEMES.contains(&scheme)) {
        Some(near) => failure.hint(format!("did you mean `{near}:`?")),
        None => failure.hint("there are redis://HOST:6379/0, rediss://HOST:6379/0, file:PATH and env:"),
    }
}
