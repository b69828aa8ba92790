//! Windows beside an oracle that keeps every sample, through any history of samples, ticks, clock jumps and readings.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use handover_core::{Clock, Timestamp};
use handover_monitor::{LatencySink as _, Mark, Outcome, Reading, Series, Window, WindowView as _, Windows};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

type Sample = (Duration, Outcome);

const KEPT: NonZeroU32 = NonZeroU32::new(50).expect("not zero");
const QUARTER: Duration = Duration::from_mins(15);

/// What happens next.
#[derive(Debug, Clone)]
enum Event {
    Record(Vec<Sample>),
    /// By a thread that begins and ends for it.
    RecordElsewhere(Vec<Sample>),
    /// The clock goes on.
    Pass(Duration),
    /// It is put back.
    Back(Duration),
    Tick,
    /// So many seconds with a tick and these samples in each.
    Seconds(u16, Vec<Sample>),
    Mark,
    Read(Asked),
}

#[derive(Debug, Clone)]
enum Asked {
    Last(Duration),
    LastN(NonZeroU32),
    /// One of the marks so far.
    Since(Index),
}

/// A clock that can be put back, as a monotonic one must not be and a machine's sometimes is.
#[derive(Debug, Default)]
struct Jumpy(Mutex<Duration>);

impl Jumpy {
    fn set(&self, change: impl FnOnce(Duration) -> Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = change(*now);
    }
}

impl Clock for Jumpy {
    fn now(&self) -> Duration {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wall(&self) -> Timestamp {
        Timestamp::default()
    }
}

/// A moment: when, with only the clock's forward steps counted, and how many samples there had been.
#[derive(Debug, Clone, Copy)]
struct Moment {
    at: Duration,
    samples: usize,
}

struct Run {
    clock: Arc<Jumpy>,
    series: Arc<Series>,
    windows: Windows,
    samples: Vec<Sample>,
    /// The beginning, and every tick since.
    ticks: Vec<Moment>,
    /// What the clock said at the last of them.
    clock_then: Duration,
    marks: Vec<(Mark, Moment)>,
}

impl Run {
    fn new() -> Self {
        let (clock, series) = (Arc::new(Jumpy::default()), Arc::new(Series::new().keeping_last(KEPT)));
        clock.set(|_| Duration::from_hours(5));
        let windows = Windows::new(clock.clone(), series.clone());
        let ticks = vec![Moment { at: Duration::ZERO, samples: 0 }];
        let clock_then = clock.now();
        Self { clock, series, windows, samples: Vec::new(), ticks, clock_then, marks: Vec::new() }
    }

    fn tick_of(&self) -> Moment {
        self.ticks[self.ticks.len() - 1]
    }

    fn now(&self) -> Moment {
        let passed = self.clock.now().saturating_sub(self.clock_then);
        Moment { at: self.tick_of().at + passed, samples: self.samples.len() }
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Record(samples) => self.record(samples),
            Event::RecordElsewhere(samples) => {
                std::thread::scope(|scope| {
                    scope.spawn(|| record(&self.series, samples)).join().expect("it only counts");
                });
                self.samples.extend(samples);
            }
            Event::Pass(time) => self.clock.set(|now| now + *time),
            Event::Back(time) => self.clock.set(|now| now.saturating_sub(*time)),
            Event::Tick => self.tick(),
            Event::Seconds(seconds, samples) => (0..*seconds).for_each(|_| {
                self.record(samples);
                self.clock.set(|now| now + Duration::from_secs(1));
                self.tick();
            }),
            Event::Mark => self.marks.push((self.windows.mark(), self.now())),
            Event::Read(asked) => self.read(asked),
        }
    }

    fn record(&mut self, samples: &[Sample]) {
        record(&self.series, samples);
        self.samples.extend(samples);
    }

