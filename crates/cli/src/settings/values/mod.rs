//! The kinds of value a setting can have; each is checked where it is read and says its own unit.

mod address;
mod command;
mod flag;
mod flag_store;
mod name;
mod number;
mod percent;
mod period;
mod query;
mod size;
mod sticky;
mod template;
mod text;
mod web_address;

pub(crate) use address::{Listen, UrlPath};
pub(crate) use command::Command;
pub(crate) use flag::Flag;
pub(crate) use flag_store::FlagStoreAddress;
pub(crate) use name::Name;
pub(crate) use number::{Ratio, Status};
pub(crate) use percent::{Rate, Weight};
pub(crate) use period::{Pause, Period};
pub(crate) use query::Query;
pub(crate) use size::Size;
pub(crate) use sticky::Sticky;
pub(crate) use template::Template;
pub(crate) use web_address::WebAddress;
