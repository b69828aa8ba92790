//! `handover flags stale`: flags that nobody needs any more, as far as anybody knows.

mod page;

use std::collections::BTreeMap;

use handover_core::Timestamp;
use handover_flags::{AuditEntry, Contents, FlagName, FlagStore as _, Held, Key, LastUse, StoreError};
use serde::Serialize;

use super::failed::failed;
use super::standing::{Gate, Standing};
use super::words::counted;
use super::{VERSION, WHOLE_AUDIT, known, opened};
use crate::args::StaleFlags;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

const ATTEMPTED: &str = "could not look for stale flags";
const DAY_MS: u64 = 86_400_000;

/// The `--json` form.
#[derive(Debug, PartialEq, Serialize)]
struct Shown {
    version: u32,
    days: u32,
    /// In the store, and no process has declared or read them for so long.
    unused: Vec<Unused>,
    /// Declared by processes, and not in the store.
    missing: Vec<FlagName>,
    /// The same for everybody for so long.
    settled: Vec<Settled>,
    /// What cannot be known.
    unknown: Vec<String>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Unused {
    flag: FlagName,
    last_use_ms: Option<u64>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Settled {
    flag: FlagName,
    on: bool,
    /// When it was changed last; absent where that is longer ago than the audit goes back.
    since_ms: Option<u64>,
}

type UsageOf = BTreeMap<FlagName, LastUse>;

/// Looks for them.
pub(super) async fn run(args: &StaleFlags, context: &Context) -> Result<Exit, Failure> {
    let store = opened::open(args.store.at.as_deref(), context)?;
    let contents = known::load(&store, ATTEMPTED).await?;
    let usage = kept(store.usage().await)?;
    let audit = kept(store.audit(WHOLE_AUDIT).await)?;
    let past = Past::new(args.days.get(), Timestamp::now().unix_millis());
    let shown = Shown::of(&contents, usage.as_ref(), audit.as_deref(), past);
    context.output.result(&shown, &shown);
    Ok(Exit::Done)
}

fn kept<T>(read: Result<T, StoreError>) -> Result<Option<T>, Failure> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(StoreError::Unsupported { .. }) => Ok(None),
        Err(error) => Err(failed(ATTEMPTED, &error)),
    }
}

/// A time that began so many days ago.
#[derive(Debug, Clone, Copy)]
struct Past {
    days: u32,
    began_ms: u64,
}

impl Past {
    const fn new(days: u32, now_ms: u64) -> Self {
        Self { days, began_ms: now_ms.saturating_sub(days as u64 * DAY_MS) }
    }

    /// Whether it was before that time.
    const fn is_before(self, at_ms: u64) -> bool {
        at_ms < self.began_ms
    }
}

impl Shown {
    fn of(contents: &Contents, usage: Option<&UsageOf>, audit: Option<&[AuditEntry]>, past: Past) -> Self {
        let mut unknown = Vec::new();
        let used = usage.filter(|usage| !usage.is_empty());
        match usage {
            None => unknown.push("which flags are used: this store does not keep it".to_owned()),
            Some(usage) if usage.is_empty() => {
                unknown.push("which flags are used: no process has said so yet".to_owned());
            }
            Some(_) => {}
        }
        let settled = match audit {
            None => {
                unknown.push("how long a flag has been as it is: this store keeps no audit".to_owned());
                Vec::new()
            }
            Some(audit) => settled(contents, audit, past, &mut unknown),
        };
        Self {
            version: VERSION,
            days: past.days,
            unused: used.map(|used| unused(contents, used, past)).unwrap_or_default(),
            missing: used.map(|used| missing(contents, used, past)).unwrap_or_default(),
            settled,
            unknown,
        }
    }
}

fn last_use(usage: LastUse) -> Option<u64> {
    usage.declared_ms.max(usage.evaluated_ms)
}

fn unused(contents: &Contents, used: &UsageOf, past: Past) -> Vec<Unused> {
    let all = contents
        .flags()
        .map(|flag| Unused { flag: flag.clone(), last_use_ms: used.get(flag).copied().and_then(last_use) });
    all.filter(|unused| unused.last_use_ms.is_none_or(|at| past.is_before(at))).collect()
}

fn missing(contents: &Contents, used: &UsageOf, past: Past) -> Vec<FlagName> {
    let declared = used.iter().filter(|(_, usage)| usage.declared_ms.is_some_and(|at| !past.is_before(at)));
    declared.map(|(flag, _)| flag).filter(|flag| known::gate(contents, flag).is_none()).cloned().collect()
}

