//! Telling of the file's changes.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::disk;
use super::ears::Ears;
use super::place::Place;
use super::{Looks, Shared};
use crate::store::{Contents, Delivery, StoreError, StoreEvent, Teller, Unwatched};
use crate::stores::difference;

/// Between two looks at a file that somebody may be writing at this moment.
const BLINK: Duration = Duration::from_millis(50);

/// For how many blinks a file that cannot be read is taken for one that is just being written.
const TORN: u32 = 4;

/// The same for a file that is gone: some editors move the old one away before they write the new one.
const GONE: u32 = 20;

/// How often listening is tried at once, before the file is read from time to time instead.
const TURNED: u32 = 5;

/// How long nothing must be heard before the audit is compared: whoever is writing holds its lock.
const QUIET: Duration = Duration::from_millis(100);

/// One watcher's view of the file.
pub(super) struct Watcher {
    shared: Arc<Shared>,
    looks: Looks,
    ears: Ears,
    delivery: Option<Delivery>,
    /// What the file held when it was last read, `None` where it was not there.
    bytes: Option<Arc<[u8]>>,
    /// What was told; `None` until then, and after a loss.
    told: Option<Contents>,
    /// What was told of a loss that still lasts.
    lost: Option<String>,
    /// Whether the audit has been compared with the bytes above.
    compared: bool,
}

/// What one look at the file found.
struct Look {
    bytes: Option<Arc<[u8]>>,
    /// `None` where it is what was told already.
    contents: Option<Result<Contents, StoreError>>,
    as_of: Instant,
}

impl Watcher {
    pub(super) fn new(shared: Arc<Shared>, looks: Looks) -> Self {
        let ears = Ears::new(looks.listens);
        Self { shared, looks, ears, delivery: None, bytes: None, told: None, lost: None, compared: true }
    }

    pub(super) async fn run(mut self, teller: Teller) -> Result<(), Unwatched> {
        self.listen(false).await;
        let mut heard = true;
        loop {
            self.tell_delivery(&teller).await?;
            let look = self.settled().await;
            let changed = self.take(look, &teller).await?;
            // Unheard changes mean that the ears are in the wrong place; links may lead elsewhere after any change.
            let anew = self.listen(changed && !heard).await;
            heard = anew || self.wait().await;
        }
    }

    async fn listen(&mut self, anew: bool) -> bool {
        let (ears, shared) = (std::mem::replace(&mut self.ears, Ears::new(false)), Arc::clone(&self.shared));
        let listening = tokio::task::spawn_blocking(move || listen(&shared.place, ears, anew)).await;
        let (ears, begun) = listening.unwrap_or_else(|_| (Ears::new(self.looks.listens), false));
        self.ears = ears;
        begun
    }

    async fn tell_delivery(&mut self, teller: &Teller) -> Result<(), Unwatched> {
        let every = self.looks.every;
        let now = if self.ears.open() { Delivery::Push } else { Delivery::Polled { every } };
        if self.delivery.replace(now) == Some(now) {
            return Ok(());
        }
        teller.tell(StoreEvent::Delivery(now)).await
    }

    /// Looks until it is a state that somebody meant, or has stayed for a while.
    async fn settled(&self) -> Look {
        let mut look = self.look().await;
        for blinks in 0.. {
            if blinks >= self.patience(&look) {
                break;
            }
            sleep(BLINK).await;
            look = self.look().await;
        }
        look
    }

    /// For how many blinks this is not believed.
    fn patience(&self, look: &Look) -> u32 {
        match &look.contents {
            Some(Err(StoreError::Damaged { .. })) if self.lost.is_none() => TORN,
            Some(Ok(_)) if look.bytes.is_none() && self.bytes.is_some() => GONE,
            _ => 0,
        }
    }

    async fn look(&self) -> Look {
        let as_of = Instant::now();
        let (shared, known) = (Arc::clone(&self.shared), self.told.is_some().then(|| self.bytes.clone()));
        let looking = tokio::task::spawn_blocking(move || look(&shared.place, known.as_ref())).await;
        let (bytes, contents) =
            looking.unwrap_or_else(|error| (None, Some(Err(self.shared.place.unreachable(error)))));
        Look { bytes, contents, as_of }
    }

    /// Tells what was found, and says whether it is anything new.
    async fn take(&mut self, look: Look, teller: &Teller) -> Result<bool, Unwatched> {
        let Look { bytes, contents, as_of } = look;
        let Some(contents) = contents else {
            teller.tell(StoreEvent::Fresh { as_of }).await?;
            return Ok(false);
        };
        let gone = self.bytes.is_some() && bytes.is_none();
        let changed = self.bytes != bytes;
        self.bytes = bytes;
        self.compared &= !changed;
        match contents {
            Ok(contents) => self.tell(contents, gone, as_of, teller).await?,
            Err(error) => self.lose(error, teller).await?,
        }
        Ok(changed)
    }

    async fn tell(
        &mut self,
        now: Contents,
        gone: bool,
        as_of: Instant,
        teller: &Teller,
    ) -> Result<(), Unwatched> {
        if gone {
            let name = self.shared.place.name();
            teller.tell(StoreEvent::Noticed(format!("{name} is gone, and reads as empty"))).await?;
        }
        let event = match &self.told {
            None => StoreEvent::Contents { contents: now.clone(), as_of },
            Some(told) => difference(told, &now, as_of),
        };
        (self.told, self.lost) = (Some(now), None);
        teller.tell(event).await
    }

    /// A loss is told once, and again where it is another one.
    async fn lose(&mut self, error: StoreError, teller: &Teller) -> Result<(), Unwatched> {
        self.told = None;
        let said = error.in_full();
        if self.lost.replace(said.clone()) == Some(said) {
            return Ok(());
        }
        teller.tell(StoreEvent::Lost(error)).await
    }

    /// Waits for the next look, and meanwhile, once nobody writes, compares the audit. `false` if nothing was heard.
    async fn wait(&mut self) -> bool {
        if !self.compared {
            if self.ears.wait(QUIET.min(self.looks.every)).await {
                return true;
            }
            let shared = Arc::clone(&self.shared);
            let comparing = tokio::task::spawn_blocking(move || shared.compare()).await;
            self.compared = comparing.unwrap_or(true);
        }
        self.ears.wait(self.looks.every).await
    }
}

/// Listens on the way to the file; a link that is turned meanwhile may take a folder away that was to be listened in.
fn listen(place: &Place, mut ears: Ears, anew: bool) -> (Ears, bool) {
    let mut begun = false;
    for _ in 0..TURNED {
        (ears, begun) = ears.listen(place.folders(), anew);
        if ears.open() {
            break;
        }
    }
    (ears, begun)
}

type Found = (Option<Arc<[u8]>>, Option<Result<Contents, StoreError>>);

/// Reads the file, and what it says unless it says what is known.
fn look(place: &Place, known: Option<&Option<Arc<[u8]>>>) -> Found {
    match disk::bytes(place) {
        Err(error) => (None, Some(Err(error))),
        Ok(bytes) if known.is_some_and(|known| known.as_deref() == bytes.as_deref()) => {
            (bytes.map(Arc::from), None)
        }
        Ok(bytes) => {
            let contents = disk::contents(place, bytes.as_deref());
            (bytes.map(Arc::from), Some(contents))
        }
    }
}
