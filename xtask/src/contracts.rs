use std::path::{Path, PathBuf};

use crate::command::Cmd;
use crate::failed::{Failed, Outcome};
use crate::leftovers::Mark;
use crate::parts::Parts;
use crate::say;
use crate::tools;
use crate::workspace::Workspace;

/// The platforms' own command-line clients against the stand-ins, where they can be installed
///
/// Vercel's CLI comes through npm, Railway's is built by cargo, both into the target folder. Then the tests of
/// `handover-traffic` named `outside` let them work on the stand-ins, and each command that went well is named. A client that cannot be installed is named with the
/// reason, and is no failure; a client that does not get along with its stand-in is one.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Another platform's client.
struct Client {
    name: &'static str,
    /// The release that the stand-in is held to.
    version: &'static str,
    /// What tells the tests where it is.
    variable: &'static str,
    /// Where its tests are.
    tests: &'static str,
    install: fn(&Workspace) -> Outcome<PathBuf>,
}

const CLIENTS: [Client; 2] = [
    Client {
        name: "Vercel CLI",
        version: tools::VERCEL,
        variable: "HANDOVER_VERCEL_CLI",
        tests: "vercel::outside",
        install: tools::vercel,
    },
    Client {
        name: "Railway CLI",
        version: tools::RAILWAY,
        variable: "HANDOVER_RAILWAY_CLI",
        tests: "railway::outside",
        install: tools::railway,
    },
];

/// What became of one client.
#[derive(Debug)]
enum Fate {
    /// This many tests let it work on the stand-in.
    Ran(usize),
    Missing(Failed),
    /// The tests failed, or there are none.
    Broken(Failed),
}

pub(crate) fn run(_: &Args) -> Outcome {
    let workspace = Workspace::load()?;
    let mut parts = Parts::default();
    let mut fates = Vec::new();
    for client in &CLIENTS {
        // One that fails does not keep the other from running.
        parts.run(client.name, || {
            fates.push((client, client.put_to_work(&workspace)));
            Ok(())
        })?;
    }
    parts.finish();
    for (client, fate) in &fates {
        say::result(line(client, fate));
    }
    conclude(fates.into_iter().map(|(_, fate)| fate))
}

fn line(client: &Client, fate: &Fate) -> String {
    let Client { name, version, .. } = client;
    match fate {
        Fate::Ran(1) => format!("{name} {version}: ran on its stand-in, in a test that passed"),
        Fate::Ran(tests) => format!("{name} {version}: ran on its stand-in, in {tests} tests that passed"),
        Fate::Missing(why) => format!("{name} {version}: could not be installed: {why}"),
        Fate::Broken(why) => format!("{name} {version}: its tests on the stand-in failed: {why}"),
    }
}

fn conclude(fates: impl Iterator<Item = Fate>) -> Outcome {
    let broken = fates.filter(|fate| matches!(fate, Fate::Broken(_))).count();
    if broken == 0 {
        return Ok(());
    }
    Err(Failed::new(format!("{broken} of {} clients failed on their stand-ins", CLIENTS.len())))
}

impl Client {
    fn put_to_work(&self, workspace: &Workspace) -> Fate {
        match (self.install)(workspace) {
            Err(why) => Fate::Missing(why),
            Ok(program) => self.test(workspace, &program).map_or_else(Fate::Broken, Fate::Ran),
        }
    }

    fn test(&self, workspace: &Workspace, program: &Path) -> Outcome<usize> {
        let named = count(&self.cargo_test(workspace, program).args(["--include-ignored", "--list"]).read()?);
        if named == 0 {
            return Err(Failed::new(format!("no test is named {}", self.tests)));
        }
        let mark = Mark::new();
        let outcome =
            mark.on(self.cargo_test(workspace, program).args(["--include-ignored", "--nocapture"])).run();
        mark.sweep();
        outcome.map(|()| named)
    }

    /// What follows are options of the tests.
    fn cargo_test(&self, workspace: &Workspace, program: &Path) -> Cmd {
        let cargo = workspace.cargo().args(["test", "--package", "handover-traffic", "--all-features"]);
        let cargo = tools::DISCREET.iter().fold(cargo, |cargo, (name, on)| cargo.env(name, on));
        workspace.with_shared(cargo).env(self.variable, program).args(["--test", "it", self.tests, "--"])
    }
}

/// How many tests a list of them names.
fn count(list: &str) -> usize {
    list.lines().filter(|line| line.ends_with(": test")).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_in_their_list() {
        let list = "vercel::outside::promotes: test\nvercel::outside::lists: test\n\n2 tests, 0 benchmarks\n";
        assert_eq!(count(list), 2);
        assert_eq!(count("0 tests, 0 benchmarks\n"), 0);
    }

    #[test]
    fn each_client_has_one_line_and_only_a_broken_one_fails() {
        let why = || Failed::new("`npm install` ended with exit status: 1");
        let [vercel, railway] = &CLIENTS;
        assert_eq!(
            [line(vercel, &Fate::Ran(1)), line(vercel, &Fate::Ran(4))],
            [
                "Vercel CLI 64.0.2: ran on its stand-in, in a test that passed",
                "Vercel CLI 64.0.2: ran on its stand-in, in 4 tests that passed"
            ]
        );
        assert_eq!(
            line(railway, &Fate::Missing(why())),
            "Railway CLI 5.71.0: could not be installed: `npm install` ended with exit status: 1"
        );
        assert_eq!(
            line(railway, &Fate::Broken(why())),
            "Railway CLI 5.71.0: its tests on the stand-in failed: `npm install` ended with exit status: 1"
        );
        assert!(conclude([Fate::Ran(4), Fate::Missing(why())].into_iter()).is_ok());
        assert_eq!(
            conclude([Fate::Broken(why())].into_iter()).unwrap_err().to_string(),
            "1 of 2 clients failed on their stand-ins"
        );
    }
}
