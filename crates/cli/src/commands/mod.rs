//! One file per verb: what it does with its arguments.

mod agent;
mod by_hand;
mod completions;
mod demo;
mod deploy;
mod doctor;
mod driver;
mod edge;
mod explain;
#[cfg(test)]
mod fixtures;
mod flags;
mod health;
pub(crate) mod hidden;
mod history;
mod init;
mod init_haproxy;
mod interruption;
mod lease;
mod log;
mod logs;
mod migrate;
mod monitor;
mod past;
mod plan;
mod releases;
mod rollback;
mod serving;
mod status;
mod steer;
mod traffic;

pub(crate) use driver::shim;
pub(crate) use edge::TOKEN as EDGE_TOKEN;

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
        Verb::Demo(args) => Box::pin(demo::run(&args, context)).await,
        Verb::Deploy(args) => Box::pin(deploy::run(&args, context)).await,
        Verb::Plan(args) => plan::show(&args.what, &args.accepting, context).await,
        Verb::Promote(args) => Box::pin(steer::promote(&args, context)).await,
        Verb::Pause(args) => Box::pin(steer::pause(&args, context)).await,
        Verb::Approve(args) => Box::pin(steer::approve(&args, context)).await,
        Verb::Resume(args) => Box::pin(steer::resume(&args, context)).await,
        Verb::Abort(args) => Box::pin(steer::abort(&args, context)).await,
        Verb::Rollback(args) => Box::pin(rollback::run(&args, context)).await,
        Verb::Driver(args) => Box::pin(driver::drive(&args, context)).await,
        Verb::Shim(args) => Ok(shim(&args)),
        Verb::Init(args) => init::run(&args, context),
        Verb::Doctor(args) => Box::pin(doctor::run(&args, context)).await,
        Verb::Status(args) => Box::pin(status::run(&args, context)).await,
        Verb::History(args) => history::run(&args, context).await,
        Verb::Log(args) => Box::pin(log::run(&args, context)).await,
        Verb::Explain(args) => explain::run(&args, context).await,
        Verb::Logs(args) => Box::pin(logs::run(&args, context)).await,
        Verb::Releases(verb) => Box::pin(releases::run(&verb, context)).await,
        Verb::Traffic(verb) => Box::pin(traffic::run(&verb, context)).await,
        Verb::Monitor(verb) => Box::pin(monitor::run(&verb, context)).await,
        Verb::Health(verb) => Box::pin(health::run(&verb, context)).await,
        Verb::Flags(verb) => Box::pin(flags::run(&verb, context)).await,
        Verb::Migrate(verb) => Box::pin(migrate::run(&verb, context)).await,
        Verb::Lease(verb) => Box::pin(lease::run(&verb, context)).await,
        Verb::Agent(verb) => Box::pin(agent::run(&verb, context)).await,
        Verb::Edge(args) => Box::pin(edge::run(*args, context)).await,
        Verb::Completions(args) => Ok(completions::run(&args, context)),
        Verb::SampleService(args) => hidden::sample_service(args).await,
        Verb::Load(args) => hidden::load(args, context).await,
    }
}
