//! Point 10: what is never shown.

use std::fmt::Debug;

use crate::testkit::desk::{Check, Desk, WHO, claimed, ensure, judge};
use crate::testkit::{Follower, Outcome, Subject};
use crate::{Change, FlagStore, Held, StoreError};

/// Point 10: no error, no name and no `Debug` shows a password.
pub async fn shows_no_password(subject: &dyn Subject) -> Outcome {
    judge(subject, |desk| async move {
        let mut follower = Follower::of(&*desk.store);
        looks(&desk, "as it is", &*desk.store).await?;
        if desk.within("the cutting of the way", desk.subject.cut()).await? {
            desk.hears(&mut follower, "a watch tells of the loss", |follower| !follower.losses().is_empty())
                .await?;
            looks(&desk, "cut off", &*desk.store).await?;
            desk.within("the mending of the way", desk.subject.heal()).await?;
        }
        hides_in(&desk, &follower)?;
        for store in desk.subject.failing() {
            looks(&desk, "where it cannot be used", &*store).await?;
            let mut follower = Follower::of(&*store);
            desk.hears(&mut follower, "a watch tells of the loss", |follower| !follower.losses().is_empty())
                .await?;
            hides_in(&desk, &follower)?;
        }
        claimed(!desk.subject.secrets().is_empty(), "a secret to look for")
    })
    .await
}

async fn looks(desk: &Desk<'_>, when: &str, store: &dyn FlagStore) -> Check {
    hides(desk, &format!("its name, {when}"), &store.name())?;
    hides(desk, &format!("its Debug, {when}"), &format!("{store:?}"))?;
    let (key, change) = (desk.gate(), Change::by(WHO).only_if(Some(Held::from("something else"))));
    hides_error(desk, when, desk.within("a load", store.load()).await?)?;
    hides_error(desk, when, desk.within("a put", store.put(&key, "true", &change)).await?)?;
    hides_error(desk, when, desk.within("a removal", store.remove(&key, &change)).await?)?;
    hides_error(desk, when, desk.within("the audit", store.audit(1)).await?)?;
    hides_error(desk, when, desk.within("who has seen what", store.seen()).await?)?;
    hides_error(desk, when, desk.within("what is used", store.usage()).await?)
}

fn hides_error<T: Debug>(desk: &Desk<'_>, when: &str, answer: Result<T, StoreError>) -> Check {
    match answer {
        Ok(_) => Ok(()),
        Err(error) => {
            hides(desk, &format!("an error ({}), {when}", error.kind()), &error.in_full())?;
            hides(desk, &format!("the Debug of an error ({}), {when}", error.kind()), &format!("{error:?}"))
        }
    }
}

fn hides_in(desk: &Desk<'_>, follower: &Follower) -> Check {
    follower.losses().iter().try_for_each(|loss| hides(desk, "a watch that was lost", loss))?;
    follower.noticed().iter().try_for_each(|noticed| hides(desk, "what an operator is told", noticed))
}

fn hides(desk: &Desk<'_>, place: &str, text: &str) -> Check {
    let shown = desk.subject.secrets().iter().any(|secret| text.contains(secret));
    // The report must not show it either.
    ensure(!shown, || format!("a secret is shown in {place}"))
}
