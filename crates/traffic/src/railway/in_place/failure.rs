//! A deployment that will never have traffic: why, and who has the traffic instead.

use std::time::Duration;

use serde_json::json;

use super::bring::Attempt;
use super::note::Note;
use super::order::set_image;
use crate::SwitchError;
use crate::logbook::Intent;
use crate::railway::NAME;
use crate::railway::documents::FAILURE;
use crate::railway::graphql::harmless;
use crate::railway::standing::{Standing, named};
use crate::railway::wire::{Event, FailureData, Line};

/// What became of deployment `id`: refused where the traffic is where it was, not known where nobody can tell.
pub(super) async fn failed(attempt: &Attempt<'_>, intent: &mut Intent<'_>, id: &str) -> SwitchError {
    let note = intent.note::<Note>().ok().flatten();
    if let Some(note) = &note {
        put_image_back(attempt, note).await;
        // So that the next attempt deploys it anew, and does not follow what has failed.
        let _ = intent.retarget(attempt.slot, note.target.clone()).await;
    }
    let because = reason(attempt, id).await;
    match attempt.railway.standing().await {
        Ok(standing) => judged(&standing, id, note.as_ref(), &because),
        Err(_) => unknown(format!("{because}; nobody could say what has the traffic now")),
    }
}

fn judged(standing: &Standing, id: &str, note: Option<&Note>, because: &str) -> SwitchError {
    let ended = standing.find(id).map_or_else(
        || format!("deployment {id} is gone"),
        |deployment| format!("{} ended {}", named(deployment), deployment.status),
    );
    match standing.serving() {
        Some(serving) if serving.id != id && !is_newer(standing, &serving.id, note) => {
            let source = format!("{ended}{because}; {} still has the traffic", named(serving)).into();
            SwitchError::Refused { backend: NAME, source }
        }
        Some(serving) => unknown(format!("{ended}{because}; {} has the traffic", named(serving))),
        None => unknown(format!("{ended}{because}; no deployment has the traffic")),
    }
}

/// Whether the traffic went elsewhere since the attempt began.
fn is_newer(standing: &Standing, id: &str, note: Option<&Note>) -> bool {
    let mark = note.and_then(|note| note.mark.as_ref());
    mark.is_some() && crate::railway::standing::since(&standing.deployments, mark).iter().any(|d| d.id == id)
}

fn unknown(source: String) -> SwitchError {
    SwitchError::Unconfirmed { backend: NAME, after: Duration::ZERO, source: Some(source.into()) }
}

/// The service's image is a setting: left as it is, Railway's next own deployment would be of what has just failed.
pub(super) async fn put_image_back(attempt: &Attempt<'_>, note: &Note) {
    let changed =
        note.target.strip_prefix("image:").is_some_and(|image| note.image.as_deref() != Some(image));
    if let Some(before) = note.image.as_ref().filter(|_| changed) {
        // The deployment's own failure is what has to be told.
        let _ = set_image(attempt.railway, before).await;
    }
}

async fn reason(attempt: &Attempt<'_>, id: &str) -> String {
    let lines = attempt.railway.limits().lines;
    let asked = attempt.railway.ask::<FailureData>(FAILURE, json!({ "id": id, "lines": lines })).await;
    let Ok(data) = asked else { return String::new() };
    let step =
        data.deployment_events.into_nodes().into_iter().rev().find_map(broken_step).unwrap_or_default();
    let said = if data.deployment_logs.is_empty() { data.build_logs } else { data.deployment_logs };
    format!("{step}{}", last_lines(&said, lines))
}

fn broken_step(event: Event) -> Option<String> {
    let payload = event.payload?;
    let because = payload.error.or(payload.reason)?;
    Some(format!(" at {}: {}", event.step, harmless(&because)))
}

fn last_lines(lines: &[Line], most: usize) -> String {
    let last: Vec<String> =
        lines.iter().skip(lines.len().saturating_sub(most)).map(|line| harmless(&line.message)).collect();
    if last.is_empty() { String::new() } else { format!("; its last lines: {}", last.join(" | ")) }
}
