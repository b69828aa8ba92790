//! Points 1, 8 and 9: what is found after a change, however odd its text, and after a removal.

use tokio::time::sleep;

use crate::testkit::desk::{Check, Desk, LAPSE, WHO, broken, claimed, ensure, held, judge, shown};
use crate::testkit::{Outcome, Subject};
use crate::{Change, Held, Key, Receipt, StoreError};

/// Point 1: whoever loads after a change was confirmed, reads it; the receipt says what stood there before.
pub async fn reads_its_change(subject: &dyn Subject) -> Outcome {
    judge(subject, |desk| async move {
        claimed(desk.can().writes, "changes")?;
        for key in desk.each_kind() {
            let mut before = None;
            for text in ["true", "false", "true", "{}"] {
                stood_there(&desk.put(&key, text).await?, before)?;
                desk.loads(&key, Some(text), "after a put").await?;
                opened_anew(&desk, &key, Some(text)).await?;
                before = Some(text);
            }
            stood_there(&desk.remove(&key).await?, before)?;
            opened_anew(&desk, &key, None).await?;
        }
        Ok(())
    })
    .await
}

fn stood_there(receipt: &Receipt, wanted: Option<&str>) -> Check {
    let (said, wanted) = (receipt.before.as_ref(), wanted.map(Held::from));
    ensure(said == wanted.as_ref(), || {
        format!("the receipt says that {} stood there, and it was {}", held(said), held(wanted.as_ref()))
    })
}

/// Another client of the same place reads it too.
async fn opened_anew(desk: &Desk<'_>, key: &Key, wanted: Option<&str>) -> Check {
    let found = desk.done("a load", desk.subject.store().load()).await?.values.remove(key);
    ensure(found == wanted.map(Held::from), || {
        format!("after a change, another client loads {}", held(found.as_ref()))
    })
}

/// Texts that somebody might take for something else.
const ODD: [&str; 22] = [
    "",
    " ",
    "true",
    "TRUE",
    "True",
    " true",
    "true\n",
    "\r\nfalse",
    "1",
    "01",
    "1e400",
    "null",
    "\"true\"",
    "{}",
    "{ }",
    "{\"b\":1, \"a\":1.50}",
    "{\"a\":1,\"a\":2}",
    "[1,2",
    "a\0b",
    "'; --",
    "\u{feff}true",
    "ünï\u{202e}cödé 🏁",
];

/// Names that somebody might take for something else.
const ODD_NAMES: [&str; 8] = [" x", ":x", "*", "/../x", "\"q\"", "{x}", "%s", "ünï🏁"];

/// Point 8: a text of up to [`Held::LONGEST`] bytes is kept as it is, whatever it says; a longer one is refused, or
/// unreadable.
pub async fn keeps_a_text_as_it_is(subject: &dyn Subject) -> Outcome {
    judge(subject, |desk| async move {
        claimed(desk.can().writes, "changes")?;
        let mut follower = desk.follower().await?;
        let longest = "é".repeat(Held::LONGEST / 2);
        for key in desk.each_kind() {
            for text in ODD.into_iter().chain([&*longest]) {
                desk.put(&key, text).await?;
                desk.loads(&key, Some(text), &format!("after a put of {}", shown(text))).await?;
                desk.is_told(&mut follower, &key, Some(text)).await?;
            }
        }
        for odd in ODD_NAMES {
            let key = desk.odd_gate(odd);
            desk.put(&key, odd).await?;
            desk.loads(&key, Some(odd), &format!("after a put under {key}")).await?;
            desk.is_told(&mut follower, &key, Some(odd)).await?;
        }
        too_long(&desk).await?;
        outside(&desk).await
    })
    .await
}

async fn too_long(desk: &Desk<'_>) -> Check {
    let (key, text) = (desk.gate(), "x".repeat(Held::LONGEST + 1));
    let put = desk.within("a put", desk.store.put(&key, &text, &Change::by(WHO))).await?;
    match (put, desk.loaded(&key).await?) {
        (Ok(_), Some(Held::Unreadable(_))) | (Err(_), None) => Ok(()),
        (_, found) => broken(format!("{} were put, and {} found", shown(&text), held(found.as_ref()))),
    }
}

async fn outside(desk: &Desk<'_>) -> Check {
    let (odd, bytes) = (desk.gate(), desk.gate());
    claimed(desk.write_past(&odd, Some("TRUE\n")).await?, "a text from outside")?;
    desk.loads(&odd, Some("TRUE\n"), "after a write past the store").await?;
    if !desk.within("a write past the store", desk.subject.write_past(&bytes, Some(b"tr\xffue"))).await? {
        return Ok(());
    }
    match desk.within("a load", desk.store.load()).await? {
        Ok(mut contents) => match contents.values.remove(&bytes) {
            Some(Held::Unreadable(_)) => Ok(()),
            found => {
                broken(format!("bytes that are no text stand there, and {} is found", held(found.as_ref())))
            }
        },
        Err(StoreError::Damaged { .. }) => Ok(()),
        Err(error) => {
            broken(format!("bytes that are no text stand there, and a load says: {}", error.in_full()))
        }
    }
}

/// Point 9: a removed key is gone from loads, and told as gone; so is one whose time is over, or that was removed outside.
pub async fn forgets_a_removed_key(subject: &dyn Subject) -> Outcome {
    judge(subject, |desk| async move {
        claimed(desk.can().writes, "changes")?;
        let mut follower = desk.follower().await?;
        for key in desk.each_kind() {
            desk.put(&key, "true").await?;
            desk.is_told(&mut follower, &key, Some("true")).await?;
            desk.remove(&key).await?;
            desk.loads(&key, None, "after a removal").await?;
            desk.is_told(&mut follower, &key, None).await?;
            desk.remove(&key).await?;
            desk.loads(&key, None, "after another removal").await?;
            let begun = desk.follower().await?;
            ensure(begun.held(&key).is_none(), || "a new watch tells of a removed key".to_owned())?;
        }
        if desk.can().expires {
            desk.lapses().await?;
        }
        let key = desk.gate();
        claimed(desk.write_past(&key, Some("true")).await?, "a removal from outside")?;
        desk.is_told(&mut follower, &key, Some("true")).await?;
        desk.write_past(&key, None).await?;
        desk.is_told(&mut follower, &key, None).await
    })
    .await
}

impl Desk<'_> {
    /// A timed value goes by itself, and an old deadline spares a newer value.
    async fn lapses(&self) -> Check {
        let (timed, kept) = (self.gate(), self.gate());
        let mut follower = self.follower().await?;
        for key in [&timed, &kept] {
            let change = Change::by(WHO).expires_after(LAPSE / 3);
            self.done("a timed put", self.store.put(key, "true", &change)).await?;
        }
        self.put(&kept, "false").await?;
        self.is_told(&mut follower, &kept, Some("false")).await?;
        sleep(LAPSE).await;
        self.is_told(&mut follower, &timed, None).await?;
        self.loads(&timed, None, "after its time").await?;
        self.loads(&kept, Some("false"), "after the time of the value before it").await
    }
}
