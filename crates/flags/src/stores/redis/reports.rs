//! Which process has taken up what, and which flags are used.

use std::collections::BTreeMap;

use redis::Pipeline;

use super::keys;
use super::link::Link;
use super::read::revision;
use super::trouble::Trouble;
use crate::FlagName;
use crate::store::{LastUse, Seen, Usage};

/// For how long it is believed that a process lives which says no more, in milliseconds.
const SILENT_MS: u64 = 30_000;

/// Says what an instance has taken up.
pub(super) async fn report_seen(link: &mut Link, seen: &Seen) -> Result<(), Trouble> {
    let mut pipeline = Pipeline::new();
    pipeline.cmd("SET").arg(key(&seen.instance)).arg(seen.revision.0).arg("PX").arg(SILENT_MS);
    pipeline.cmd("SADD").arg(keys::INSTANCES).arg(&*seen.instance);
    link.ask_all(&pipeline).await?.into_iter().collect::<Result<Vec<_>, _>>().map(drop)
}

/// What each living instance has taken up.
pub(super) async fn seen(link: &mut Link) -> Result<Vec<Seen>, Trouble> {
    let mut instances: Vec<String> = link.ask(redis::cmd("SMEMBERS").arg(keys::INSTANCES)).await?;
    if instances.is_empty() {
        return Ok(Vec::new());
    }
    instances.sort_unstable();
    let wanted: Vec<_> = instances.iter().map(|instance| key(instance)).collect();
    let said: Vec<Option<String>> = link.ask(redis::cmd("MGET").arg(wanted)).await?;
    let all: Vec<_> = instances.into_iter().zip(said).collect();
    forget(link, &all).await?;
    Ok(all
        .into_iter()
        .filter_map(|(instance, said)| Some(Seen { instance: instance.into(), revision: revision(&said?) }))
        .collect())
}

/// Instances that are gone, so that the set does not grow with each deployment. One that lives says so again soon.
async fn forget(link: &mut Link, all: &[(String, Option<String>)]) -> Result<(), Trouble> {
    let gone: Vec<_> = all.iter().filter(|(_, said)| said.is_none()).map(|(instance, _)| instance).collect();
    if gone.is_empty() {
        return Ok(());
    }
    match link.ask(redis::cmd("SREM").arg(keys::INSTANCES).arg(gone)).await {
        // Who may only read sees as much.
        Err(Trouble::Said(_)) | Ok(()) => Ok(()),
        Err(trouble) => Err(trouble),
    }
}

fn key(instance: &str) -> String {
    format!("{}{instance}", keys::SEEN)
}

/// Says which flags an instance uses.
pub(super) async fn report_usage(link: &mut Link, usage: &Usage) -> Result<(), Trouble> {
    let (seconds, micros): (u64, u64) = link.ask(&redis::cmd("TIME")).await?;
    let now = seconds.saturating_mul(1_000).saturating_add(micros / 1_000);
    let mut command = redis::cmd("HSET");
    command.arg(keys::USAGE);
    for (kind, flags) in [("declared:", &usage.declared), ("evaluated:", &usage.evaluated)] {
        for flag in flags {
            command.arg(format!("{kind}{flag}")).arg(now);
        }
    }
    if usage.declared.is_empty() && usage.evaluated.is_empty() {
        return Ok(());
    }
    link.ask(&command).await
}

/// When each flag was last used.
pub(super) async fn usage(link: &mut Link) -> Result<BTreeMap<FlagName, LastUse>, Trouble> {
    let fields: Vec<(Vec<u8>, Vec<u8>)> = link.ask(redis::cmd("HGETALL").arg(keys::USAGE)).await?;
    let mut usage = BTreeMap::<FlagName, LastUse>::new();
    for (field, value) in &fields {
        note(&mut usage, &String::from_utf8_lossy(field), &String::from_utf8_lossy(value));
    }
    Ok(usage)
}

/// What makes no sense is left out.
fn note(usage: &mut BTreeMap<FlagName, LastUse>, field: &str, value: &str) {
    let Some((kind, flag)) = field.split_once(':') else { return };
    let (Ok(flag), Ok(at)) = (FlagName::new(flag), value.parse()) else { return };
    match kind {
        "declared" => usage.entry(flag).or_default().declared_ms = Some(at),
        "evaluated" => usage.entry(flag).or_default().evaluated_ms = Some(at),
        _ => {}
    }
}
