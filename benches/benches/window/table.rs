use std::fmt;
use std::time::Duration;

use crate::counting::held;
use crate::data::{Dice, Shape};
use crate::subject::{Recording, Subject};
use crate::{strategy, timing};

/// A window: so many seconds with so many samples each.
const SECONDS: u32 = 60;
const PER_SECOND: u32 = 500;
/// For the error, with so many more.
const WINDOWS: u64 = 3;

/// What was measured, to be printed.
pub(crate) struct Table {
    fetch_add: [f64; 2],
    rows: Vec<Row>,
    over_redis: Option<(&'static str, f64)>,
}

struct Row {
    name: &'static str,
    /// By one thread and by two, as multiples of `fetch_add`'s by as many.
    record: [f64; 2],
    read: Option<f64>,
    held: isize,
    /// Of each shape.
    errors: [Option<f64>; 4],
}

pub(crate) fn measured(subjects: &[Box<dyn Subject>]) -> Table {
    let (mut alone, mut together) = (timing::alone(subjects), timing::together(subjects));
    let fetch_add = [alone[0].clone(), together[0].clone()].map(|mut times| timing::median(&mut times));
    let times = alone.iter_mut().zip(&mut together);
    let rows = subjects.iter().zip(times).map(|(subject, (alone, together))| {
        let record = [timing::median(alone) / fetch_add[0], timing::median(together) / fetch_add[1]];
        let (read, held) = read(subject.as_ref());
        let errors = Shape::ALL.map(|shape| worst_error(subject.as_ref(), shape));
        Row { name: subject.name(), record, read, held, errors }
    });
    let rows = rows.collect();
    let over_redis =
        strategy::over_redis().map(|subject| (subject.name(), timing::by_the_wall(subject.as_ref())));
    Table { fetch_add, rows, over_redis }
}

/// Nanoseconds of reading a p95 after a minute, and the bytes held then.
fn read(subject: &dyn Subject) -> (Option<f64>, isize) {
    let before = held();
    let mut series = subject.series();
    let mut dice = Dice::new(3);
    fill(series.as_mut(), PER_SECOND, |along| Shape::LogNormal.latency(&mut dice, along));
    let held = held() - before;
    let reads = series.p95().is_some();
    (reads.then(|| timing::call(|| _ = std::hint::black_box(series.p95()))), held)
}

/// A minute of samples, by two threads in turn.
fn fill(series: &mut dyn Recording, per_second: u32, mut latency: impl FnMut(f64) -> Duration) {
    for second in 0..SECONDS {
        let along = f64::from(second) / f64::from(SECONDS);
        let samples: Vec<_> = (0..per_second).map(|_| latency(along)).collect();
        let (mine, others) = samples.split_at(samples.len() / 2);
        series.writer()(mine);
        let shared: &dyn Recording = series;
        std::thread::scope(|scope| drop(scope.spawn(move || shared.writer()(others))));
        series.second();
    }
}

/// Of the p95 from the nearest-rank one of the same minute, in the worst of several.
fn worst_error(subject: &dyn Subject, shape: Shape) -> Option<f64> {
    (0..WINDOWS)
        .map(|seed| error(subject, shape, seed))
        .try_fold(0.0, |worst: f64, error| Some(worst.max(error?)))
}

fn error(subject: &dyn Subject, shape: Shape, seed: u64) -> Option<f64> {
    let (mut series, mut dice, mut all) = (subject.series(), Dice::new(seed), Vec::new());
    // The drift goes on within a second too, and sorting them all thousands of times takes its time.
    let per_second = if subject.samples() < 100_000 { PER_SECOND / 10 } else { PER_SECOND * 2 };
    fill(series.as_mut(), per_second, |along| {
        let took = shape.latency(&mut dice, along);
        all.push(took);
        took
    });
    all.sort_unstable();
    let exact = all.get((all.len() * 95).div_ceil(100) - 1)?;
    Some(series.p95()?.abs_diff(*exact).as_secs_f64() / exact.as_secs_f64())
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [alone, together] = self.fetch_add;
        writeln!(
            f,
            "\nA relaxed fetch_add takes {alone:.2} ns alone and {together:.1} ns with two threads."
        )?;
        writeln!(
            f,
            "Recording and reading as multiples of it (1 thread, 2 threads, read, read in ns), bytes held"
        )?;
        writeln!(
            f,
            "after a minute of {PER_SECOND} samples a second, worst error of the p95 in % by shape.\n"
        )?;
        write!(
            f,
            "{:<42} {:>8} {:>8} {:>9} {:>10} {:>10}",
            "", "1 thr", "2 thr", "read", "read ns", "bytes"
        )?;
        writeln!(f, " {:>8} {:>8} {:>8} {:>8}", "lognorm", "pareto", "bimodal", "drift")?;
        self.rows.iter().try_for_each(|row| row.write(f, alone))?;
        match self.over_redis {
            Some((name, nanos)) => {
                writeln!(
                    f,
                    "{name:<42} {:>8.0}   (wall time: {:.0} us a request)",
                    nanos / alone,
                    nanos / 1e3
                )
            }
            None => writeln!(f, "The same in Redis: SKIPPED, there is no redis-server."),
        }?;
        writeln!(
            f,
            "\nThe last 1,000 are exact of the last 1,000; the error is how far that is from the minute."
        )
    }
}

impl Row {
    fn write(&self, f: &mut fmt::Formatter<'_>, fetch_add: f64) -> fmt::Result {
        write!(f, "{:<42} {:>8.3} {:>8.3}", self.name, self.record[0], self.record[1])?;
        match self.read {
            Some(nanos) => write!(f, " {:>9.1} {nanos:>10.1}", nanos / fetch_add)?,
            None => write!(f, " {:>9} {:>10}", "-", "-")?,
        }
        write!(f, " {:>10}", self.held)?;
        self.errors.iter().try_for_each(|error| match error {
            Some(error) => write!(f, " {:>8.2}", error * 100.0),
            None => write!(f, " {:>8}", "-"),
        })?;
        writeln!(f)
    }
}