    fn tick(&mut self) {
        let now = self.now();
        self.windows.tick();
        self.ticks.push(now);
        self.clock_then = self.clock.now();
        let (latest, minute) =
            (self.windows.latest(), self.windows.read(&Window::Last(Duration::from_mins(1))));
        let minute = minute.expect("kept");
        let value = |q| minute.quantile(q).map(|bounds| bounds.value);
        assert_eq!([latest.p50, latest.p95, latest.p99], [value(0.5), value(0.95), value(0.99)]);
        assert_eq!(
            (latest.count, latest.errors, latest.cancelled, latest.covers, latest.age(self.clock.now())),
            (minute.count, minute.errors, minute.cancelled, minute.covers, Duration::ZERO)
        );
    }

    fn read(&self, asked: &Asked) {
        match asked {
            Asked::Last(length) => {
                let window = Window::Last(*length);
                self.check_last(*length, &self.windows.read(&window).expect("kept"), self.tick_of());
                self.check_last(*length, &self.windows.now(&window).expect("kept"), self.now());
            }
            Asked::LastN(count) => {
                let reading = self.windows.now(&Window::LastN(*count));
                assert_eq!(reading.is_ok(), *count <= KEPT);
                let from = self.samples.len().saturating_sub(count.get() as usize);
                let _ = reading.map(|reading| self.check_exactly(&reading, from));
            }
            Asked::Since(index) if !self.marks.is_empty() => {
                let (mark, then) = index.get(&self.marks);
                let window = Window::Since(mark.clone());
                self.check_since(*then, &self.windows.read(&window).expect("own mark"), self.tick_of());
                self.check_since(*then, &self.windows.now(&window).expect("own mark"), self.now());
            }
            Asked::Since(_) => {}
        }
    }

    /// It begins at a tick, the newest at which a slice began that is long enough ago, or at the oldest kept.
    fn check_last(&self, length: Duration, reading: &Reading, end: Moment) {
        let begins = |tick: &&Moment| end.at.saturating_sub(tick.at) == reading.covers;
        let possible: Vec<_> = self.ticks.iter().filter(begins).collect();
        let same = |tick: &&&Moment| self.part(tick.samples, end.samples) == counts(reading);
        let begin = possible.iter().find(same);
        let begin =
            begin.unwrap_or_else(|| panic!("{reading:?} begins at none of {possible:?} and ends at {end:?}"));
        self.check_quantiles(reading, begin.samples, end.samples);
        if reading.covers < length {
            let whole = end.at == reading.covers;
            assert!(whole || reading.covers >= QUARTER, "{:?} is neither all nor enough", reading.covers);
            return;
        }
        let every = Duration::from_millis(if length <= Duration::from_mins(1) { 950 } else { 59_500 });
        let next = self.ticks.iter().find(|tick| tick.at.saturating_sub(begin.at) >= every);
        if let Some(next) = next.filter(|next| next.at <= self.tick_of().at) {
            assert!(end.at.saturating_sub(next.at) < length, "{:?} is longer than need be", reading.covers);
        }
    }

    fn check_since(&self, then: Moment, reading: &Reading, end: Moment) {
        let to = end.samples.max(then.samples);
        assert_eq!(counts(reading), self.part(then.samples, to));
        assert_eq!(reading.covers, end.at.saturating_sub(then.at));
        self.check_quantiles(reading, then.samples, to);
    }

    fn check_exactly(&self, reading: &Reading, from: usize) {
        assert_eq!(counts(reading), self.part(from, self.samples.len()));
        let took = self.took(from, self.samples.len());
        for q in QUANTILES {
            let micros = nearest(&took, q).map(|took| u64::try_from(took.as_micros()).expect("short"));
            assert_eq!(reading.quantile(q).map(|bounds| bounds.value), micros.map(Duration::from_micros));
        }
    }

