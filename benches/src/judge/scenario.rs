//! What happens to a release: harmless things, and bad ones.

/// One second of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// The candidate's share of the traffic.
    pub(crate) share: f64,
    pub(crate) stable_fails: f64,
    pub(crate) candidate_fails: f64,
    /// The candidate's times as a multiple of stable's.
    pub(crate) candidate_takes: f64,
    /// The share of its requests that never end.
    pub(crate) hangs: f64,
}

/// A release's fate.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// Requests a second, of both arms.
    pub(crate) rate: u64,
    /// How long a window is.
    pub(crate) window_ms: u64,
    /// At which request the watch ends.
    pub(crate) requests: u64,
    /// The moment at a second, given a random walk that began at zero.
    pub(crate) at: fn(u64, f64) -> Moment,
    /// What changes, where something does.
    pub(crate) change: Option<Change>,
}

/// From when on the candidate is bad, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    pub(crate) from_second: u64,
    /// Shares that fail, stable's and the candidate's; equal where something else is wrong.
    pub(crate) fails: (f64, f64),
    pub(crate) share: f64,
}

/// Both alike, at a tenth of the traffic.
const fn alike(fails: f64) -> Moment {
    Moment { share: 0.1, stable_fails: fails, candidate_fails: fails, candidate_takes: 1.0, hangs: 0.0 }
}

const fn failing(stable: f64, candidate: f64) -> Moment {
    Moment { candidate_fails: candidate, ..alike(stable) }
}

const MILLION: u64 = 1_000_000;

fn harmless_one(name: &'static str, at: fn(u64, f64) -> Moment) -> Scenario {
    Scenario { name, rate: 100, window_ms: 1_000, requests: MILLION, at, change: None }
}

/// Nothing here is a reason to take a release back.
pub(crate) fn harmless() -> Vec<Scenario> {
    vec![
        harmless_one("no difference, 0.5 % fail", |_, _| alike(0.005)),
        harmless_one("no difference, 4 % fail", |_, _| alike(0.04)),
        harmless_one("10, 50, 90 % while failures rise", |second, _| match second {
            0..3_000 => alike(0.001),
            3_000..6_000 => Moment { share: 0.5, ..alike(0.01) },
            _ => Moment { share: 0.9, ..alike(0.02) },
        }),
        harmless_one("both fail 30 % for a minute", |second, _| {
            alike(if (2_000..2_060).contains(&second) { 0.3 } else { 0.005 })
        }),
        Scenario {
            rate: 1,
            requests: 100_000,
            ..harmless_one("1 request/s (of 100,000)", |_, _| alike(0.01))
        },
        harmless_one("failures walk at random", |_, walk| alike((0.01 * walk.exp()).clamp(0.000_1, 0.2))),
        harmless_one("10 % more failures", |_, _| failing(0.01, 0.011)),
        harmless_one("10 % slower", |_, _| Moment { candidate_takes: 1.1, ..alike(0.005) }),
    ]
}

fn bad_one(name: &'static str, fails: (f64, f64), at: fn(u64, f64) -> Moment) -> Scenario {
    let change = Change { from_second: 0, fails, share: at(0, 0.0).share };
    Scenario { name, rate: 100, window_ms: 250, requests: MILLION, at, change: Some(change) }
}

fn late(mut scenario: Scenario) -> Scenario {
    scenario.change = scenario.change.map(|change| Change { from_second: LATE, ..change });
    scenario
}

const LATE: u64 = 600;

fn after_ten_minutes(second: u64, candidate: f64) -> Moment {
    failing(0.01, if second < LATE { 0.01 } else { candidate })
}

/// Everything here is.
pub(crate) fn bad() -> Vec<Scenario> {
    vec![
        bad_one("0.15 to 1.5 % fail", (0.001_5, 0.015), |_, _| failing(0.001_5, 0.015)),
        bad_one("0.4 to 4 % fail", (0.004, 0.04), |_, _| failing(0.004, 0.04)),
        bad_one("1 to 7 % fail", (0.01, 0.07), |_, _| failing(0.01, 0.07)),
        bad_one("1 to 25 % fail", (0.01, 0.25), |_, _| failing(0.01, 0.25)),
        bad_one("0.1 to 100 % fail", (0.001, 0.999), |_, _| failing(0.001, 0.999)),
        bad_one("0.5 to 3 % fail, at 50 %", (0.005, 0.03), |_, _| Moment {
            share: 0.5,
            ..failing(0.005, 0.03)
        }),
        Scenario {
            rate: 1,
            window_ms: 1_000,
            ..bad_one("1 to 30 % fail, 1 request/s", (0.01, 0.3), |_, _| failing(0.01, 0.3))
        },
        late(bad_one("1 to 6 % fail, after 10 min", (0.01, 0.06), |second, _| {
            after_ten_minutes(second, 0.06)
        })),
        late(bad_one("1 to 20 % fail, after 10 min", (0.01, 0.2), |second, _| {
            after_ten_minutes(second, 0.2)
        })),
        bad_one("twice as slow", (0.005, 0.005), |_, _| Moment { candidate_takes: 2.0, ..alike(0.005) }),
        bad_one("three times as slow", (0.005, 0.005), |_, _| Moment {
            candidate_takes: 3.0,
            ..alike(0.005)
        }),
        bad_one("half of its requests hang", (0.005, 0.005), |_, _| Moment { hangs: 0.5, ..alike(0.005) }),
        bad_one("all of its requests hang", (0.005, 0.005), |_, _| Moment { hangs: 1.0, ..alike(0.005) }),
    ]
}
