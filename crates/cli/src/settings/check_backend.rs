//! What a backend needs beside its name, and where its releases can run.

use std::collections::HashSet;

use super::check::fault;
use super::document::Fault;
use super::{
    Backend, Composite, Exec, Haproxy, Kind, Launcher, Railway, Services, Settings, Vercel, VercelMode,
};

/// A backend needs its own section, and says where releases can run.
pub(super) fn check_backend(settings: &Settings) -> Result<(), Fault> {
    check_launcher(settings.traffic.backend, settings.release.launcher)?;
    match settings.traffic.backend {
        Backend::Edge => Ok(()),
        Backend::Haproxy => {
            let found = section(settings.haproxy.as_ref(), "haproxy", "`socket` and `backend`")?;
            check_haproxy(found, "haproxy")
        }
        Backend::Railway => {
            let needs = "`project`, `environment`, `service` and `release`";
            check_railway(section(settings.railway.as_ref(), "railway", needs)?, settings)
        }
        Backend::Vercel => check_vercel(section(settings.vercel.as_ref(), "vercel", "`project`")?, settings),
        Backend::Exec => {
            check_exec(section(settings.exec.as_ref(), "exec", "`command`")?, "exec")?;
            check_addresses(settings)
        }
        Backend::Composite => {
            check_composite(section(settings.composite.as_ref(), "composite", "`members`")?)?;
            check_addresses(settings)
        }
        Backend::RemoteEdge => check_remote_edge(settings),
    }
}

/// One party counts.
pub(super) fn check_counting(settings: &Settings) -> Result<(), Fault> {
    let logs = settings.haproxy.as_ref().is_some_and(|haproxy| haproxy.log.is_some());
    let counts = match settings.traffic.backend {
        Backend::Edge | Backend::RemoteEdge => true,
        Backend::Haproxy => logs,
        _ => false,
    };
    if counts && settings.prometheus.is_some() {
        return fault(
            "prometheus",
            "stands beside a backend that counts its requests itself; keep one of the two",
        );
    }
    Ok(())
}

/// Users arrive somewhere: on this machine, or at an address that a platform has.
pub(super) fn check_address(settings: &Settings) -> Result<(), Fault> {
    let service = &settings.service;
    let on_this_machine = matches!(settings.traffic.backend, Backend::Edge | Backend::Haproxy);
    if service.listen.is_some() || (service.public.is_some() && !on_this_machine) {
        return Ok(());
    }
    if on_this_machine {
        return fault("service", "`listen` is missing: where users arrive, such as \"0.0.0.0:8080\"");
    }
    fault("service", "`public` is missing: where users arrive, such as \"https://shop.example.com/\"")
}

fn section<'a, T>(found: Option<&'a T>, name: &str, needs: &str) -> Result<&'a T, Fault> {
    found.ok_or_else(|| Fault {
        key: "traffic.backend".to_owned(),
        because: format!("\"{name}\" needs a section `[{name}]` with {needs}"),
    })
}

fn check_launcher(backend: Backend, launcher: Launcher) -> Result<(), Fault> {
    if backend == Backend::RemoteEdge && launcher == Launcher::Railway {
        return Ok(());
    }
    let wanted = match backend {
        Backend::Edge => Launcher::Local,
        Backend::Railway => Launcher::Railway,
        Backend::Vercel => Launcher::Vercel,
        Backend::Haproxy | Backend::Exec | Backend::Composite | Backend::RemoteEdge => Launcher::Command,
    };
    if launcher == wanted {
        return Ok(());
    }
    let (backend, launcher, wanted) = (backend.name(), launcher.name(), wanted.name());
    fault("release.launcher", match (backend, launcher) {
        ("edge", "command") => {
            "\"command\" needs `[traffic] backend = \"haproxy\"`, \"exec\" or \"composite\": the edge looks after processes of its own".to_owned()
        }
        (_, "local") => format!("\"local\" needs the agent, which the backend \"{backend}\" has not: set `launcher = \"{wanted}\"`"),
        _ => format!("\"{launcher}\" does not go with the backend \"{backend}\": set `launcher = \"{wanted}\"`"),
    })
}

fn check_haproxy(haproxy: &Haproxy, key: &str) -> Result<(), Fault> {
    let (blue, green) = (haproxy.blue.len(), haproxy.green.len());
    if blue == 0 || green == 0 {
        return fault(key, "neither slot may be without a server");
    }
    if blue != green {
        let because =
            format!("has {green} servers and blue {blue}: a share is only exact where both have as many");
        return fault(format!("{key}.green"), because);
    }
    Ok(())
}

