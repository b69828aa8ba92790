//! Vercel's two ways to move traffic, on its stand-in.

#[path = "../../../crates/traffic/tests/it/vercel/conformance.rs"]
pub(crate) mod conformance;
#[path = "../../../crates/traffic/tests/it/vercel/rig.rs"]
mod rig;

use self::rig::Shop;