    fn check_quantiles(&self, reading: &Reading, from: usize, to: usize) {
        let took = self.took(from, to);
        for q in QUANTILES {
            let (bounds, exact) = (reading.quantile(q), nearest(&took, q));
            assert_eq!(bounds.is_some(), exact.is_some());
            if let (Some(bounds), Some(exact)) = (bounds, exact) {
                assert!(
                    bounds.bucket.0 <= exact && exact < bounds.bucket.1,
                    "{exact:?} is not in {bounds:?}"
                );
                let off = bounds.value.abs_diff(exact);
                assert!(
                    off * 128 <= exact.max(Duration::from_micros(66)),
                    "{bounds:?} is off from {exact:?}"
                );
            }
        }
    }

    /// Completed, failed and given up.
    fn part(&self, from: usize, to: usize) -> (u64, u64, u64) {
        let of = |wanted| self.samples[from..to].iter().filter(|sample| sample.1 == wanted).count() as u64;
        (of(Outcome::Ok) + of(Outcome::Error), of(Outcome::Error), of(Outcome::Cancelled))
    }

    fn took(&self, from: usize, to: usize) -> Vec<Duration> {
        let completed = self.samples[from..to].iter().filter(|sample| sample.1 != Outcome::Cancelled);
        let mut took: Vec<_> = completed.map(|sample| sample.0).collect();
        took.sort_unstable();
        took
    }
}

const QUANTILES: [f64; 5] = [0.0, 0.5, 0.95, 0.99, 1.0];

fn record(series: &Series, samples: &[Sample]) {
    for (took, outcome) in samples {
        series.record(*took, *outcome);
    }
}

fn counts(reading: &Reading) -> (u64, u64, u64) {
    (reading.count, reading.errors, reading.cancelled)
}

fn nearest(sorted: &[Duration], q: f64) -> Option<Duration> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "small"
    )]
    let rank = ((q * sorted.len() as f64).ceil() as usize).max(1);
    sorted.get(rank - 1).copied()
}

fn samples(most: usize) -> impl Strategy<Value = Vec<Sample>> {
    let outcome =
        prop_oneof![6 => Just(Outcome::Ok), 2 => Just(Outcome::Error), 1 => Just(Outcome::Cancelled)];
    let took = prop_oneof![
        8 => 100_000u64..500_000_000,
        1 => 0u64..100_000,
        1 => 500_000_000u64..136_000_000_000,
    ];
    vec((took.prop_map(Duration::from_nanos), outcome), 0..most)
}

fn length() -> impl Strategy<Value = Duration> {
    let kept = prop_oneof![Just(60_000u64), Just(300_000), Just(900_000)];
    prop_oneof![3 => kept, 2 => 0u64..70_000, 1 => 0u64..2_000_000].prop_map(Duration::from_millis)
}

fn event() -> impl Strategy<Value = Event> {
    let asked = prop_oneof![
        4 => length().prop_map(Asked::Last),
        1 => (1u32..60).prop_map(|count| Asked::LastN(NonZeroU32::new(count).unwrap_or(KEPT))),
        1 => any::<Index>().prop_map(Asked::Since),
    ];
    let pass = prop_oneof![6 => 0u64..2_500, 2 => 900u64..1_100, 1 => 0u64..100_000, 1 => Just(3_600_000)];
    prop_oneof![
        6 => samples(30).prop_map(Event::Record),
        1 => samples(30).prop_map(Event::RecordElsewhere),
        6 => pass.prop_map(|millis| Event::Pass(Duration::from_millis(millis))),
        1 => (0u64..4_000_000).prop_map(|millis| Event::Back(Duration::from_millis(millis))),
        6 => Just(Event::Tick),
        2 => (1u16..400, samples(3)).prop_map(|(seconds, samples)| Event::Seconds(seconds, samples)),
        1 => Just(Event::Mark),
        8 => asked.prop_map(Event::Read),
    ]
}

proptest! {
    #[test]
    fn any_history_reads_as_an_oracle_that_keeps_everything_says(events in vec(event(), 1..60)) {
        let mut run = Run::new();
        for event in &events {
            run.happen(event);
        }
    }
}
