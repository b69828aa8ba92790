use std::borrow::Cow;

use handover_core::{Hint, ReleaseId};
use handover_flags::FlagName;
use handover_traffic::Feature;

use crate::FindingLine;

/// Why a plan is refused. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A stage makes no sense.
    #[error("stage {number} is not possible: {because}")]
    Stage {
        /// 1 for the first.
        number: usize,
        /// What is wrong with it.
        because: &'static str,
    },
    /// The backend cannot express a split of the plan; it is never rounded.
    #[error("the traffic backend cannot express {feature}")]
    Unsupported {
        /// What it lacks.
        feature: Feature,
    },
    /// The release is stable already.
    #[error("release {release} is stable already")]
    SameRelease {
        /// Which.
        release: ReleaseId,
    },
    /// A run sets each flag once.
    #[error("flag {flag} is set twice")]
    FlagTwice {
        /// Which.
        flag: FlagName,
    },
    /// Pending migrations would lock out users or break a release, and nobody has accepted that.
    #[error("{}", unaccepted(refused))]
    Migrations {
        /// What was found.
        refused: Vec<FindingLine>,
    },
    /// The sealed plan was written by a newer version.
    #[error("the plan has format {found}, this version knows up to {known}")]
    Newer {
        /// The plan's format.
        found: u64,
        /// The newest known here.
        known: u32,
    },
    /// The sealed plan cannot be read.
    #[error("the sealed plan cannot be read")]
    Unreadable {
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

impl Hint for PlanError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Stage { .. } => Some("mend `[strategy] steps` in handover.toml".into()),
            Self::Unsupported { .. } => Some("set `kind = \"blue-green\"` under `[strategy]`".into()),
            Self::SameRelease { .. } => {
                Some("give the new build another name with `--release`, or run `handover status`".into())
            }
            Self::FlagTwice { .. } => Some("keep one `[[flags.set]]` of it in handover.toml".into()),
            Self::Migrations { .. } => Some(
                "`handover migrate lint` shows what to write instead; `--accept RULE=REASON` lets one pass"
                    .into(),
            ),
            Self::Newer { .. } => Some("use the handover binary that sealed the plan, or a newer one".into()),
            Self::Unreadable { .. } => Some("`handover journal verify` checks the journal".into()),
        }
    }
}

fn unaccepted(refused: &[FindingLine]) -> String {
    match refused {
        [one] => format!("1 finding in pending migrations is accepted by nobody: {one}"),
        many => format!("{} findings in pending migrations are accepted by nobody", many.len()),
    }
}
