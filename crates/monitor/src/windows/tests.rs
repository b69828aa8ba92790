use handover_core::ManualClock;

use super::*;
use crate::series::{LatencySink, Outcome};

/// A series with one request in each second, ticked every second for `seconds`; every tenth fails.
fn ran(seconds: u64) -> (Arc<ManualClock>, Arc<Series>, Windows) {
    let (clock, series) = (Arc::new(ManualClock::new()), Arc::new(Series::new()));
    let windows = Windows::new(clock.clone(), series.clone());
    go_on(&clock, &windows, 1..=seconds);
    (clock, series, windows)
}

fn go_on(clock: &ManualClock, windows: &Windows, seconds: impl IntoIterator<Item = u64>) {
    for second in seconds {
        let outcome = if second % 10 == 0 { Outcome::Error } else { Outcome::Ok };
        windows.series().record(Duration::from_millis(second), outcome);
        clock.advance(Duration::from_secs(1));
        windows.tick();
    }
}

fn read(windows: &Windows, window: &Window) -> Reading {
    windows.read(window).expect("kept")
}

const fn last(seconds: u64) -> Window {
    Window::Last(Duration::from_secs(seconds))
}

const MINUTE: Window = Window::Last(Duration::from_mins(1));

#[test]
fn an_empty_window_has_no_quantile_and_no_rate() {
    let reading = read(&ran(0).2, &MINUTE);
    assert_eq!((reading.count, reading.quantile(0.95), reading.error_rate()), (0, None, None));
}

#[test]
fn the_last_minute_holds_the_last_sixty_seconds() {
    let reading = read(&ran(200).2, &MINUTE);
    assert_eq!((reading.count, reading.errors, reading.covers), (60, 6, Duration::from_mins(1)));
    let slowest = reading.quantile(1.0).expect("sixty requests").bucket;
    assert!(slowest.0 <= Duration::from_millis(200) && Duration::from_millis(200) < slowest.1);
    let fastest = reading.quantile(0.0).expect("sixty requests").bucket;
    assert!(fastest.0 <= Duration::from_millis(141) && Duration::from_millis(141) < fastest.1);
}

#[test]
fn longer_windows_are_cut_by_the_minute_and_say_so() {
    let (_, _, windows) = ran(2_000);
    let reading = read(&windows, &last(300));
    assert_eq!((reading.count, reading.covers.as_secs()), (320, 320));
    let reading = read(&windows, &last(900));
    assert_eq!((reading.count, reading.covers.as_secs()), (920, 920));
}

#[test]
fn a_short_past_is_read_whole() {
    let reading = read(&ran(7).2, &MINUTE);
    assert_eq!((reading.count, reading.covers.as_secs()), (7, 7));
}

#[test]
fn a_mark_does_not_expire() {
    let (clock, series, windows) = ran(3);
    let mark = windows.mark();
    for _ in 0..5_000 {
        series.record(Duration::from_millis(1), Outcome::Ok);
        clock.advance(Duration::from_secs(1));
        windows.tick();
    }
    let reading = read(&windows, &Window::Since(mark));
    assert_eq!((reading.count, reading.covers.as_secs()), (5_000, 5_000));
}

#[test]
fn the_age_tells_how_late_the_tick_is() {
    let (clock, _, windows) = ran(3);
    clock.advance(Duration::from_millis(700));
    assert_eq!(read(&windows, &MINUTE).age, Duration::from_millis(700));
}

#[test]
fn a_late_tick_loses_nothing() {
    let (clock, series, windows) = ran(3);
    series.record(Duration::from_millis(1), Outcome::Cancelled);
    series.record(Duration::from_millis(1), Outcome::Ok);
    clock.advance(Duration::from_secs(40));
    windows.tick();
    let reading = read(&windows, &last(10));
    assert_eq!((reading.count, reading.cancelled, reading.covers.as_secs()), (1, 1, 40));
}

#[test]
fn what_came_since_the_tick_is_in_the_live_reading_only() {
    let (clock, series, windows) = ran(3);
    series.record(Duration::from_millis(1), Outcome::Error);
    clock.advance(Duration::from_millis(500));
    let (read, live) = (read(&windows, &MINUTE), windows.now(&MINUTE).expect("kept"));
    assert_eq!((read.count, read.errors, read.covers.as_millis(), read.age.as_millis()), (3, 0, 3_000, 500));
    assert_eq!((live.count, live.errors, live.covers.as_millis(), live.age.as_millis()), (4, 1, 3_500, 0));
}

#[test]
fn the_published_minute_is_the_minute_at_the_last_tick() {
    let (clock, series, windows) = ran(200);
    series.record(Duration::from_millis(1), Outcome::Ok);
    clock.advance(Duration::from_millis(300));
    let (latest, reading) = (windows.latest(), read(&windows, &MINUTE));
    let value = |q| reading.quantile(q).map(|bounds| bounds.value);
    assert_eq!([latest.p50, latest.p95, latest.p99], [value(0.5), value(0.95), value(0.99)]);
    assert_eq!((latest.count, latest.errors, latest.cancelled), (60, 6, 0));
    assert_eq!((latest.covers, latest.age(clock.now())), (reading.covers, reading.age));
}

