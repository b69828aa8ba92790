//! Railway in place, on its stand-in.

#[path = "../../../crates/traffic/tests/it/railway/conformance.rs"]
pub(crate) mod conformance;
#[path = "../../../crates/traffic/tests/it/railway/rig.rs"]
mod rig;

use self::rig::{GREEN, InPlace, client, in_place, logbook, options, standin, token};
