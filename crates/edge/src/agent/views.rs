//! What the driver of a run counts at its views from outside: kept as it last said it, for the metrics.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use crate::api::ViewFigures;
use crate::proxy::{buckets, head};

const UP: &str = "handover_view_up";
const DURATIONS: &str = "handover_view_check_duration_seconds";

/// The figures of the run that is going on.
#[derive(Debug, Default)]
pub(crate) struct ViewBook(Mutex<Vec<ViewFigures>>);

impl ViewBook {
    /// From now on these.
    pub(crate) fn keep(&self, figures: Vec<ViewFigures>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = figures;
    }

    /// In the text form that Prometheus reads; nothing where no run has a view.
    pub(crate) fn text(&self) -> String {
        let figures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::new();
        if figures.is_empty() {
            return out;
        }
        head(
            &mut out,
            UP,
            "gauge",
            "Whether the service is well as seen from outside, while a run has views.",
        );
        for ViewFigures { name, up, .. } in figures.iter() {
            // Writing into a String cannot fail.
            let _ = writeln!(out, "{UP}{{view=\"{}\"}} {}", escaped(name), u8::from(*up));
        }
        head(
            &mut out,
            DURATIONS,
            "histogram",
            "Time to an answer seen from outside, by how the check ended.",
        );
        for ViewFigures { name, ok, failed, .. } in figures.iter() {
            for (outcome, durations) in [("ok", ok), ("error", failed)] {
                let labels = format!("view=\"{}\",outcome=\"{outcome}\"", escaped(name));
                buckets(durations, DURATIONS, &labels, &mut out);
            }
        }
        out
    }
}

/// As a label's value.
fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_view_has_its_standing_and_its_checks_by_how_they_ended() {
        let book = ViewBook::default();
        assert_eq!(book.text(), "");
        let times = |millis: &[u64]| millis.iter().map(|millis| Duration::from_millis(*millis)).collect();
        let view = |name: &str, up| ViewFigures {
            name: name.into(),
            up,
            ok: times(&[4, 40]),
            failed: times(&[900]),
        };
        book.keep(vec![view("https://shop.example.com/", true), view("a\"b", false)]);
        let text = book.text();
        let lines: Vec<_> =
            text.lines().filter(|line| !line.contains("_bucket") || line.contains("le=\"0.05\"")).collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        # HELP handover_view_up Whether the service is well as seen from outside, while a run has views.
        # TYPE handover_view_up gauge
        handover_view_up{view="https://shop.example.com/"} 1
        handover_view_up{view="a\"b"} 0
        # HELP handover_view_check_duration_seconds Time to an answer seen from outside, by how the check ended.
        # TYPE handover_view_check_duration_seconds histogram
        handover_view_check_duration_seconds_bucket{view="https://shop.example.com/",outcome="ok",le="0.05"} 2
        handover_view_check_duration_seconds_sum{view="https://shop.example.com/",outcome="ok"} 0.044122112000000005
        handover_view_check_duration_seconds_count{view="https://shop.example.com/",outcome="ok"} 2
        handover_view_check_duration_seconds_bucket{view="https://shop.example.com/",outcome="error",le="0.05"} 0
        handover_view_check_duration_seconds_sum{view="https://shop.example.com/",outcome="error"} 0.90177536
        handover_view_check_duration_seconds_count{view="https://shop.example.com/",outcome="error"} 1
        handover_view_check_duration_seconds_bucket{view="a\"b",outcome="ok",le="0.05"} 2
        handover_view_check_duration_seconds_sum{view="a\"b",outcome="ok"} 0.044122112000000005
        handover_view_check_duration_seconds_count{view="a\"b",outcome="ok"} 2
        handover_view_check_duration_seconds_bucket{view="a\"b",outcome="error",le="0.05"} 0
        handover_view_check_duration_seconds_sum{view="a\"b",outcome="error"} 0.90177536
        handover_view_check_duration_seconds_count{view="a\"b",outcome="error"} 1
        "#);
    }
}
