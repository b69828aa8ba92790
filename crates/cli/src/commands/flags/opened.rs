//! From what was typed, or what the settings say, to a store.

use std::path::Path;
use std::sync::Arc;

use handover_flags::{EnvStore, FileStore, FlagStore, RedisStore};

use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::nearest;

const ATTEMPTED: &str = "could not find the flags";
const SCHEMES: [&str; 4] = ["redis", "rediss", "file", "env"];

/// The store that was typed, else that of the settings. Connects to nothing.
///
/// # Errors
///
/// [`Exit::Usage`]: neither says where, or it is no such place. What was typed is not repeated: it may hold a password.
pub(super) fn open(at: Option<&str>, context: &Context) -> Result<Arc<dyn FlagStore>, Failure> {
    match at {
        Some(at) => store(at, &context.folder),
        None => Err(nowhere()),
    }
}

fn nowhere() -> Failure {
    Failure::new(ATTEMPTED, Exit::Usage)
        .because("nothing says where they are")
        .hint("`--store redis://HOST:6379/0` says it for this once, `store = \"…\"` or `store_env = \"REDIS_URL\"` in `[flags]` of handover.toml for ever")
}

fn store(at: &str, folder: &Path) -> Result<Arc<dyn FlagStore>, Failure> {
    let (scheme, rest) = at.split_once(':').unwrap_or(("", at));
    match scheme {
        "redis" | "rediss" => match RedisStore::new(at) {
            Ok(store) => Ok(Arc::new(store)),
            Err(error) => Err(Failure::new(ATTEMPTED, Exit::Usage).because_of(&error)),
        },
        "file" if !rest.is_empty() => {
            Ok(Arc::new(FileStore::new(folder.join(rest.strip_prefix("//").unwrap_or(rest)))))
        }
        "env" if rest.is_empty() => Ok(Arc::new(EnvStore::new())),
        other => Err(unknown(other)),
    }
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
