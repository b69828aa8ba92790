use std::time::Duration;

use crate::command::Cmd;
use crate::failed::Outcome;
use crate::say;
use crate::tools::cargo_deny;
use crate::workspace::Workspace;

/// How long fetching the advisory database may take before it counts as out of reach.
const FETCH_LIMIT: Duration = Duration::from_mins(1);

/// Holds the dependencies to `deny.toml`.
pub(super) fn check(workspace: &Workspace) -> Outcome {
    let deny = Cmd::new(cargo_deny(workspace)?).dir(&workspace.root);
    deny.clone().args(["check", "bans", "licenses", "sources"]).run()?;
    advisories(&deny)
}

/// Fetching is apart from checking: no network is said and passed over, an advisory is a failure.
fn advisories(deny: &Cmd) -> Outcome {
    if let Err(why) = deny.clone().args(["--log-level=off", "fetch", "db"]).run_within(FETCH_LIMIT) {
        say::note(format_args!("advisories SKIPPED, their database cannot be reached: {why}"));
        return Ok(());
    }
    deny.clone().args(["check", "--disable-fetch", "advisories"]).run()
}
