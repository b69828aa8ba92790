use std::error::Error;
use std::future::ready;

use handover_flags::{Flag, Flags, RedisStore, Safe};
use handover_health::{HealthProbe, ProbeError, probe_fn};

use crate::settings::Settings;

/// On unless somebody says otherwise: a Redis that nobody has told anything yet must not close the shop.
pub(crate) const SCAN_CREATION: Flag =
    Flag::new("scan_creation", Safe::On).about("users may have pages scanned");

/// In the Redis that the service has anyway. It begins without Redis too, with what it last knew.
pub(crate) async fn started(settings: &Settings) -> Result<Flags, Box<dyn Error>> {
    let flags = Flags::builder(RedisStore::new(&settings.redis)?).declare(&[SCAN_CREATION]);
    let flags = match &settings.last_flags {
        Some(file) => flags.last_known_good(file),
        None => flags,
    };
    Ok(flags.start().await)
}

/// Whether what is read is what the store has now; where it is not, the last values are read.
pub(crate) fn probe(flags: &Flags) -> impl HealthProbe + use<> {
    let flags = flags.clone();
    probe_fn(move || {
        let status = flags.status();
        let why = status.last_error.as_deref().unwrap_or("what it last said is held");
        ready(if status.is_live() { Ok(()) } else { Err(ProbeError::other(why)) })
    })
}
