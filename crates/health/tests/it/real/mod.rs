//! The whole on a real PostgreSQL and a real Redis.

mod outage;
mod secrets;
mod storm;

use std::time::Duration;

use handover_health::{Check, HealthProbe};

/// From one check to the next; each may take half as long.
const PERIOD: Duration = Duration::from_millis(200);
const FALL: u32 = 2;
const RISE: u32 = 2;

fn check(name: &str, probe: impl HealthProbe) -> Check {
    Check::new(name, probe).every(PERIOD).timeout(PERIOD / 2).rise(RISE).fall(FALL)
}
