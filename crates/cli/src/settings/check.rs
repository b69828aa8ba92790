//! What no single value shows: settings that contradict one another.

use std::time::Duration;

use super::check_backend::{check_address, check_backend, check_counting};
use super::check_migrate::check_migrate;
use super::document::Fault;
use super::{Flags, Health, Kind, Launcher, Period, Release, Settings, Strategy};

/// A shorter lease would be lost to a pause of the machine; a longer one leaves a bad release alone too long.
const LEASE_TTL: std::ops::RangeInclusive<Duration> = Duration::from_secs(3)..=Duration::from_mins(5);

/// More processes per slot than this is a typing mistake on one machine.
const MOST_INSTANCES: u16 = 256;

/// Refuses settings that contradict one another, naming the key at fault.
pub(super) fn check(settings: &Settings) -> Result<(), Fault> {
    check_backend(settings)?;
    check_address(settings)?;
    check_counting(settings)?;
    check_release(&settings.release)?;
    check_views(&settings.health)?;
    check_flags(settings.flags.as_ref())?;
    check_migrate(settings.migrate.as_ref())?;
    check_strategy(&settings.strategy)?;
    check_lease(settings.agent.lease_ttl)
}

fn check_commands(release: &Release) -> Result<(), Fault> {
    match release.launcher {
        Launcher::Local if release.command.is_none() => {
            fault("release", "`command` is missing: what runs a release")
        }
        Launcher::Command if release.launch.is_none() => {
            fault("release", "`launch` is missing: what starts a release in a slot")
        }
        _ => Ok(()),
    }
}

fn check_release(release: &Release) -> Result<(), Fault> {
    check_commands(release)?;
    let Release { artifact, archive, in_place, instances, .. } = release;
    match (artifact, archive) {
        // What runs elsewhere may be made elsewhere, an image for one.
        (None, None) if release.launcher != Launcher::Local => {}
        (None, None) => {
            return fault(
                "release",
                "says neither where the files are (`artifact = \"FOLDER\"`) nor `archive = \"git\"`",
            );
        }
        (Some(_), Some(_)) => {
            return fault("release.archive", "stands beside `artifact`; keep one of the two");
        }
        (Some(path), None) if path.as_os_str().is_empty() => return fault("release.artifact", "is empty"),
        (None, Some(_)) if *in_place => {
            return fault("release.in_place", "needs `artifact`: an archive is always a copy");
        }
        _ => {}
    }
    if instances.get() > MOST_INSTANCES {
        return fault("release.instances", format!("{instances} is more than {MOST_INSTANCES}"));
    }
    Ok(())
}

fn check_views(health: &Health) -> Result<(), Fault> {
    let views: Vec<String> = health.views.iter().map(ToString::to_string).collect();
    for (at, view) in views.iter().enumerate() {
        if view.contains('?') {
            return fault(
                format!("health.views[{at}]"),
                "has a query, which the journal would keep: leave it out",
            );
        }
        if views[..at].contains(view) {
            return fault(format!("health.views[{at}]"), "is there twice: one view would count for two");
        }
    }
    match (health.views_needed, views.len()) {
        (Some(_), 0) => fault("health.views_needed", "needs `views`: the addresses that are asked"),
        (Some(needed), of) if health.needed() > of => {
            fault("health.views_needed", format!("{needed} is more than the {of} of `views`"))
        }
        _ => Ok(()),
    }
}

fn check_flags(flags: Option<&Flags>) -> Result<(), Fault> {
    let Some(Flags { store, store_env, store_file, set }) = flags else { return Ok(()) };
    let named = [
        ("store", store.is_some()),
        ("store_env", store_env.is_some()),
        ("store_file", store_file.is_some()),
    ];
    let mut named = named.into_iter().filter(|(_, is)| *is).map(|(key, _)| key);
    match (named.next(), named.next()) {
        (None, _) if !set.is_empty() => {
            return fault(
                "flags",
                "`set` needs to know where flags are kept: `store = \"redis://HOST:6379/0\"`, or `store_env = \"REDIS_URL\"`",
            );
        }
        (Some(first), Some(second)) => {
            return fault(format!("flags.{second}"), format!("stands beside `{first}`; keep one of the two"));
        }
        _ => {}
    }
    let twice = (1..set.len()).find(|at| set[..*at].iter().any(|earlier| earlier.flag == set[*at].flag));
    twice.map_or(Ok(()), |at| {
        fault(format!("flags.set[{at}].flag"), "is set twice: a deployment sets each flag once")
    })
}

fn check_strategy(strategy: &Strategy) -> Result<(), Fault> {
    match (strategy.kind, &strategy.steps) {
        (Kind::BlueGreen, Some(steps)) if !steps.is_empty() => {
            fault("strategy.steps", "mean nothing to kind \"blue-green\", which moves everything at once")
        }
        (Kind::Canary, Some(steps)) if steps.is_empty() => {
            fault("strategy.steps", "is empty; a canary needs a step, or choose kind \"blue-green\"")
        }
        _ => check_steps(strategy),
    }
}

fn check_steps(strategy: &Strategy) -> Result<(), Fault> {
    let stages = strategy.stages();
    for (at, step) in stages.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| stages[before].weight);
        if let Some(before) = before.filter(|before| *before >= step.weight) {
            let because = format!("{} is not above the {before} of the step before", step.weight);
            return fault(format!("strategy.steps[{at}].weight"), because);
        }
        if step.max_time.get() < step.min_time.get() {
            let because = format!("{} is below the step's min_time of {}", step.max_time, step.min_time);
            return fault(format!("strategy.steps[{at}].max_time"), because);
        }
    }
    Ok(())
}

fn check_lease(ttl: Period) -> Result<(), Fault> {
    if LEASE_TTL.contains(&ttl.get()) {
        return Ok(());
    }
    fault("agent.lease_ttl", format!("{ttl} is not between 3s and 5m"))
}

pub(super) fn fault(key: impl Into<String>, because: impl Into<String>) -> Result<(), Fault> {
    Err(Fault { key: key.into(), because: because.into() })
}
