use std::time::Duration;

use handover_health::{ProbeError, SmokeFlow, SmokeRun};

use crate::scans::Scans;

/// All parts together stay below the 5 s that a deployment waits.
const LIMIT: Duration = Duration::from_secs(1);
/// No run takes as long, so what is older belongs to one that died.
const FORGOTTEN: Duration = Duration::from_mins(10);

/// The way of a user: create a scan, find it, delete it.
pub(crate) fn flow(scans: &Scans) -> SmokeFlow {
    let [create, query, delete, cleanup, reaper] = [(); 5].map(|()| scans.clone());
    SmokeFlow::new()
        .step("create_scan", LIMIT, move |run| created(create.clone(), run))
        .step("query_scan", LIMIT, move |run| found(query.clone(), run))
        .step("delete_scan", LIMIT, move |run| deleted(delete.clone(), run))
        .cleanup(LIMIT, move |run| cleaned(cleanup.clone(), run))
        .reaper(FORGOTTEN, LIMIT, move |age| reaped(reaper.clone(), age))
}

async fn created(scans: Scans, run: SmokeRun) -> Result<(), ProbeError> {
    scans.create("https://example.com", Some(run.tag())).await.map(drop).map_err(ProbeError::other)
}

async fn found(scans: Scans, run: SmokeRun) -> Result<(), ProbeError> {
    one(scans.tagged(run.tag()).await.map_err(ProbeError::other)?)
}

async fn deleted(scans: Scans, run: SmokeRun) -> Result<(), ProbeError> {
    one(scans.delete_tagged(run.tag()).await.map_err(ProbeError::other)?.try_into().unwrap_or(i64::MAX))
}

async fn cleaned(scans: Scans, run: SmokeRun) -> Result<(), ProbeError> {
    scans.delete_tagged(run.tag()).await.map(drop).map_err(ProbeError::other)
}

async fn reaped(scans: Scans, age: Duration) -> Result<(), ProbeError> {
    scans.delete_forgotten(SmokeRun::PREFIX, age).await.map(drop).map_err(ProbeError::other)
}

fn one(rows: i64) -> Result<(), ProbeError> {
    if rows == 1 { Ok(()) } else { Err(ProbeError::other(format!("{rows} rows instead of one"))) }
}
