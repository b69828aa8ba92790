use std::collections::BTreeSet;

use handover_health::{Standing, ViewsReport};
use handover_runbook::{Body, Record};

use super::line::ViewLine;
use crate::outline::VIEWS;

/// The views that see the service well.
pub(super) fn well(report: &ViewsReport) -> BTreeSet<String> {
    let up = report.views.iter().filter(|view| view.status.standing == Standing::Up);
    up.map(|view| view.name.to_string()).collect()
}

/// What a driver found out before the switch, from the records of its run.
pub(super) fn recorded(records: &[Record]) -> Option<BTreeSet<String>> {
    records.iter().find_map(|record| match &record.body {
        Body::Proceeded { step, evidence } if step.as_str() == VIEWS => {
            let lines = ViewLine::all_in(evidence)?.into_iter();
            Some(lines.filter(|line| line.counts).map(|line| line.name).collect())
        }
        _ => None,
    })
}
