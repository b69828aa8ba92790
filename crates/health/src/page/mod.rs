//! What the endpoints answer, as bytes.

mod details;
mod health_json;
mod microprofile;
mod pages;
#[cfg(feature = "tower")]
mod smoke;
mod status;
mod strategy;
#[cfg(test)]
mod tests;
mod text;
mod time;

pub use self::pages::{Endpoint, Format, Page};

pub(crate) use self::pages::Pages;
#[cfg(feature = "tower")]
pub(crate) use self::smoke::smoke;
