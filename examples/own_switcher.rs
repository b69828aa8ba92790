//! A switcher of one's own, whole: a file says how much goes to green, and whoever routes reads it.
//!
//! The tests below are the conformance kit, one per promise. `cargo run -p handover-examples --bin own_switcher` moves
//! traffic with it once and prints the kit's report: what is held, and what this backend does not claim.

#![expect(clippy::print_stdout, reason = "the report is the program's result")]

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{OpId, Slot};
use handover_traffic::testkit::report;
use handover_traffic::{
    BoxError, Capabilities, Change, DrainSupport, Drained, Observed, Revision, Route, Split, SwitchError,
    TrafficSwitcher, TrafficSwitcherExt, Weights,
};
use tokio::fs;

/// How the backend calls itself in errors.
const BACKEND: &str = "the weights file";

/// The router reads the file every 50 ms and answers within as much again.
const BOUND: Duration = Duration::from_millis(100);

/// Moves traffic by writing green's basis points into a file.
#[derive(Debug)]
struct WeightsFile {
    path: PathBuf,
}

impl WeightsFile {
    /// Begins with everything on blue.
    async fn in_folder(folder: &Path) -> io::Result<Self> {
        let path = folder.join("green-bps");
        fs::write(&path, "0").await?;
        Ok(Self { path })
    }
}

#[async_trait]
impl TrafficSwitcher for WeightsFile {
    fn capabilities(&self) -> Capabilities {
        let drain = DrainSupport::Timed { bound: BOUND };
        let any = Capabilities::new(Weights::Any { step: 100 });
        any.with_atomic().with_read_back().with_early_acks().with_drain(drain)
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        let text = fs::read_to_string(&self.path).await.map_err(unreachable)?;
        let split = text.trim().parse().map_err(unreachable)?;
        Ok(seen(Route::serve(Split::from_green_bps(split).map_err(unreachable)?)))
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.check(BACKEND, &change.route)?;
        let whole = self.path.with_extension("new");
        fs::write(&whole, change.route.split.green_bps().to_string()).await.map_err(refused)?;
        // A rename is the switch: a reader sees the old file or the new one, never half of one.
        fs::rename(&whole, &self.path).await.map_err(refused)?;
        Ok(seen(change.route))
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        if self.observe().await?.route.split.bps(slot) > 0 {
            return Err(refused("the slot still has traffic"));
        }
        let waited = BOUND.min(limit);
        tokio::time::sleep(waited).await;
        Ok(Drained::Assumed { waited })
    }
}

/// Nobody numbers the changes or counts requests here, which is why none of that is claimed.
fn seen(route: Route) -> Observed {
    let revision = Revision::new(0);
    Observed { route, revision, last_op: None, fence: None, in_flight: None, served: None }
}

fn refused(source: impl Into<BoxError>) -> SwitchError {
    SwitchError::Refused { backend: BACKEND, source: source.into() }
}

fn unreachable(source: impl Into<BoxError>) -> SwitchError {
    SwitchError::Unreachable { backend: BACKEND, source: source.into() }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("own-switcher-{}", std::process::id()));
    fs::create_dir(&folder).await?;
    let switcher = WeightsFile::in_folder(&folder).await?;
    let seen = switcher.shift_to(Split::from_green_bps(1_000)?, OpId::new("a first tenth")).await?;
    println!("{}\n\n{}", seen.route.split, report(&switcher).await);
    fs::remove_dir_all(&folder).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use handover_traffic::testkit::Subject;
    use tempfile::TempDir;

    use super::*;

    mod weights_file {
        handover_traffic::conformance_tests!(super::OnDisk::new().await);
    }

    /// Lets the kit see that the file beside ours stays as it is.
    struct OnDisk {
        switcher: WeightsFile,
        folder: TempDir,
    }

    impl OnDisk {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("others"), "theirs").await.unwrap();
            Self { switcher: WeightsFile::in_folder(folder.path()).await.unwrap(), folder }
        }
    }

    #[async_trait]
    impl Subject for OnDisk {
        fn switcher(&self) -> &dyn TrafficSwitcher {
            &self.switcher
        }

        async fn foreign(&self) -> Option<String> {
            fs::read_to_string(self.folder.path().join("others")).await.ok()
        }
    }
}
