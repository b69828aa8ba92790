//! What the settings come to in a platform's own numbers: whole seconds, and counts of thirty-one bits.

use std::time::Duration;

use crate::settings::Settings;

/// Nobody restarts a process that answers late more often than this: it is the last resort, and no measurement.
const LIVE_PERIOD: u64 = 10;
/// What a busy process may take to answer that it lives.
const LIVE_TIMEOUT: u64 = 5;
/// With the period above, a minute of silence until a restart.
const LIVE_FALL: u64 = 6;

/// How often a path is asked, and what its answers amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cadence {
    /// Seconds from one probe to the next.
    pub(super) period: u64,
    /// Seconds for one probe.
    pub(super) timeout: u64,
    /// Good answers in a row until well.
    pub(super) rise: u64,
    /// Bad answers in a row until not.
    pub(super) fall: u64,
}

/// Everything that a platform is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbers {
    /// Until it has started.
    pub(super) start: Cadence,
    /// Whether it may have traffic.
    pub(super) ready: Cadence,
    /// Whether its process works.
    pub(super) live: Cadence,
    /// Seconds a release may take to start.
    pub(super) start_limit: u64,
    /// Seconds from being asked to end until it is killed: to finish requests, then to stop.
    pub(super) stop: u64,
}

impl Numbers {
    /// Rounded up where a platform knows whole seconds only.
    pub(super) fn of(settings: &Settings) -> Self {
        let health = &settings.health;
        let ready = Cadence {
            period: whole(health.interval.get()),
            timeout: whole(health.timeout.get()),
            rise: count(health.rise.get().into()),
            fall: count(health.fall.get().into()),
        };
        let start_limit = whole(health.start_limit.get());
        Self {
            start: Cadence { rise: 1, fall: count(start_limit.div_ceil(ready.period)), ..ready },
            ready,
            live: patient(ready),
            start_limit,
            stop: whole(settings.strategy.drain.get() + settings.release.grace.get()),
        }
    }
}

/// Slower than `ready` in every way: nobody is restarted who only gets no traffic for a while.
fn patient(ready: Cadence) -> Cadence {
    let timeout = ready.timeout.max(LIVE_TIMEOUT);
    let period = LIVE_PERIOD.max(2 * ready.period).max(timeout);
    let patience = 3 * ready.period.saturating_mul(ready.fall);
    Cadence { period, timeout, rise: 1, fall: count(LIVE_FALL.max(patience.div_ceil(period))) }
}

/// At least one second.
pub(super) fn whole(time: Duration) -> u64 {
    (time.as_secs() + u64::from(time.subsec_nanos() > 0)).max(1)
}

fn count(number: u64) -> u64 {
    number.clamp(1, i32::MAX.unsigned_abs().into())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;
    use crate::settings::SourceFile;

    fn numbers(health: &str) -> Numbers {
        let text = format!(
            "[service]\nname = \"shop\"\nlisten = \"0.0.0.0:80\"\n[release]\nartifact = \"dist\"\ncommand = \"./server\"\n{health}"
        );
        Numbers::of(&Settings::read(&SourceFile::in_memory(PathBuf::from("/handover.toml"), text)).unwrap())
    }

    #[test]
    fn the_defaults_leave_a_minute_to_start_and_a_minute_of_silence_before_a_restart() {
        let Numbers { start, ready, live, stop, .. } = numbers("");
        assert_eq!(start, Cadence { period: 1, timeout: 2, rise: 1, fall: 60 });
        assert_eq!(ready, Cadence { period: 1, timeout: 2, rise: 1, fall: 3 });
        assert_eq!(live, Cadence { period: 10, timeout: 5, rise: 1, fall: 6 });
        assert_eq!(stop, 60);
    }

    #[test]
    fn parts_of_a_second_are_rounded_up() {
        let Numbers { start, ready, .. } =
            numbers("[health]\ninterval = \"250ms\"\ntimeout = \"1500ms\"\nstart_limit = \"2100ms\"\n");
        assert_eq!((ready.period, ready.timeout, start.fall), (1, 2, 3));
    }

    proptest! {
        #[test]
        fn whatever_the_settings_a_platform_takes_the_numbers_and_liveness_is_the_slowest(
            interval in 1u64..2_592_000_000, timeout in 1u64..2_592_000_000, limit in 1u64..2_592_000_000,
            rise in 1u32.., fall in 1u32..,
        ) {
            let Numbers { start, ready, live, start_limit, stop } = numbers(&format!(
                "[health]\ninterval = \"{interval}ms\"\ntimeout = \"{timeout}ms\"\nstart_limit = \"{limit}ms\"\nrise = {rise}\nfall = {fall}\n"
            ));
            let all = [start, ready, live].into_iter().flat_map(|c| [c.period, c.timeout, c.rise, c.fall]);
            prop_assert!(all.chain([start_limit, stop]).all(|n| (1..=2_147_483_647).contains(&n)));
            prop_assert!(start.fall * start.period >= start_limit);
            prop_assert!(u128::from(start_limit) * 1_000 >= u128::from(limit));
            prop_assert!(live.period >= 2 * ready.period && live.timeout >= ready.timeout);
            prop_assert!(live.period >= live.timeout && live.period * live.fall >= 60);
            prop_assert!(live.fall == 2_147_483_647 || live.period * live.fall >= 3 * ready.period * ready.fall);
        }
    }
}
