//! `handover migrate`, on real folders, real repositories and a real server.

mod applied;
mod catalog;
mod documented;
mod fix;
mod forms;
mod hostile;
mod lint;
mod place;
mod rules;
mod settings;
mod since;

use place::Place;
pub(crate) use place::sql;
