//! `handover migrate`: what migrations would do to a database that is in use.

mod catalog;
mod explain;
mod lint;
mod rules;

use crate::args::Migrate;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

/// The version of the JSON forms.
const VERSION: u32 = 1;

/// Carries out what was typed.
pub(super) async fn run(verb: &Migrate, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Migrate::Lint(args) => lint::run(args, context).await,
        Migrate::Catalog(args) => catalog::run(args, context).await,
        Migrate::Explain(args) => explain::run(args, context),
        Migrate::Rules => Ok(rules::run(context)),
    }
}
