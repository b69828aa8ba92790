//! Point 6: what is written down.

use crate::testkit::desk::{Check, Desk, broken, claimed, ensure, held, judge};
use crate::testkit::{Outcome, Subject};
use crate::{AuditEntry, Change, Held, Key, Receipt};

/// Point 6: every confirmed change is in the audit, once, with who, why, before and after, where an audit is kept.
pub async fn audits_every_change_once(subject: &dyn Subject) -> Outcome {
    judge(subject, |desk| async move {
        claimed(desk.can().audit, "an audit")?;
        claimed(desk.can().writes, "changes")?;
        for key in desk.each_kind() {
            let receipts = changes(&desk, &key).await?;
            let lines = desk.audit(&key).await?;
            ensure(lines.len() == receipts.len(), || {
                format!("{} changes were made, and {} are in the audit", receipts.len(), lines.len())
            })?;
            for ((number, receipt), line) in receipts.iter().enumerate().zip(lines.iter().rev()) {
                describes(line, number, receipt)?;
            }
        }
        newest(&desk).await
    })
    .await
}

/// What stands there after each change, `None` for a removal.
const TEXTS: [Option<&str>; 5] = [Some("true"), Some("false"), Some("false"), None, None];

async fn changes(desk: &Desk<'_>, key: &Key) -> Check<Vec<Receipt>> {
    let mut receipts = Vec::new();
    for (number, text) in TEXTS.into_iter().enumerate() {
        let (change, store) = (said(number), &desk.store);
        receipts.push(match text {
            Some(text) => desk.done("a put", store.put(key, text, &change)).await?,
            None => desk.done("a removal", store.remove(key, &change)).await?,
        });
    }
    Ok(receipts)
}

/// Only some changes have a reason, and belong to a run.
fn said(number: usize) -> Change {
    let change = Change::by(format!("somebody, change {number}"));
    if number.is_multiple_of(2) {
        change.because(format!("because of {number}")).in_run(format!("run {number}"))
    } else {
        change
    }
}

fn describes(line: &AuditEntry, number: usize, receipt: &Receipt) -> Check {
    let change = said(number);
    let before = number.checked_sub(1).and_then(|before| TEXTS[before]).map(Held::from);
    let (wanted, got) = (
        (&change.actor, &change.reason, &change.run, receipt.revision),
        (&line.actor, &line.reason, &line.run, line.revision),
    );
    if wanted != got {
        return broken(format!("the audit of change {number} says {got:?}, and it was {wanted:?}"));
    }
    let after = TEXTS[number].map(Held::from);
    ensure(line.before == before && line.after == after, || {
        let (was, is) = (held(line.before.as_ref()), held(line.after.as_ref()));
        format!(
            "the audit of change {number} says from {was} to {is}, and it was from {} to {}",
            held(before.as_ref()),
            held(after.as_ref())
        )
    })
}

/// Asked for one line, the audit gives the newest.
async fn newest(desk: &Desk<'_>) -> Check {
    let key = desk.gate();
    desk.put(&key, "newest").await?;
    let lines = desk.done("the audit", desk.store.audit(1)).await?;
    let keys: Vec<_> = lines.iter().map(|line| &line.key).collect();
    ensure(keys == [&key], || {
        format!("asked for the newest line, the audit gives {} lines, not that one", keys.len())
    })
}