#[test]
fn nothing_is_published_of_a_minute_without_requests() {
    assert_eq!(ran(0).2.latest(), Latest::default());
}

#[test]
fn a_tick_a_little_early_closes_its_second_too() {
    let (clock, series, windows) = ran(0);
    for _ in 0..200 {
        series.record(Duration::from_millis(1), Outcome::Ok);
        clock.advance(Duration::from_millis(999));
        windows.tick();
    }
    assert_eq!(read(&windows, &last(10)).covers.as_millis(), 11 * 999);
    assert_eq!(read(&windows, &MINUTE).covers.as_millis(), 61 * 999);
}

#[test]
fn an_hour_in_one_step_is_one_long_slice_until_there_is_a_minute_after_it() {
    let (clock, _, windows) = ran(100);
    clock.advance(Duration::from_hours(1));
    windows.tick();
    assert_eq!(read(&windows, &MINUTE).covers, Duration::from_hours(1));
    go_on(&clock, &windows, 1..=59);
    assert_eq!(read(&windows, &MINUTE).covers.as_secs(), 3_659);
    go_on(&clock, &windows, 60..=60);
    let reading = read(&windows, &MINUTE);
    assert_eq!((reading.count, reading.covers), (60, Duration::from_mins(1)));
}

#[test]
fn other_lengths_are_added_up_from_slices() {
    let (_, _, windows) = ran(2_000);
    for seconds in [1, 2, 30, 59] {
        let reading = read(&windows, &last(seconds));
        assert_eq!((reading.count, reading.covers.as_secs()), (seconds, seconds));
    }
    let reading = read(&windows, &last(400));
    assert_eq!((reading.count, reading.covers.as_secs()), (440, 440));
    let reading = read(&windows, &last(80_000));
    assert_eq!((reading.count, reading.covers.as_secs()), (920, 920));
}

fn n(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).expect("not zero")
}

#[test]
fn the_last_n_are_read_to_the_microsecond_with_the_slices_they_came_in() {
    let (clock, series) = (Arc::new(ManualClock::new()), Arc::new(Series::new().keeping_last(Series::LAST)));
    let windows = Windows::new(clock.clone(), series.clone());
    go_on(&clock, &windows, 1..=300);
    series.record(Duration::from_micros(1_234_567), Outcome::Cancelled);
    clock.advance(Duration::from_millis(300));
    let reading = read(&windows, &Window::LastN(n(20)));
    assert_eq!((reading.count, reading.errors, reading.cancelled), (19, 2, 1));
    assert_eq!(reading.covers.as_millis(), 20_300);
    let bounds = reading.quantile(0.5).expect("nineteen");
    assert_eq!(bounds.value, Duration::from_millis(291));
    assert_eq!(bounds.bucket, (bounds.value, bounds.value + Duration::from_micros(1)));
    assert_eq!(reading.latencies().count(), 19);
    let all = windows.now(&Window::LastN(Series::LAST)).expect("kept");
    assert_eq!((all.count, all.covers.as_millis()), (300, 300_300));
}

#[test]
fn what_is_not_kept_is_refused_and_not_empty() {
    let (_, _, windows) = ran(3);
    let why = windows.read(&Window::LastN(n(1_000))).expect_err("not asked for");
    insta::assert_snapshot!(why, @"the last 1000 requests are not kept, as none are");
    let few = Windows::new(Arc::new(ManualClock::new()), Arc::new(Series::new().keeping_last(n(100))));
    let why = few.now(&Window::LastN(n(1_000))).expect_err("too many");
    insta::assert_snapshot!(why, @"the last 1000 requests are not kept, only the last 100");
    let why = few.read(&Window::Since(windows.mark())).expect_err("another's");
    insta::assert_snapshot!(why, @"the mark was set on another series' windows");
}

#[test]
fn a_mark_between_two_ticks_is_from_that_moment_on() {
    let (clock, series, windows) = ran(3);
    series.record(Duration::from_millis(1), Outcome::Ok);
    clock.advance(Duration::from_millis(400));
    let since = Window::Since(windows.mark());
    let nothing = read(&windows, &since);
    assert_eq!((nothing.count, nothing.covers), (0, Duration::ZERO));
    series.record(Duration::from_millis(7), Outcome::Ok);
    clock.advance(Duration::from_millis(400));
    let live = windows.now(&since).expect("own mark");
    assert_eq!((live.count, live.covers.as_millis()), (1, 400));
}

#[test]
fn a_new_beginning_forgets_the_past_but_not_a_mark() {
    let (clock, _, windows) = ran(100);
    let mark = Window::Since(windows.mark());
    go_on(&clock, &windows, 1..=5);
    windows.begin_anew();
    assert_eq!(windows.latest(), Latest { at: clock.now(), ..Latest::default() });
    go_on(&clock, &windows, 1..=3);
    let reading = read(&windows, &MINUTE);
    assert_eq!((reading.count, reading.covers.as_secs()), (3, 3));
    let reading = read(&windows, &mark);
    assert_eq!((reading.count, reading.covers.as_secs()), (8, 8));
}
