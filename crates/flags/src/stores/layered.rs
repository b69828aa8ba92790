use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::difference;
use crate::FlagName;
use crate::store::{
    AuditEntry, Capabilities, Change, Contents, Delivery, FlagStore, Held, Key, LastUse, Receipt, Seen,
    StoreError, StoreEvent, Teller, Unwatched, Usage, Watch,
};

/// One of the stores.
type Store = Arc<dyn FlagStore>;

/// Several stores one above the other: for each key, the highest that has it decides.
///
/// Changes, their audit and who has seen them go to the highest that takes changes; what stands above that one goes on
/// deciding, and a change of a key that is decided above is refused. What a change expects and finds there is of that
/// store alone: a key that is removed from it is decided by those below. As fresh as the stalest of them.
#[derive(Debug, Clone)]
pub struct Layered {
    /// The highest first.
    layers: Vec<Store>,
}

impl Layered {
    /// This store, and nothing above it yet.
    pub fn on(lowest: impl FlagStore + 'static) -> Self {
        Self { layers: vec![Arc::new(lowest)] }
    }

    /// Puts a store above all others.
    #[must_use]
    pub fn below(mut self, higher: impl FlagStore + 'static) -> Self {
        self.layers.insert(0, Arc::new(higher));
        self
    }

    /// The highest store that takes changes, and those above it.
    fn writable(&self) -> Option<(&Store, &[Store])> {
        let at = self.layers.iter().position(|layer| layer.capabilities().writes)?;
        Some((&self.layers[at], &self.layers[..at]))
    }

    /// Where this key is changed, unless it is decided above.
    async fn target(&self, key: &Key) -> Result<&Store, StoreError> {
        let (target, above) = self.writable().ok_or_else(|| self.cannot("be changed"))?;
        for layer in above {
            if layer.load().await?.values.contains_key(key) {
                let source =
                    format!("{key} is decided by {}, which stands above {}", layer.name(), target.name());
                return Err(StoreError::Refused { store: self.name(), source: source.into() });
            }
        }
        Ok(target)
    }

    fn keeper(&self, what: &'static str) -> Result<&Store, StoreError> {
        self.writable().map(|(keeper, _)| keeper).ok_or_else(|| self.cannot(what))
    }
}

