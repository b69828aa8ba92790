use std::collections::BTreeMap;
use std::env;

use async_trait::async_trait;
use tokio::time::Instant;

use crate::FlagName;
use crate::store::{
    Capabilities, Change, Contents, Delivery, FlagStore, Held, Key, Receipt, StoreError, StoreEvent, Watch,
};

/// Flags in the environment: `FEATURE_SCAN_CREATION=true` is the gate of `scan_creation`.
///
/// What follows the prefix is the flag's name in lower case. The environment is read once; nothing can be changed.
#[derive(Debug, Clone)]
pub struct EnvStore {
    prefix: String,
    contents: Contents,
}

impl EnvStore {
    /// The variables that begin with `FEATURE_`.
    pub fn new() -> Self {
        Self::with_prefix("FEATURE_")
    }

    /// The variables that begin with this.
    pub fn with_prefix(prefix: &str) -> Self {
        let variables = env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.as_encoded_bytes().to_owned()))
        });
        Self { prefix: prefix.to_owned(), contents: gates(prefix, variables) }
    }
}

fn gates(prefix: &str, variables: impl Iterator<Item = (String, Vec<u8>)>) -> Contents {
    let gate = |(name, value): (String, Vec<u8>)| {
        let flag = FlagName::new(&name.strip_prefix(prefix)?.to_lowercase()).ok()?;
        Some((Key::Gate(flag), Held::from_bytes(&value)))
    };
    Contents { values: variables.filter_map(gate).collect::<BTreeMap<_, _>>(), ..Contents::default() }
}

impl Default for EnvStore {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl FlagStore for EnvStore {
    fn name(&self) -> String {
        format!("the environment ({}…)", self.prefix)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::READ_ONLY
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        Ok(self.contents.clone())
    }

    async fn put(&self, _: &Key, _: &str, _: &Change) -> Result<Receipt, StoreError> {
        Err(self.cannot("be changed"))
    }

    async fn remove(&self, _: &Key, _: &Change) -> Result<Receipt, StoreError> {
        Err(self.cannot("be changed"))
    }

    fn watch(&self) -> Watch {
        let contents = self.contents.clone();
        Watch::spawn(|teller| async move {
            let told = async {
                teller.tell(StoreEvent::Delivery(Delivery::Fixed)).await?;
                teller.tell(StoreEvent::Contents { contents, as_of: Instant::now() }).await
            };
            if told.await.is_ok() {
                std::future::pending::<()>().await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, value: &str) -> (String, Vec<u8>) {
        (name.to_owned(), value.as_bytes().to_owned())
    }

    #[test]
    fn a_variable_with_the_prefix_is_a_gate_and_others_are_not() {
        let variables = [
            variable("FEATURE_SCAN_CREATION", "true"),
            variable("FEATURE_ODD", "yes"),
            variable("FEATURE_", "true"),
            variable("PATH", "/bin"),
        ];
        let contents = gates("FEATURE_", variables.into_iter());
        let shown: Vec<_> =
            contents.values.iter().map(|(key, held)| format!("{key}={}", held.text().unwrap())).collect();
        assert_eq!(shown, ["feature:odd=yes", "feature:scan_creation=true"]);
    }

    #[tokio::test]
    async fn the_environment_cannot_be_changed() {
        let store = EnvStore::with_prefix("NOBODY_HAS_THIS_");
        let key = Key::Gate(FlagName::new("x").unwrap());
        let error = store.put(&key, "true", &Change::by("me")).await.unwrap_err();
        insta::assert_snapshot!(error, @"the environment (NOBODY_HAS_THIS_…) cannot be changed");
        assert!(store.load().await.unwrap().values.is_empty());
    }
}