/// Flags that are the same for everybody, and were not changed in all that time.
fn settled(contents: &Contents, audit: &[AuditEntry], past: Past, unknown: &mut Vec<String>) -> Vec<Settled> {
    let mut changed: BTreeMap<&FlagName, u64> = BTreeMap::new();
    for entry in audit.iter().filter(|entry| !matches!(entry.key, Key::Segment(_))) {
        let at = changed.entry(entry.key.name()).or_default();
        *at = entry.at_ms.max(*at);
    }
    let reaches_back = audit.last().is_some_and(|oldest| past.is_before(oldest.at_ms));
    let (mut settled, mut too_short) = (Vec::new(), 0);
    for (flag, on) in contents.flags().filter_map(|flag| Some((flag, same_for_all(contents, flag)?))) {
        match changed.get(flag).copied() {
            Some(at) if past.is_before(at) => {
                settled.push(Settled { flag: flag.clone(), on, since_ms: Some(at) });
            }
            None if reaches_back => settled.push(Settled { flag: flag.clone(), on, since_ms: None }),
            None => too_short += 1,
            Some(_) => {}
        }
    }
    if too_short > 0 {
        let flags = counted(too_short, "flag");
        unknown
            .push(format!("how old the value of {flags} is: the audit does not go back {} days", past.days));
    }
    settled
}

/// What a flag is, where it is that for everybody.
fn same_for_all(contents: &Contents, flag: &FlagName) -> Option<bool> {
    let standing = Standing::of(contents, flag);
    match (standing.gate, known::rules(contents, flag)) {
        (Gate::Off, _) => Some(false),
        (Gate::On, None) => Some(true),
        (Gate::On, Some(Held::Text(_))) => {
            let rules = standing.rules?;
            (rules == handover_flags::rules::Rules::default()).then_some(true)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 100 * DAY_MS;

    fn name(text: &str) -> FlagName {
        FlagName::new(text).unwrap()
    }

    fn contents(values: &[(&str, &str)]) -> Contents {
        let value = |(key, text): &(&str, &str)| (Key::parse(key).unwrap().unwrap(), Held::from(*text));
        Contents { values: values.iter().map(value).collect(), ..Contents::default() }
    }

    fn changed(key: &str, days_ago: u64) -> AuditEntry {
        AuditEntry {
            at_ms: NOW - days_ago * DAY_MS,
            key: Key::parse(key).unwrap().unwrap(),
            before: None,
            after: None,
            actor: "ann".into(),
            reason: None,
            run: None,
            revision: None,
        }
    }

    fn used(days_ago: u64) -> LastUse {
        LastUse { declared_ms: Some(NOW - days_ago * DAY_MS), evaluated_ms: None }
    }

    #[test]
    fn each_kind_of_stale_flag_is_found_and_others_are_not() {
        let contents = contents(&[
            ("feature:busy", "true"),
            ("feature:forgotten", "true"),
            ("feature:never", "false"),
            ("feature:rollout", "true"),
            ("feature-rules:rollout", r#"{"rules":[{"percentage":10}]}"#),
            ("feature:odd", "yes"),
        ]);
        let usage: UsageOf =
            [("busy", 1), ("forgotten", 31), ("rollout", 1), ("odd", 1), ("absent", 2), ("long_absent", 40)]
                .map(|(flag, days)| (name(flag), used(days)))
                .into();
        let audit = ["busy", "rollout"].map(|flag| changed(&format!("feature:{flag}"), 29));
        let audit = [&audit[..], &[changed("feature:forgotten", 31), changed("feature:odd", 99)]].concat();
        let shown = Shown::of(&contents, Some(&usage), Some(&audit), Past::new(30, NOW));
        insta::assert_snapshot!(shown, @"
        no process has declared or read these for 30 days:
        FLAG       LAST USED
        forgotten  1970-03-11 00:00:00Z
        never      never

        processes declare these, and the store has nothing for them: each has its safe value:
        FLAG
        absent

        the same for everybody for 30 days, to be taken out of the code:
        FLAG       VALUE  SINCE
        forgotten  on     1970-03-11 00:00:00Z
        never      off    before the audit began
        ");
    }

    #[test]
    fn what_cannot_be_known_is_said() {
        let contents = contents(&[("feature:a", "true")]);
        let past = Past::new(30, NOW);
        let said = [
            Shown::of(&contents, None, None, past),
            Shown::of(&contents, Some(&UsageOf::new()), Some(&[]), past),
            Shown::of(&Contents::default(), Some(&[(name("b"), used(90))].into()), Some(&[]), past),
        ];
        insta::assert_snapshot!(said.map(|said| said.to_string()).join("\n---\n"), @"
        NOT KNOWN: which flags are used: this store does not keep it
        NOT KNOWN: how long a flag has been as it is: this store keeps no audit
        ---
        NOT KNOWN: which flags are used: no process has said so yet
        NOT KNOWN: how old the value of 1 flag is: the audit does not go back 30 days
        ---
        no flag is stale: each was used and changed within 30 days
        ");
    }
}
