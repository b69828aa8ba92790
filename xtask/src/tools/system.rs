use std::sync::atomic::{AtomicBool, Ordering};

use crate::command::Cmd;
use crate::failed::{Failed, Outcome};
use crate::say;

/// A program of the system's.
#[derive(Debug)]
pub(crate) struct Tool {
    name: &'static str,
    /// What it is needed for, as the end of "… is needed to".
    needed_to: &'static str,
    /// Ends well where the program is there and usable.
    probe: &'static [&'static str],
    /// What brings it on Debian and its kin.
    apt: &'static str,
}

pub(crate) const PYTHON: Tool = Tool {
    name: "python3",
    needed_to: "serve two versions of a folder in the quickstart's test",
    probe: &["python3", "--version"],
    apt: "python3",
};

pub(crate) const GIT: Tool = Tool {
    name: "git",
    needed_to: "name and archive releases in the tests",
    probe: &["git", "--version"],
    apt: "git",
};

pub(crate) const CURL: Tool = Tool {
    name: "curl",
    needed_to: "talk to the edge as a stranger's client in the tests",
    probe: &["curl", "--version"],
    apt: "curl",
};

pub(crate) const PROMETHEUS: Tool = Tool {
    name: "prometheus",
    needed_to: "scrape the edge and the monitor and answer questions in the tests",
    probe: &["prometheus", "--version"],
    apt: "prometheus",
};

pub(crate) const HAPROXY: Tool = Tool {
    name: "haproxy",
    needed_to: "balance and log requests in the tests",
    // It lies where not every user's path leads.
    probe: &["sh", "-c", "PATH=$PATH:/usr/sbin haproxy -v"],
    apt: "haproxy",
};

pub(crate) const NGINX: Tool = Tool {
    name: "nginx",
    needed_to: "have the edge measured beside it",
    probe: &["sh", "-c", "PATH=$PATH:/usr/sbin nginx -v"],
    apt: "nginx",
};

pub(crate) const NODE: Tool = Tool {
    name: "node",
    needed_to: "run Vercel's command-line client",
    probe: &["node", "--version"],
    apt: "nodejs",
};

pub(crate) const NPM: Tool = Tool {
    name: "npm",
    needed_to: "bring Grafana's published types and Vercel's command-line client",
    probe: &["npm", "--version"],
    apt: "npm",
};

pub(crate) const OPENSSL: Tool = Tool {
    name: "openssl",
    needed_to: "make certificates for servers in the tests",
    probe: &["openssl", "version"],
    apt: "openssl",
};

pub(crate) const POSTGRES: Tool = Tool {
    name: "postgres",
    needed_to: "be probed in the tests",
    // Debian keeps it in a folder of its version.
    probe: &[
        "sh",
        "-c",
        "PATH=$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' :) && initdb -V && postgres -V",
    ],
    apt: "postgresql",
};

pub(crate) const REDIS: Tool = Tool {
    name: "redis-server",
    needed_to: "carry the monitor's slices and be probed in the tests",
    probe: &["redis-server", "--version"],
    apt: "redis-server",
};

pub(crate) const VALGRIND: Tool = Tool {
    name: "valgrind",
    needed_to: "count instructions",
    probe: &["valgrind", "--version"],
    apt: "valgrind",
};

/// The package lists are fetched once per run.
static LISTS_FETCHED: AtomicBool = AtomicBool::new(false);

impl Tool {
    /// Installs the program where it is missing; an error says how a person can.
    pub(crate) fn ensure(&self) -> Outcome {
        if self.works() {
            return Ok(());
        }
        say::note(format_args!("{} is not installed; it is needed to {}", self.name, self.needed_to));
        if !apt_is_ours() {
            return Err(self.missing());
        }
        self.install()?;
        if self.works() { Ok(()) } else { Err(self.missing()) }
    }

    fn works(&self) -> bool {
        match self.probe {
            [program, args @ ..] => Cmd::new(program).args(args).works(),
            [] => false,
        }
    }

    fn install(&self) -> Outcome {
        if !LISTS_FETCHED.swap(true, Ordering::Relaxed) {
            apt().args(["-qq", "update"]).run()?;
        }
        apt().args(["-qq", "install", "--yes", "--no-install-recommends", self.apt]).run()
    }

    fn missing(&self) -> Failed {
        Failed::new(format!(
            "{} is needed to {}: install it first (on Debian: apt-get install {})",
            self.name, self.needed_to, self.apt
        ))
    }
}

fn apt() -> Cmd {
    Cmd::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive")
}

/// Whether packages can be installed without asking anybody.
fn apt_is_ours() -> bool {
    let root = Cmd::new("id").arg("-u").read().is_ok_and(|id| id.trim() == "0");
    root && Cmd::new("apt-get").arg("--version").works()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named_with_its_purpose_and_a_way_out() {
        let tool = Tool {
            name: "frobnicate",
            needed_to: "see this message",
            probe: &["/nowhere/frobnicate"],
            apt: "frob",
        };
        assert!(!tool.works());
        assert_eq!(
            tool.missing().to_string(),
            "frobnicate is needed to see this message: install it first (on Debian: apt-get install frob)"
        );
    }
}
