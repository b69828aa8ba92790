//! Point 7: the numbers of changes.

use crate::testkit::desk::{Check, Desk, broken, claimed, ensure, in_order, judge, numbered};
use crate::testkit::{Follower, Outcome, Subject};
use crate::{Contents, Held, Key, Revision};

/// How many changes are counted.
const CHANGES: u64 = 30;

/// Point 7: revisions grow, and a watcher hears of a revision with the change that it counts, never later and never before.
///
/// Never before, because a process that has heard of a revision confirms every change up to it.
pub async fn counts_upwards_and_tells_the_count_with_the_change(subject: &dyn Subject) -> Outcome {
    judge(subject, |desk| async move {
        claimed(desk.can().revisions, "revisions")?;
        claimed(desk.can().writes, "changes")?;
        let mut followers = [desk.follower().await?, desk.follower().await?];
        begins_counted(&desk, &followers[0]).await?;
        let keys = [desk.gate(), desk.gate()];
        let mut counted: Vec<Counted> = Vec::new();
        for number in 0..CHANGES {
            let (at, text) = (usize::from(number % 3 == 0), number.to_string());
            let revision = numbered(&desk.put(&keys[at], &text).await?)?;
            grown(&desk, counted.last(), revision).await?;
            counted.push(Counted { key: at, number, revision });
            in_order(followers[0].catch_up().await)?;
        }
        for follower in &mut followers {
            desk.is_told_all(follower).await?;
            follower.story().iter().try_for_each(|contents| together(contents, &keys, &counted))?;
        }
        Ok(())
    })
    .await
}

/// What there is at first has the number of the last change too.
async fn begins_counted(desk: &Desk<'_>, follower: &Follower) -> Check {
    let (told, loaded) = (follower.state().and_then(|state| state.revision), desk.load().await?.revision);
    ensure(told == loaded && told.is_some(), || {
        format!("a watch begins at revision {told:?}, and a load says {loaded:?}")
    })
}

/// One change with its number.
struct Counted {
    key: usize,
    number: u64,
    revision: Revision,
}

async fn grown(desk: &Desk<'_>, last: Option<&Counted>, revision: Revision) -> Check {
    if let Some(last) = last.filter(|last| last.revision >= revision) {
        return broken(format!("revision {revision} came after {}", last.revision));
    }
    let loaded = desk.load().await?.revision;
    ensure(loaded >= Some(revision), || format!("after revision {revision}, a load says {loaded:?}"))
}

/// At one moment, a watcher has heard of each change if, and only if, it has heard of its number.
fn together(told: &Contents, keys: &[Key; 2], counted: &[Counted]) -> Check {
    for change in counted {
        let text = told.values.get(&keys[change.key]).and_then(Held::text);
        let heard = text.and_then(|text| text.parse::<u64>().ok()) >= Some(change.number);
        let known = told.revision >= Some(change.revision);
        if heard != known {
            let when = if heard { "later than" } else { "before" };
            return broken(format!(
                "a watch told of revision {} {when} the change that it counts",
                change.revision
            ));
        }
    }
    Ok(())
}
