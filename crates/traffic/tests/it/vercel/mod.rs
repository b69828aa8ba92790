//! Vercel, on the stand-in: promises, crashes, faults, the published description, the platform's own client.

mod calls;
pub(crate) mod conformance;
mod contract;
mod crash;
mod doctor;
mod faults;
mod messages;
mod outside;
mod program;
mod rig;
mod rolling;

use self::rig::{LONG, POLL, SETTLE, Shop, TOKEN, change, client, green, options, say, seen, shown};
