//! The service as seen from outside: before the switch, and ever after it.

use std::time::Duration;

use async_trait::async_trait;
use handover_core::Retry;
use handover_health::{Schedule, ViewsEvent};
use handover_runbook::{Decision, Signals, StepError, Watch};
use handover_traffic::SwitchError;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep, timeout};

use crate::World;
use crate::outlook::{Doubt, Outlook, Sight, note};

/// How soon a network that was down is tried again, and how often things are looked at where nothing changes.
const AGAIN: Duration = Duration::from_secs(1);

/// Finds out which views see the service well before the switch. It refuses nothing: a view that does not will not
/// count.
#[derive(Debug)]
pub(crate) struct Before {
    pub(crate) world: World,
}

#[async_trait]
impl Watch for Before {
    async fn watch(&self, _: &Signals) -> Result<Decision, StepError> {
        let Some(outlook) = &self.world.outlook else { return Ok(Decision::Proceed(Value::Null)) };
        let report = outlook.views.settled(until_settled(outlook.views.schedule())).await;
        outlook.keep_as_before(&report);
        // What led to this is told by it.
        let mut heard = outlook.heard.lock().await;
        while heard.try_recv().is_ok() {}
        let sight = outlook.sight_of(report);
        Ok(Decision::Proceed(json!({ "views": sight.evidence(), "decides": sight.decides() })))
    }
}

/// In this time every view that is asked has been up or down.
fn until_settled(schedule: &Schedule) -> Duration {
    schedule.longest_gap().saturating_mul(schedule.rise.max(schedule.fall).max(1))
}

/// Tells of what changes, and answers once too many views have lost the service; never where none counts.
pub(super) async fn lost_from_outside(world: &World, signals: &Signals) -> Result<Decision, StepError> {
    let Some(outlook) = &world.outlook else { return std::future::pending().await };
    let mut heard = outlook.heard.lock().await;
    loop {
        let sight = outlook.sight();
        if !is_doubtful(outlook, &sight, world, signals).await && sight.is_lost() {
            // What led to it comes first in the story.
            while let Ok(event) = heard.try_recv() {
                tell(&event, signals).await;
            }
            let evidence = json!({ "views": sight.evidence() });
            return Ok(Decision::TurnBack { why: sight.reason(), evidence });
        }
        match timeout(AGAIN, heard.recv()).await {
            Ok(Ok(event)) => tell(&event, signals).await,
            // Late, or lagging behind: what is so now decides, not what was missed.
            Err(_) | Ok(Err(RecvError::Lagged(_))) => {}
            Ok(Err(RecvError::Closed)) => std::future::pending().await,
        }
    }
}

async fn tell(event: &ViewsEvent, signals: &Signals) {
    if let Some(note) = note(event) {
        signals.note(note).await;
    }
}

/// Whether a step failed because this machine may be cut off; it is tried again after this, however long that lasts:
/// the failure says nothing of the candidate, and waiting loses nothing.
pub(super) async fn is_cut_off(error: &StepError, world: &World, signals: &Signals) -> bool {
    let outlook = world.outlook.as_ref().filter(|_| error.retry != Retry::Never && !error.fenced);
    let Some(outlook) = outlook else { return false };
    let doubtful = is_doubtful(outlook, &outlook.sight(), world, signals).await;
    if doubtful {
        sleep(AGAIN).await;
    }
    doubtful
}

/// Whether what the views say may be the fault of this machine's network: where nobody answers them, what moves traffic
/// has to answer, and each view has to be asked once more after that.
async fn is_doubtful(outlook: &Outlook, sight: &Sight, world: &World, signals: &Signals) -> bool {
    let mut doubt = outlook.doubt.lock().await;
    let silence = sight.silence().filter(|_| sight.is_lost());
    if let Some(class) = silence {
        let doubt = doubt.get_or_insert_with(|| Doubt { checks: sight.checks(), said: false });
        if !is_reachable(world).await {
            doubt.checks = sight.checks();
            if !std::mem::replace(&mut doubt.said, true) {
                signals.note(json!({ "cut_off": class })).await;
            }
            return true;
        }
    }
    if doubt.as_ref().is_some_and(|doubt| !sight.is_newer_than(&doubt.checks)) {
        return true;
    }
    if silence.is_none() {
        *doubt = None;
    }
    false
}

/// Whether what moves traffic answers, whatever it says.
async fn is_reachable(world: &World) -> bool {
    let seen = world.traffic.observe().await;
    !matches!(seen, Err(SwitchError::Unreachable { .. } | SwitchError::Unconfirmed { .. }))
}

/// Whether the views have nothing against going on: enough of them saw the service well since `began`.
pub(super) fn is_clear_from_outside(world: &World, began: Instant) -> bool {
    world.outlook.as_ref().is_none_or(|outlook| outlook.sight().is_clear_since(began))
}

/// Every view as it stands, for the record; nothing where there is none.
pub(super) fn views_now(world: &World) -> Value {
    world.outlook.as_ref().map_or(Value::Null, |outlook| outlook.sight().evidence())
}
