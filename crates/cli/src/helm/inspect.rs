//! What of a platform's own settings stands in the way of a deployment without downtime.

use handover_rollout::ProbeAnswer;
use handover_traffic::doctor::{Finding, Verdict};
use handover_traffic::railway::{self, Mend, RailwayOptions};
use handover_traffic::vercel::{self, VercelOptions};

use super::Hosted;
use crate::exit::Exit;
use crate::report::Failure;

/// Whom to ask.
#[derive(Debug)]
pub(super) enum Inspector {
    /// What is on one's own machine is seen in the settings.
    Nobody,
    /// Railway, whose settings can be mended from here.
    Railway {
        /// What was found when the service was read first.
        found: Vec<Finding>,
        /// For a client of its own.
        options: RailwayOptions,
        /// The path that says whether a release is well.
        path: String,
    },
    /// Vercel.
    Vercel {
        /// For a client of its own.
        options: VercelOptions,
        /// The shares that a deployment would ask for, in basis points.
        shares: Vec<u16>,
    },
}

impl Hosted {
    /// Everything that the platform says about the service's settings.
    pub(crate) async fn inspect(&self) -> Vec<Finding> {
        match &self.inspector {
            Inspector::Nobody => Vec::new(),
            Inspector::Railway { found, .. } => found.clone(),
            Inspector::Vercel { options, shares } => vercel::examine(options, shares).await,
        }
    }

    /// Sets what can be set; `None` where nothing can.
    pub(crate) async fn mend(&self) -> Result<Option<Vec<Finding>>, Failure> {
        let mended = match &self.inspector {
            Inspector::Nobody => return Ok(None),
            Inspector::Railway { options, path, .. } => {
                railway::mend(options, &Mend::default().with_healthcheck_path(path)).await
            }
            Inspector::Vercel { options, shares } => vercel::mend(options, shares).await,
        };
        mended.map(Some).map_err(|e| Failure::of("could not set the platform's settings", Exit::Unknown, &e))
    }

    /// Where nobody can be told from outside, no cutover can be proven. A stable release that is down is a reason to deploy
    /// all the same.
    pub(super) async fn doubt(&self) -> Option<String> {
        match self.front.probe().await {
            ProbeAnswer::Nobody(why) if self.front.names_releases() => Some(format!(
                "warning: {}: {why}; as long as that is so, no cutover can be proven, and the release is taken back",
                self.listen
            )),
            _ => None,
        }
    }

    /// Refuses a deployment that would not be without downtime, before anything is done.
    pub(super) async fn admit(&self) -> Result<(), Failure> {
        let found = self.inspect().await;
        let mut wrong = found.into_iter().filter(|finding| finding.verdict == Verdict::Refuse).peekable();
        if wrong.peek().is_none() {
            return Ok(());
        }
        let why = Failure::new("could not deploy without downtime", Exit::Refused);
        let why = wrong.fold(why, |why, finding| why.because(format!("{}: {}", finding.name, finding.found)));
        Err(why.hint(
            "`handover doctor` says what to do about each, `handover doctor --fix` sets what can be set",
        ))
    }
}
