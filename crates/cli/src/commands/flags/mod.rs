//! `handover flags`: looking at feature flags, and changing them by hand.

mod accept;
mod audit;
mod change;
mod failed;
mod get;
mod import;
mod known;
mod list;
mod opened;
mod remove;
mod rules;
mod stale;
mod standing;
mod switch;
mod watch;
mod words;

use crate::args::{Flags, Import};
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

/// The version of the JSON forms.
const VERSION: u32 = 1;

/// As many lines of an audit as any store keeps.
const WHOLE_AUDIT: usize = 10_000;

/// Carries out what was typed.
pub(super) async fn run(verb: &Flags, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Flags::List(args) => list::run(args, context).await,
        Flags::Get(args) => get::run(args, context).await,
        Flags::Enable(args) => switch::run(true, &args.switch, args.wait, context).await,
        Flags::Disable(args) => switch::run(false, &args.switch, args.wait, context).await,
        Flags::Kill(args) => switch::kill(args, context).await,
        Flags::Rules(args) => rules::run(args, context).await,
        Flags::Remove(args) => remove::run(args, context).await,
        Flags::Watch(args) => watch::run(args, context).await,
        Flags::Audit(args) => audit::run(args, context).await,
        Flags::Stale(args) => stale::run(args, context).await,
        Flags::Import(Import::Unleash(args)) => import::run(args, context).await,
        Flags::Accept(args) => accept::run(args, context).await,
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use crate::args::Cli;

    /// The examples of the help of `handover flags` and of all under it.
    fn examples(command: &clap::Command) -> Vec<String> {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let own = help.lines().filter(|line| line.starts_with("  handover ")).map(str::to_owned);
        own.chain(command.get_subcommands().flat_map(examples)).collect()
    }

    /// Words as a shell takes them; what is quoted is one.
    fn words(line: &str) -> Vec<String> {
        let quoted = |(at, part): (usize, &str)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        };
        line.split('\'').enumerate().flat_map(quoted).collect()
    }

    #[test]
    fn each_example_of_the_help_is_understood() {
        let command = Cli::command();
        let examples = examples(command.find_subcommand("flags").unwrap());
        assert!(examples.len() >= 20, "{examples:?}");
        for example in examples {
            Cli::try_parse_from(words(&example)).unwrap_or_else(|e| panic!("{example}: {e}"));
        }
    }
}