/// An edge of one's own says nothing of what is behind it: that stands with whatever launches releases.
fn check_remote_edge(settings: &Settings) -> Result<(), Fault> {
    if settings.remote_edge.is_none() {
        return fault("traffic.backend", "\"remote-edge\" needs a section `[remote_edge]` with `address`");
    }
    match settings.release.launcher {
        Launcher::Railway => {
            let needs = "`project`, `environment`, `service`, `services` and `release`";
            let Some(railway) = &settings.railway else {
                return fault(
                    "release.launcher",
                    format!("\"railway\" needs a section `[railway]` with {needs}"),
                );
            };
            check_release_at_railway(railway)?;
            check_services(railway.services.as_ref())
        }
        _ => check_addresses(settings),
    }
}

fn check_services(services: Option<&Services>) -> Result<(), Fault> {
    match services {
        None => fault("railway", "`services` is missing: the names of the private services behind the edge"),
        Some(services) if services.blue == services.green => {
            fault("railway.services.green", "is blue's: one release would be replaced by the other")
        }
        Some(_) => Ok(()),
    }
}

fn check_release_at_railway(railway: &Railway) -> Result<(), Fault> {
    if railway.release.of_kind("image").or(railway.release.of_kind("commit")).is_none() {
        return fault("railway.release", "does not begin with `image:` or `commit:`");
    }
    Ok(())
}

/// What would be refused at the first deployment is refused here, where it is written.
fn check_railway(railway: &Railway, settings: &Settings) -> Result<(), Fault> {
    check_release_at_railway(railway)?;
    if railway.services.is_some() {
        return fault(
            "railway.services",
            "means nothing in place: private services need the backend \"remote-edge\"",
        );
    }
    if settings.strategy.kind == Kind::Canary {
        return fault(
            "strategy.kind",
            "Railway gives a release all of the traffic or none: set `kind = \"blue-green\"`",
        );
    }
    if !settings.smoke.is_empty() {
        return fault(
            "smoke",
            "nothing reaches a release at Railway before it has the traffic: let its health check path do these tests",
        );
    }
    Ok(())
}

fn check_vercel(vercel: &Vercel, settings: &Settings) -> Result<(), Fault> {
    if vercel.release.of_kind("deployment").or(vercel.release.of_kind("commit")).is_none() {
        return fault("vercel.release", "does not begin with `deployment:` or `commit:`");
    }
    if !vercel.address.as_str().starts_with("http") {
        return fault("vercel.address", "is not an address such as \"https://{deployment}/\"");
    }
    if vercel.mode == VercelMode::Promote && settings.strategy.kind == Kind::Canary {
        return fault(
            "strategy.kind",
            "a promotion moves everything at once: set `kind = \"blue-green\"`, or `[vercel] mode = \"rolling\"`",
        );
    }
    Ok(())
}

fn check_exec(exec: &Exec, key: &str) -> Result<(), Fault> {
    match exec.command.first() {
        Some(program) if !program.is_empty() => Ok(()),
        _ => fault(format!("{key}.command"), "is empty: the program, then its arguments"),
    }
}

fn check_composite(composite: &Composite) -> Result<(), Fault> {
    let members = &composite.members;
    if members.len() < 2 {
        return fault("composite.members", "has fewer than two: name the one backend itself");
    }
    let mut names = HashSet::new();
    for (at, member) in members.iter().enumerate() {
        let key = format!("composite.members[{at}]");
        if !names.insert(member.name.as_str()) {
            return fault(format!("{key}.name"), format!("`{}` is called twice", member.name));
        }
        match (&member.haproxy, &member.exec) {
            (Some(haproxy), None) => check_haproxy(haproxy, &format!("{key}.haproxy"))?,
            (None, Some(exec)) => check_exec(exec, &format!("{key}.exec"))?,
            _ => return fault(key, "is not one backend: give it `haproxy = { … }` or `exec = { … }`"),
        }
    }
    Ok(())
}

/// A HAProxy says where its servers are; nobody else does.
fn check_addresses(settings: &Settings) -> Result<(), Fault> {
    let members = settings.composite.iter().flat_map(|composite| &composite.members);
    let told =
        settings.traffic.backend == Backend::Composite && members.into_iter().any(|m| m.haproxy.is_some());
    match &settings.release.addresses {
        Some(said) if said.blue == said.green => {
            fault("release.addresses.green", "is blue's: one release would be stopped for the other")
        }
        None if !told => fault("release", "`addresses` is missing: where the release of each slot listens"),
        _ => Ok(()),
    }
}
