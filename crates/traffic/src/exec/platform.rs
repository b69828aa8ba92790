use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;

use super::{Exec, NAME};
use crate::logbook::{Intent, Place, Platform, Seen, Targets};
use crate::{Capabilities, Change, Drained, Expected, Observed, Route, SwitchError};

/// A program without a memory, for [`WithLogbook`](crate::logbook::WithLogbook).
#[async_trait]
impl Platform for Exec {
    fn name(&self) -> &'static str {
        NAME
    }

    /// A logbook remembers shares; holding stays the program's own, when it is asked directly.
    fn capabilities(&self) -> Capabilities {
        Capabilities { hold: false, ..self.capabilities.clone() }
    }

    async fn read(&self, _: &Targets) -> Result<Seen, SwitchError> {
        match self.look().await {
            Ok(Observed { route, in_flight, served, .. }) => {
                Ok(Seen { in_flight, served, ..Seen::at(route.split) })
            }
            Err(SwitchError::Elsewhere { found, .. }) => Ok(Seen::in_place(Place::Elsewhere(found))),
            Err(error) => Err(error),
        }
    }

    async fn bring(&self, intent: &mut Intent<'_>) -> Result<(), SwitchError> {
        let (route, op) = (Route::serve(intent.split()), intent.op().clone());
        let change = Change { route, expected: Expected::Any, op, fence: intent.fence() };
        self.make(&change).await.map(drop)
    }

    async fn drain(&self, slot: Slot, limit: Duration, _: &Targets) -> Result<Drained, SwitchError> {
        self.wait_for(slot, limit).await
    }
}
