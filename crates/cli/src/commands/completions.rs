use clap::CommandFactory;

use crate::args::{Cli, Completions};
use crate::context::Context;
use crate::exit::Exit;

/// Prints the completions.
pub(super) fn run(args: &Completions, context: &Context) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "handover", &mut script);
    context.output.line(String::from_utf8_lossy(&script).trim_end());
    Exit::Done
}
