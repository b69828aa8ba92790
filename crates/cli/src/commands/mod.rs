//! One file per verb: what it does with its arguments.

mod completions;
pub(crate) mod hidden;
mod init;

use crate::args::Verb;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

/// Carries out a verb.
///
/// # Errors
///
/// Why it did not do what it was asked; shown by the caller.
pub(crate) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Init(args) => init::run(&args, context),
        Verb::Completions(args) => Ok(completions::run(&args, context)),
        Verb::SampleService(args) => hidden::sample_service(args).await,
        Verb::Load(args) => hidden::load(args, context).await,
    }
}