/// For each key the highest layer's value; revision and mark are those of the layer that takes changes.
fn merged<'a>(layers: impl DoubleEndedIterator<Item = &'a Contents>, writable: Option<usize>) -> Contents {
    let layers: Vec<_> = layers.collect();
    let mut whole = Contents::default();
    for layer in layers.iter().rev() {
        whole
            .values
            .extend(layer.values.iter().map(|(key, held): (&Key, &Held)| (key.clone(), held.clone())));
    }
    if let Some(keeper) = writable.and_then(|at| layers.get(at)) {
        whole.revision = keeper.revision;
        whole.epoch.clone_from(&keeper.epoch);
    }
    whole
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl FlagStore for Layered {
    fn name(&self) -> String {
        let names: Vec<_> = self.layers.iter().map(FlagStore::name).collect();
        names.join(" over ")
    }

    fn capabilities(&self) -> Capabilities {
        self.writable().map_or(Capabilities::READ_ONLY, |(layer, _)| layer.capabilities())
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        let mut loaded = Vec::new();
        for layer in &self.layers {
            loaded.push(layer.load().await?);
        }
        Ok(merged(loaded.iter(), self.layers.iter().position(|layer| layer.capabilities().writes)))
    }

    async fn put(&self, key: &Key, text: &str, change: &Change) -> Result<Receipt, StoreError> {
        self.target(key).await?.put(key, text, change).await
    }

    async fn remove(&self, key: &Key, change: &Change) -> Result<Receipt, StoreError> {
        self.target(key).await?.remove(key, change).await
    }

    fn watch(&self) -> Watch {
        let layers = self.layers.clone();
        Watch::spawn(|teller| async move {
            // It ends when nobody listens any more.
            let _ = Merge::new(&layers).run(&layers, teller).await;
        })
    }

    async fn audit(&self, newest: usize) -> Result<Vec<AuditEntry>, StoreError> {
        self.keeper("keep an audit")?.audit(newest).await
    }

    async fn report_seen(&self, seen: &Seen) -> Result<(), StoreError> {
        self.keeper("keep who has seen what")?.report_seen(seen).await
    }

    async fn seen(&self) -> Result<Vec<Seen>, StoreError> {
        self.keeper("tell who has seen what")?.seen().await
    }

    async fn report_usage(&self, usage: &Usage) -> Result<(), StoreError> {
        self.keeper("keep which flags are used")?.report_usage(usage).await
    }

    async fn usage(&self) -> Result<BTreeMap<FlagName, LastUse>, StoreError> {
        self.keeper("tell which flags are used")?.usage().await
    }

    async fn accept(&self, change: &Change) -> Result<(), StoreError> {
        self.keeper("be told that so few flags are meant")?.accept(change).await
    }

    fn cannot(&self, what: &'static str) -> StoreError {
        StoreError::Unsupported { store: self.name(), what }
    }
}

/// What each layer last told.
struct Merge {
    layers: Vec<Layer>,
    writable: Option<usize>,
    /// What was told of the whole, until a layer is read anew: then all of it is told again.
    told: Option<Contents>,
    delivery: Option<Delivery>,
}

#[derive(Default)]
struct Layer {
    contents: Option<Contents>,
    as_of: Option<Instant>,
    delivery: Option<Delivery>,
    /// Whether it cannot be heard.
    lost: bool,
}

impl Layer {
    fn take(&mut self, event: StoreEvent) -> Option<StoreEvent> {
        match &event {
            StoreEvent::Lost(_) => self.lost = true,
            StoreEvent::Delivery(_) | StoreEvent::Noticed(_) => {}
            StoreEvent::Contents { .. } | StoreEvent::Changed { .. } | StoreEvent::Fresh { .. } => {
                self.lost = false;
            }
        }
        match event {
            StoreEvent::Contents { contents, as_of } => {
                (self.contents, self.as_of) = (Some(contents), Some(as_of));
            }
            StoreEvent::Changed { changes, revision, as_of } => {
                self.change(changes);
                self.as_of = Some(as_of);
                if let Some(contents) = &mut self.contents {
                    contents.revision = revision.or(contents.revision);
                }
            }
            StoreEvent::Fresh { as_of } => self.as_of = Some(as_of),
            StoreEvent::Delivery(delivery) => self.delivery = Some(delivery),
            other @ (StoreEvent::Lost(_) | StoreEvent::Noticed(_)) => return Some(other),
        }
        None
    }

    fn change(&mut self, changes: Vec<(Key, Option<Held>)>) {
        let values = &mut self.contents.get_or_insert_default().values;
        for (key, held) in changes {
            match held {
                Some(held) => values.insert(key, held),
                None => values.remove(&key),
            };
        }
    }

    /// A fixed layer is always as fresh as can be.
    fn as_of(&self) -> Option<Instant> {
        if self.delivery == Some(Delivery::Fixed) { Some(Instant::now()) } else { self.as_of }
    }
}

impl Merge {
    fn new(layers: &[Store]) -> Self {
        let writable = layers.iter().position(|layer| layer.capabilities().writes);
        Self {
            layers: layers.iter().map(|_| Layer::default()).collect(),
            writable,
            told: None,
            delivery: None,
        }
    }

    async fn run(mut self, layers: &[Store], teller: Teller) -> Result<(), Unwatched> {
        let (sender, mut events) = mpsc::channel(1);
        let watches = layers.iter().map(FlagStore::watch).enumerate();
        let _forwarding: Vec<_> = watches.map(|(at, watch)| forward(at, watch, sender.clone())).collect();
        drop(sender);
        while let Some((at, event)) = events.recv().await {
            if matches!(event, StoreEvent::Contents { .. }) {
                self.told = None;
            }
            let passed_on = self.layers[at].take(event);
            self.tell(passed_on, &teller).await?;
        }
        Ok(())
    }

    async fn tell(&mut self, passed_on: Option<StoreEvent>, teller: &Teller) -> Result<(), Unwatched> {
        if let Some(event) = passed_on {
            return teller.tell(event).await;
        }
        self.tell_delivery(teller).await?;
        let Some((now, as_of)) = self.whole() else { return Ok(()) };
        let event = match &self.told {
            None => StoreEvent::Contents { contents: now.clone(), as_of },
            Some(told) => difference(told, &now, as_of),
        };
        self.told = Some(now);
        // The others know no news of a layer that cannot be heard.
        if matches!(event, StoreEvent::Fresh { .. }) && self.layers.iter().any(|layer| layer.lost) {
            return Ok(());
        }
        teller.tell(event).await
    }

    async fn tell_delivery(&mut self, teller: &Teller) -> Result<(), Unwatched> {
        let slowest = self.layers.iter().filter_map(|layer| layer.delivery).max_by_key(slowness);
        if slowest != self.delivery && self.layers.iter().all(|layer| layer.delivery.is_some()) {
            self.delivery = slowest;
            if let Some(delivery) = slowest {
                teller.tell(StoreEvent::Delivery(delivery)).await?;
            }
        }
        Ok(())
    }

    /// Everything, once each layer has spoken, and since when all of it is known.
    fn whole(&self) -> Option<(Contents, Instant)> {
        let contents: Option<Vec<_>> = self.layers.iter().map(|layer| layer.contents.as_ref()).collect();
        let as_of = self.layers.iter().map(Layer::as_of).collect::<Option<Vec<_>>>()?.into_iter().min()?;
        Some((merged(contents?.into_iter(), self.writable), as_of))
    }
}

fn slowness(delivery: &Delivery) -> u8 {
    match delivery {
        Delivery::Fixed => 0,
        Delivery::Push => 1,
        Delivery::Notified => 2,
        Delivery::Polled { .. } => 3,
    }
}

/// Ends the watching of a layer with the merge.
struct Forwarding(tokio::task::JoinHandle<()>);

impl Drop for Forwarding {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn forward(at: usize, mut watch: Watch, to: mpsc::Sender<(usize, StoreEvent)>) -> Forwarding {
    Forwarding(tokio::spawn(async move {
        while let Some(event) = watch.next().await {
            if to.send((at, event)).await.is_err() {
                return;
            }
        }
    }))
}
