//! Points 2 and 3: what a watch tells, all of it and in order.

use crate::testkit::desk::{Check, Desk, broken, claimed, ensure, held, in_order, judge};
use crate::testkit::{Follower, Outcome, Subject};
use crate::{Contents, Held, Key};

/// How many changes are made while nobody reads a watch.
const BURST: usize = 12;

/// Point 2: of what is there, a watch first tells all of it or that it is lost, and after that misses no last value.
pub async fn watches_without_missing_a_last_value(subject: &dyn Subject) -> Outcome {
    judge(subject, |desk| async move {
        let mut early = desk.follower().await?;
        agrees(&desk, &mut early, "an idle watch").await?;
        claimed(desk.can().writes, "changes")?;
        burst(&desk, &mut early).await?;
        let key = desk.gate();
        if desk.write_past(&key, Some("outside")).await? {
            desk.is_told(&mut early, &key, Some("outside")).await?;
            desk.write_past(&key, Some("again")).await?;
            desk.is_told(&mut early, &key, Some("again")).await?;
        }
        interrupted(&desk, &mut early).await
    })
    .await
}

async fn burst(desk: &Desk<'_>, early: &mut Follower) -> Check {
    let keys = desk.each_kind();
    let mut late = None;
    for round in 0..BURST {
        for key in &keys {
            desk.put(key, &round.to_string()).await?;
        }
        desk.remove(&keys[round % 3]).await?;
        if round == BURST / 2 {
            late = Some(Follower::of(&*desk.store));
        }
    }
    desk.put(&keys[1], "last").await?;
    agrees(desk, early, "a watch that nobody read for a while").await?;
    if let Some(mut late) = late {
        agrees(desk, &mut late, "a watch that began amid changes").await?;
    }
    begins_whole(desk).await
}

/// The first that a new watch tells of what is there is no less than all of it.
async fn begins_whole(desk: &Desk<'_>) -> Check {
    let loaded = desk.load().await?;
    let begun = desk.follower().await?;
    let first = begun.story().first().map(|contents| &contents.values);
    ensure(first == Some(&loaded.values), || {
        format!(
            "the first that a watch tells has {} keys of {}",
            first.map_or(0, std::collections::BTreeMap::len),
            loaded.values.len()
        )
    })
}

/// What was told, taken together, comes to be what a load gives.
async fn agrees(desk: &Desk<'_>, follower: &mut Follower, who: &str) -> Check {
    let loaded = desk.load().await?;
    let told = follower
        .until(desk.subject.patience(), |follower| {
            follower.state().is_some_and(|state| state.values == loaded.values)
        })
        .await;
    told.or_else(|why| {
        broken(format!("{who} does not come to know what a load gives: {}: {why}", apart(follower, &loaded)))
    })
}

fn apart(follower: &Follower, loaded: &Contents) -> String {
    let mut keys =
        loaded.values.keys().chain(follower.state().into_iter().flat_map(|state| state.values.keys()));
    match keys.find(|key| follower.held(key) != loaded.values.get(*key)) {
        Some(key) => format!("{} is told as {}", held(loaded.values.get(key)), held(follower.held(key))),
        None => "nothing is told".to_owned(),
    }
}

async fn interrupted(desk: &Desk<'_>, early: &mut Follower) -> Check {
    let (missed, after) = (desk.gate(), desk.gate());
    claimed(desk.within("the cutting of the way", desk.subject.cut()).await?, "a way that can be cut")?;
    desk.hears(early, "a watch tells that the store cannot be heard", |follower| {
        !follower.losses().is_empty()
    })
    .await?;
    let mut begun = Follower::of(&*desk.store);
    desk.hears(&mut begun, "a watch begins with the loss", |follower| !follower.losses().is_empty()).await?;
    let amid = desk.write_past(&missed, Some("missed")).await?;
    desk.within("the mending of the way", desk.subject.heal()).await?;
    for follower in [early, &mut begun] {
        if amid {
            desk.is_told(follower, &missed, Some("missed")).await?;
        }
        desk.put(&after, "after").await?;
        desk.is_told(follower, &after, Some("after")).await?;
        agrees(desk, follower, "a watch that was cut off").await?;
        desk.remove(&after).await?;
    }
    Ok(())
}

/// How many values one key gets.
const VALUES: u64 = 40;

/// Point 3: for one key, a watch never tells an older value after a newer one.
pub async fn never_tells_an_older_value_after_a_newer_one(subject: &dyn Subject) -> Outcome {
    judge(subject, |desk| async move {
        claimed(desk.can().writes, "changes")?;
        let mut followers = [desk.follower().await?, desk.follower().await?];
        let keys = [desk.gate(), desk.gate()];
        for number in 0..VALUES {
            let key = &keys[usize::from(number % 3 == 0)];
            let text = number.to_string();
            if number % 4 != 3 || !desk.write_past(key, Some(&text)).await? {
                desk.put(key, &text).await?;
            }
            // The other one reads only in the end.
            in_order(followers[0].catch_up().await)?;
        }
        for follower in &mut followers {
            desk.is_told_all(follower).await?;
            keys.iter().try_for_each(|key| grows(follower.story(), key))?;
        }
        Ok(())
    })
    .await
}

/// A value once told is followed by greater ones only.
pub(super) fn grows(story: &[Contents], key: &Key) -> Check {
    let mut last = None;
    for contents in story {
        let now = contents.values.get(key).and_then(Held::text).and_then(|text| text.parse::<u64>().ok());
        if now < last {
            let say =
                |value: Option<u64>| value.map_or_else(|| "nothing".to_owned(), |value| value.to_string());
            return broken(format!("a watch told {} after {}", say(now), say(last)));
        }
        last = now;
    }
    Ok(())
}
