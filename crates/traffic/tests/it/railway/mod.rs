//! Railway, on the stand-in.

pub(crate) mod conformance;
mod crash;
mod doctor;
mod documents;
mod in_place;
mod mishaps;
mod outside;
mod program;
mod quota;
mod replies;
mod rig;
mod services;

use self::rig::{
    BLUE, GREEN, InPlace, SECOND, assigned, change, client, contract, in_place, limits, logbook, options,
    setup, skipped, standin, switcher, token, told,
};
