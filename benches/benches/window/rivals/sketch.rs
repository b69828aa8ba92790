use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sketches_ddsketch::{Config, DDSketch};

use crate::subject::{Recording, Subject, Writer, each, subject};

pub(super) fn subjects() -> Vec<Box<dyn Subject>> {
    vec![subject("sketches-ddsketch in a Mutex", || Sketch(Mutex::new(DDSketch::new(Config::defaults()))))]
}

struct Sketch(Mutex<DDSketch>);

impl Recording for Sketch {
    fn writer(&self) -> Writer<'_> {
        each(|took| self.0.lock().unwrap_or_else(PoisonError::into_inner).add(took.as_secs_f64()))
    }

    fn p95(&mut self) -> Option<Duration> {
        let sketch = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Duration::try_from_secs_f64(sketch.quantile(0.95).ok()??).ok()
    }
}
