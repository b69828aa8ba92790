//! The `handover` command line: reads arguments and settings once, runs one verb, and says how it ended.

mod args;
mod bug;
mod commands;
mod context;
mod exit;
mod flags;
mod follow;
mod helm;
mod load;
mod migrate;
mod output;
mod report;
mod run;
mod sample;
mod settings;
mod state_dir;
mod text;
mod views;

use clap::Parser;

use crate::args::{Cli, Verb};
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Colour, Output};
use crate::report::Failure;

/// Linting makes very many small things, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Exit {
    match Cli::try_parse() {
        Ok(cli) => {
            let output = Output::new(cli.globals.json, cli.globals.color);
            bug::guarded(output, || answer(cli, output))
        }
        Err(error) => misunderstood(&error),
    }
}

/// Runs the verb and shows its failure, if it fails.
fn answer(cli: Cli, output: Output) -> Exit {
    let Cli { globals, verb } = cli;
    if let Verb::Shim(args) = &verb {
        // The shim runs for as long as its release: one thread, and a runtime of its own.
        return commands::shim(args);
    }
    let ended = Context::new(globals, output).and_then(|context| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| {
            Failure::new("could not start", Exit::Refused)
                .because_of(&error)
                .hint("check `ulimit -u` and `ulimit -n`")
        })?;
        runtime.block_on(Box::pin(commands::run(verb, &context)))
    });
    ended.unwrap_or_else(|failure| {
        output.failure(&failure);
        failure.exit()
    })
}

/// Help and version are answers; everything else that does not parse is an error in either form.
fn misunderstood(error: &clap::Error) -> Exit {
    let json = std::env::args_os().any(|arg| arg == "--json");
    if !error.use_stderr() || !json {
        let _ = error.print();
        return if error.use_stderr() { Exit::Usage } else { Exit::Done };
    }
    let said = error.to_string();
    let first = said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let failure = Failure::new("could not understand the command line", Exit::Usage)
        .because(first)
        .hint("`handover --help` lists what can be typed");
    Output::new(true, Colour::Never).failure(&failure);
    Exit::Usage
}
