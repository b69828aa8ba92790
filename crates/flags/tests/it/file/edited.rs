use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use handover_flags::testkit::Subject;
use handover_flags::{FileStore, FlagStore, Key};
use serde_json::{Value, json};

/// A file in a folder of its own, and somebody with an editor.
#[derive(Debug)]
pub(crate) struct Edited {
    root: tempfile::TempDir,
    store: FileStore,
    tears: bool,
    /// What is in a torn file when it is whole.
    whole: Mutex<Option<Vec<u8>>>,
}

impl Edited {
    /// The way to it is cut by taking its folder away.
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("flags")).unwrap();
        let store =
            FileStore::new(root.path().join("flags/flags.json")).looking_every(Duration::from_millis(100));
        Self { root, store, tears: false, whole: Mutex::default() }
    }

    /// It is cut by tearing the file.
    pub(crate) fn torn() -> Self {
        Self { tears: true, ..Self::new() }
    }

    /// The system tells of nothing.
    pub(crate) fn polled() -> Self {
        let new = Self::new();
        Self { store: new.store.clone().polled(Duration::from_millis(20)), ..new }
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("flags")
    }

    fn away(&self) -> PathBuf {
        self.root.path().join("away")
    }

    /// Edits the file as it is, wherever it is at the moment.
    fn edit(&self, change: impl FnOnce(&mut Value)) {
        let mut whole = self.whole.lock().unwrap();
        let folder = if self.away().exists() { self.away() } else { self.folder() };
        let path = folder.join("flags.json");
        let bytes = whole.clone().or_else(|| fs::read(&path).ok());
        let mut file = bytes.map_or_else(|| json!({}), |bytes| serde_json::from_slice(&bytes).unwrap());
        change(&mut file);
        let bytes = serde_json::to_vec(&file).unwrap();
        match &mut *whole {
            Some(whole) => *whole = bytes,
            None => fs::write(path, bytes).unwrap(),
        }
    }
}

fn pointer(key: &Key) -> (&'static str, Option<&'static str>) {
    match key {
        Key::Gate(_) => ("flags", Some("enabled")),
        Key::Rules(_) => ("flags", Some("rules")),
        Key::Segment(_) => ("segments", None),
    }
}

fn set(file: &mut Value, key: &Key, text: Option<&str>) {
    let (part, leaf) = pointer(key);
    let name = key.name().as_str();
    match (leaf, text) {
        (Some(leaf), Some(text)) => file[part][name][leaf] = json!(text),
        (None, Some(text)) => file[part][name] = json!(text),
        (Some(leaf), None) => drop(file[part][name].as_object_mut().and_then(|flag| flag.remove(leaf))),
        (None, None) => drop(file[part].as_object_mut().and_then(|segments| segments.remove(name))),
    }
    prune(file);
}

/// Looking for what is not there has put a null there.
fn prune(file: &mut Value) {
    for part in ["flags", "segments"] {
        if file[part].is_null() {
            file.as_object_mut().unwrap().remove(part);
        } else {
            file[part].as_object_mut().unwrap().retain(|_, value| !value.is_null());
        }
    }
}

#[async_trait]
impl Subject for Edited {
    fn store(&self) -> Arc<dyn FlagStore> {
        Arc::new(self.store.clone())
    }

    fn patience(&self) -> Duration {
        super::PATIENCE
    }

    async fn write_past(&self, key: &Key, bytes: Option<&[u8]>) -> bool {
        let Ok(text) = bytes.map(std::str::from_utf8).transpose() else { return false };
        self.edit(|file| set(file, key, text));
        true
    }

    async fn cut(&self) -> bool {
        if self.tears {
            let path = self.folder().join("flags.json");
            let mut whole = self.whole.lock().unwrap();
            *whole = Some(fs::read(&path).unwrap_or_else(|_| b"{}".to_vec()));
            fs::write(path, "{\"flags\": {\"a\": ").unwrap();
        } else {
            fs::rename(self.folder(), self.away()).unwrap();
        }
        true
    }

    async fn heal(&self) {
        if let Some(whole) = self.whole.lock().unwrap().take() {
            fs::write(self.folder().join("flags.json"), whole).unwrap();
        }
        if self.away().exists() {
            fs::rename(self.away(), self.folder()).unwrap();
        }
    }
}
