//! Points 4 and 5: what is not done, and how that is said.

use std::sync::Arc;
use std::time::Duration;

use crate::testkit::desk::{Check, Desk, WHO, broken, claimed, ensure, held, judge};
use crate::testkit::{Outcome, Subject};
use crate::{Change, FlagStore, Held, Key, Receipt, Revision, Seen, StoreError, Usage};

/// How many add to one number at once, and how often each does.
const ADDERS: u64 = 4;
const TIMES: u64 = 5;

/// How often one of them may find that another came first: far more often than all of them can.
const TRIES: u32 = 1_000;

/// Point 4: `only_if` changes nothing where something else stands, and says what; nobody comes between the look and the
/// change.
pub async fn changes_only_if(subject: &dyn Subject) -> Outcome {
    judge(subject, |desk| async move {
        claimed(desk.can().writes, "changes")?;
        for key in desk.each_kind() {
            refuses(&desk, &key, Some("true"), Some("false")).await?;
            makes(&desk, &key, None, Some("true")).await?;
            refuses(&desk, &key, None, Some("false")).await?;
            refuses(&desk, &key, Some("True"), Some("false")).await?;
            refuses(&desk, &key, Some("false"), None).await?;
            makes(&desk, &key, Some("true"), Some("false")).await?;
            makes(&desk, &key, Some("false"), None).await?;
        }
        adds_up(&desk).await
    })
    .await
}

async fn only_if(
    desk: &Desk<'_>,
    key: &Key,
    expected: Option<&str>,
    text: Option<&str>,
) -> Check<Result<Receipt, StoreError>> {
    let change = Change::by(WHO).only_if(expected.map(Held::from));
    match text {
        Some(text) => desk.within("a put", desk.store.put(key, text, &change)).await,
        None => desk.within("a removal", desk.store.remove(key, &change)).await,
    }
}

async fn makes(desk: &Desk<'_>, key: &Key, expected: Option<&str>, text: Option<&str>) -> Check {
    if let Err(error) = only_if(desk, key, expected, text).await? {
        return broken(format!("what was expected stood there, and still: {}", error.in_full()));
    }
    desk.loads(key, text, "after a change that was to be made").await
}

async fn refuses(desk: &Desk<'_>, key: &Key, expected: Option<&str>, text: Option<&str>) -> Check {
    let (before, audited) = (desk.load().await?, lines(desk, key).await?);
    let stands = before.values.get(key);
    match only_if(desk, key, expected, text).await? {
        Err(StoreError::Conflict { key: named, found }) => {
            ensure(named == *key && found.as_ref() == stands, || {
                format!(
                    "{} stands there, and the conflict names {named}: {}",
                    held(stands),
                    held(found.as_ref())
                )
            })?;
        }
        Ok(_) => {
            return broken(format!(
                "{} stood there, and a change meant for something else was made",
                held(stands)
            ));
        }
        Err(error) => return broken(format!("wanted a conflict, got: {}", error.in_full())),
    }
    let after = desk.load().await?;
    ensure(after.values.get(key) == stands && after.revision == before.revision, || {
        format!("a refused change left {} at {:?}", held(after.values.get(key)), after.revision)
    })?;
    ensure(lines(desk, key).await? == audited, || "a refused change is in the audit".to_owned())
}

async fn lines(desk: &Desk<'_>, key: &Key) -> Check<usize> {
    if desk.can().audit { Ok(desk.audit(key).await?.len()) } else { Ok(0) }
}

/// Several add to the same number; none of it is lost.
async fn adds_up(desk: &Desk<'_>) -> Check {
    let key = desk.gate();
    desk.put(&key, "0").await?;
    let adders: Vec<_> = (0..ADDERS).map(|_| tokio::spawn(add(desk.subject.store(), key.clone()))).collect();
    for adder in adders {
        match desk.within("an addition", adder).await? {
            Ok(Ok(())) => {}
            Ok(Err(how)) => return broken(how),
            Err(error) => return broken(format!("an addition: {error}")),
        }
    }
    desk.loads(&key, Some(&(ADDERS * TIMES).to_string()), "after many have added to one number").await
}

