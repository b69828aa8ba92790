//! `handover history`: the runs of the service, the latest first.

use std::time::Duration;

use handover_core::Timestamp;
use handover_rollout::{Acceptance, Outcome, Plan, Story};
use handover_runbook::{Record, RunSummary};
use serde::Serialize;

use super::past::Past;
use crate::args::History;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Table, moment, short_duration};
use crate::report::Failure;

/// The version of the JSON form.
const VERSION: u32 = 1;

/// The `--json` form.
#[derive(Debug, Serialize)]
struct Shown {
    version: u32,
    runs: Vec<Row>,
}

/// One run in a line. What cannot be read of it is missing; the others are there all the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Row {
    run: String,
    began: Timestamp,
    took_ms: u64,
    release: Option<String>,
    over: Option<String>,
    outcome: Option<Outcome>,
    why: Option<String>,
    /// What somebody let pass in the migrations that went with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accepted: Vec<Acceptance>,
}

/// Lists the runs.
pub(super) async fn run(args: &History, context: &Context) -> Result<Exit, Failure> {
    let past = Past::open(&context.existing_state_dir()?).await?;
    let mut rows = Vec::new();
    for summary in past.runs().await?.into_iter().take(args.limit.get()) {
        let records = past.records(&summary.run).await;
        rows.push(match records {
            Ok(records) => Row::of(&summary, &records),
            Err(failure) => Row::unreadable(&summary, &failure),
        });
    }
    let text = if rows.is_empty() { "no run yet".to_owned() } else { table(&rows).to_string() };
    context.output.result(text, &Shown { version: VERSION, runs: rows });
    Ok(Exit::Done)
}

impl Row {
    fn of(summary: &RunSummary, records: &[Record]) -> Self {
        let story = Story::of(records);
        Self { outcome: Some(story.outcome), why: story.why, ..Self::bare(summary) }
    }

    fn unreadable(summary: &RunSummary, failure: &Failure) -> Self {
        Self { why: failure.causes().first().cloned(), ..Self::bare(summary) }
    }

    fn bare(summary: &RunSummary) -> Self {
        let plan = Plan::from_sealed(&summary.plan).ok();
        let over = plan.as_ref().and_then(|plan| plan.stable.as_ref()).map(ToString::to_string);
        let took = summary.last.since(summary.began);
        Self {
            run: summary.run.to_string(),
            began: summary.began,
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            release: plan.as_ref().map(|plan| plan.candidate.to_string()),
            over,
            outcome: None,
            why: None,
            accepted: plan.and_then(|plan| plan.migrations).map(|check| check.accepted).unwrap_or_default(),
        }
    }

    /// Why it went back, and what was let pass.
    fn remarks(&self) -> String {
        let accepted = self.accepted.iter().map(Acceptance::told);
        self.why.clone().into_iter().chain(accepted).collect::<Vec<_>>().join("; ")
    }
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new(["RUN", "BEGAN", "TOOK", "RELEASE", "OVER", "OUTCOME", "WHY"]);
    for row in rows {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        table.row([
            row.run.clone(),
            moment(row.began),
            short_duration(Duration::from_millis(row.took_ms)),
            or_none(&row.release),
            or_none(&row.over),
            row.outcome.map_or("unreadable", Outcome::as_str).to_owned(),
            row.remarks(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use handover_runbook::{Body, Ending};
    use serde_json::json;

    use super::*;
    use crate::commands::fixtures::{plan, records, summary};

    #[test]
    fn runs_are_listed_with_what_became_of_them_and_strange_ones_too() {
        let back = Body::Ended { ending: Ending::TurnedBack { why: "bad \u{1b}[31mrelease".into() } };
        let turned = Body::Turned { why: "errors 20.1 % above 5 %".into(), evidence: json!(null) };
        let sealed = Body::Sealed { plan: plan().seal().unwrap() };
        let strange = Body::Sealed { plan: json!({ "format": 99 }) };
        let rows: Vec<Row> = [records([sealed, turned, back]), records([strange])]
            .iter()
            .map(|records| Row::of(&summary(records), records))
            .collect();
        insta::assert_snapshot!(table(&rows), @"
        RUN                   BEGAN                 TOOK  RELEASE  OVER  OUTCOME     WHY
        20261123-011244-abcd  2026-11-23 01:12:44Z  3.0s  v42      v41   refused     errors 20.1 % above 5 %
        20261123-011244-abcd  2026-11-23 01:12:44Z  0ms   -        -     unfinished
        ");
    }

    #[test]
    fn a_run_whose_records_are_damaged_stays_in_the_list() {
        let records = records([Body::Sealed { plan: plan().seal().unwrap() }]);
        let failure =
            Failure::new("could not read the journal", Exit::Refused).because("record 3 was edited");
        let row = Row::unreadable(&summary(&records), &failure);
        insta::assert_snapshot!(table(&[row]), @"
        RUN                   BEGAN                 TOOK  RELEASE  OVER  OUTCOME     WHY
        20261123-011244-abcd  2026-11-23 01:12:44Z  0ms   v42      v41   unreadable  record 3 was edited
        ");
    }
}
