use handover_core::Slot;

use super::{NAME, VercelClient};
use crate::SwitchError;
use crate::logbook::Logbook;

/// Before the first change: the deployment that has production is what blue stands for, and stays the way back. Where the
/// logbook knows a slot already, or nothing has production, nothing is written.
///
/// # Errors
///
/// The project cannot be read, or the logbook not be written.
pub async fn adopt(client: &VercelClient, logbook: &Logbook) -> Result<(), SwitchError> {
    let unwritten = |source| SwitchError::Refused { backend: NAME, source };
    let targets = logbook.targets().await.map_err(unwritten)?;
    if Slot::BOTH.into_iter().any(|slot| targets[slot].is_some()) {
        return Ok(());
    }
    match client.project().await?.production() {
        Some(production) => logbook.assign(Slot::Blue, Some(production.id.clone())).await.map_err(unwritten),
        None => Ok(()),
    }
}
