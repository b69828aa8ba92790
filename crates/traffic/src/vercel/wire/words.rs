use std::fmt;

use serde::{Deserialize, Deserializer};

/// An enum of the platform's words. A word that is not known is kept as it came, and is never taken for a good one.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$what:meta])* $variant:ident = $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$what])* $variant,)*
            /// A word that this version does not know.
            Unknown(String),
        }

        impl $name {
            /// The platform's own word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Unknown(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => Self::$variant,)*
                    _ => Self::Unknown(word),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(Self::from)
            }
        }
    )*};
}

words! {
    /// How far a deployment is.
    ReadyState {
        /// It waits for a builder.
        Queued = "QUEUED",
        /// It is being built.
        Building = "BUILDING",
        /// It is being put in place.
        Initializing = "INITIALIZING",
        /// It answers requests.
        Ready = "READY",
        /// It could not be built.
        Error = "ERROR",
        /// Somebody cancelled it.
        Canceled = "CANCELED",
    }

    /// Whether a ready deployment has had production traffic.
    Substate {
        /// Never.
        Staged = "STAGED",
        /// A rolling release is giving it some.
        Rolling = "ROLLING",
        /// It has.
        Promoted = "PROMOTED",
    }

    /// How far a job that moves aliases is.
    JobStatus {
        /// Not begun.
        Pending = "pending",
        /// Begun.
        InProgress = "in-progress",
        /// Every alias was moved.
        Succeeded = "succeeded",
        /// Some alias was not moved.
        Failed = "failed",
        /// The platform saw nothing to do.
        Skipped = "skipped",
    }

    /// What a job that moves aliases was asked for.
    JobKind {
        /// Forward, to a deployment.
        Promote = "promote",
        /// Back, to a deployment that had production traffic before.
        Rollback = "rollback",
    }

    /// How far a rolling release is.
    RollingState {
        /// It shares the traffic.
        Active = "ACTIVE",
        /// The newcomer has everything.
        Complete = "COMPLETE",
        /// It was taken back.
        Aborted = "ABORTED",
    }

    /// Why a project may, or may not, have rolling releases.
    BillingReason {
        /// The plan has none.
        PlanNotSupported = "plan_not_supported",
        /// Every slot of the plan is another project's.
        NoAvailableSlots = "no_available_slots",
        /// There is a slot.
        AvailableSlots = "available_slots",
        /// The plan does not count slots.
        UnlimitedSlots = "unlimited_slots",
    }
}

impl JobStatus {
    /// Whether the job will do no more. A word that is not known is not the end.
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Skipped)
    }
}
