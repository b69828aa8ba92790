mod accidents;
mod last_known_good;
mod reads;
mod registry;
mod reported;
pub(crate) mod script;
mod staleness;
mod values;

use std::time::Duration;

use handover_flags::{Contents, FlagName, Held, Key};

pub(crate) fn name(text: &str) -> FlagName {
    FlagName::new(text).unwrap()
}

pub(crate) fn gate(flag: &str) -> Key {
    Key::Gate(name(flag))
}

pub(crate) fn rules(flag: &str) -> Key {
    Key::Rules(name(flag))
}

/// Contents of these keys and texts.
pub(crate) fn contents(values: &[(Key, &str)]) -> Contents {
    let values = values.iter().map(|(key, text)| (key.clone(), Held::from(*text)));
    Contents { values: values.collect(), ..Contents::default() }
}

/// Long enough for every task that has something to do.
pub(crate) async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

pub(crate) const SECOND: Duration = Duration::from_secs(1);
