//! What psql makes of a file before the server sees it: its own commands and its variables.
//!
//! No other runner has them, and to no other a backslash or a colon outside of a string means anything, so they are looked
//! for in every layout. A variable that is not known becomes the name, string or identifier that it stands for.

mod fill;
mod meta;
mod variable;

pub(super) use fill::fill;
pub(super) use meta::{Does, Meta};
pub(super) use variable::{Form, Variable};
