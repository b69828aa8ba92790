//! The keys in Redis beside those of the flags themselves.

use crate::store::Key;

/// How many changes were made through a store.
pub(super) const REVISION: &str = "feature-meta:revision";
/// The mark that [`FlagStore::accept`](crate::FlagStore::accept) changes.
pub(super) const EPOCH: &str = "feature-meta:epoch";
/// A random text, set once: where another stands, it is another database (`SWAPDB`, a server that lost everything).
pub(super) const IDENTITY: &str = "feature-meta:identity";
/// Written and removed to see whether that is heard.
pub(super) const CANARY: &str = "feature-meta:canary:";
/// What an instance has taken up; each is forgotten after half a minute.
pub(super) const SEEN: &str = "feature-seen:";
/// The set of instances that ever said what they have taken up.
pub(super) const INSTANCES: &str = "feature-instances";
/// The stream of changes.
pub(super) const AUDIT: &str = "feature-audit";
/// For each key the last value that the audit speaks of.
pub(super) const KNOWN: &str = "feature-known";
/// When each flag was last used.
pub(super) const USAGE: &str = "feature-usage";

/// All of these, and the flags.
pub(super) const EVERYTHING: &str = "feature*";

/// Beginnings of keys whose changes are told; none is the beginning of another, which Redis forbids.
pub(super) fn told() -> impl Iterator<Item = &'static str> {
    Key::PREFIXES.into_iter().chain([REVISION, EPOCH])
}