async fn add(store: Arc<dyn FlagStore>, key: Key) -> Result<(), String> {
    let mut left = TIMES;
    for _ in 0..TRIES {
        let contents = store.load().await.map_err(|error| error.in_full())?;
        let found = contents.values.get(&key).cloned();
        let number: u64 = found.as_ref().and_then(Held::text).and_then(|text| text.parse().ok()).unwrap_or(0);
        match store.put(&key, &(number + 1).to_string(), &Change::by(WHO).only_if(found)).await {
            Ok(_) => left -= 1,
            Err(StoreError::Conflict { .. }) => tokio::time::sleep(Duration::from_millis(1)).await,
            Err(error) => return Err(error.in_full()),
        }
        if left == 0 {
            return Ok(());
        }
    }
    Err("a change that expects what was loaded is refused again and again".to_owned())
}

/// Point 5: what `capabilities` rules out is `Unsupported`, and changes nothing; what it claims is not.
pub async fn refuses_what_it_cannot_do(subject: &dyn Subject) -> Outcome {
    judge(subject, |desk| async move {
        let (can, key) = (desk.can(), desk.gate());
        writes(&desk, &key, can.writes).await?;
        if can.writes {
            timed(&desk, &key, can.expires).await?;
        }
        answers("the audit", can.audit, &desk.within("the audit", desk.store.audit(1)).await?)?;
        reports(&desk, can.seen).await?;
        claimed(!(can.writes && can.expires && can.audit && can.seen), "a limit: it can do everything")
    })
    .await
}

async fn writes(desk: &Desk<'_>, key: &Key, can: bool) -> Check {
    let before = desk.load().await?;
    let change = Change::by(WHO);
    answers("a put", can, &desk.within("a put", desk.store.put(key, "true", &change)).await?)?;
    if !can {
        unchanged(desk, before.values.get(key), key).await?;
        answers("an acceptance", can, &desk.within("an acceptance", desk.store.accept(&change)).await?)?;
    }
    answers("a removal", can, &desk.within("a removal", desk.store.remove(key, &change)).await?)?;
    ensure(can || desk.load().await? == before, || "what cannot be changed was changed".to_owned())
}

async fn timed(desk: &Desk<'_>, key: &Key, can: bool) -> Check {
    desk.put(key, "before").await?;
    let before = desk.loaded(key).await?;
    let timed = Change::by(WHO).expires_after(Duration::from_mins(10));
    answers("a timed put", can, &desk.within("a timed put", desk.store.put(key, "timed", &timed)).await?)?;
    if can {
        desk.loads(key, Some("timed"), "after a timed put").await
    } else {
        unchanged(desk, before.as_ref(), key).await
    }
}

async fn unchanged(desk: &Desk<'_>, before: Option<&Held>, key: &Key) -> Check {
    let after = desk.loaded(key).await?;
    ensure(after.as_ref() == before, || format!("what was called unsupported left {}", held(after.as_ref())))
}

async fn reports(desk: &Desk<'_>, can: bool) -> Check {
    let store = &desk.store;
    let Key::Gate(flag) = desk.gate() else { return Ok(()) };
    let seen = Seen { instance: "the conformance kit".into(), revision: Revision(1) };
    answers("a report of what was seen", can, &desk.within("a report", store.report_seen(&seen)).await?)?;
    let all = desk.within("who has seen what", store.seen()).await?;
    answers("who has seen what", can, &all)?;
    let usage = Usage { declared: vec![flag.clone()], evaluated: vec![flag.clone()] };
    answers("a report of use", can, &desk.within("a report", store.report_usage(&usage)).await?)?;
    let used = desk.within("what is used", store.usage()).await?;
    answers("what is used", can, &used)?;
    ensure(all.map_or(!can, |all| all.contains(&seen)), || {
        "what was reported as seen is not kept".to_owned()
    })?;
    ensure(used.map_or(!can, |used| in_use(used.get(&flag))), || {
        "what was reported as used is not kept".to_owned()
    })
}

fn in_use(last: Option<&crate::LastUse>) -> bool {
    last.is_some_and(|last| last.declared_ms.is_some() && last.evaluated_ms.is_some())
}

fn answers<T>(what: &str, can: bool, answer: &Result<T, StoreError>) -> Check {
    match answer {
        Err(StoreError::Unsupported { .. }) if can => broken(format!("{what} is claimed, and unsupported")),
        Err(StoreError::Unsupported { .. }) if !can => Ok(()),
        Ok(_) if can => Ok(()),
        Ok(_) => broken(format!("{what} is not claimed, and was accepted")),
        Err(error) => broken(format!("wanted {what} or that it is unsupported, got: {}", error.in_full())),
    }
}
