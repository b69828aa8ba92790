use std::fs;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use super::{Usage, cgroup, meminfo};
use crate::{HealthProbe, Healthy, ProbeClass, ProbeError};

/// How much memory is in use, in percent: of the limit that a container or a unit sets, or of the machine where none is
/// set. What the kernel would give back at once counts as free.
///
/// It reads what Linux says of itself, which takes microseconds and waits for no disk; elsewhere it is never well.
#[derive(Debug, Clone)]
pub struct MemoryProbe {
    most: u8,
}

impl Default for MemoryProbe {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryProbe {
    /// More than 90 % in use is [`ProbeClass::Exhausted`].
    pub const fn new() -> Self {
        Self { most: 90 }
    }

    /// More than this share in use is [`ProbeClass::Exhausted`]; in place of 90 %.
    #[must_use]
    pub const fn max_used_percent(mut self, percent: u8) -> Self {
        self.most = percent;
        self
    }

    fn judge(&self, usage: Usage) -> Result<u64, ProbeError> {
        let percent = usage.percent();
        if percent <= u64::from(self.most) {
            return Ok(percent);
        }
        let detail = format!("{} of {} bytes are in use: {percent} %", usage.used, usage.of);
        Err(ProbeError::new(ProbeClass::Exhausted, detail))
    }
}

#[async_trait]
impl HealthProbe for MemoryProbe {
    async fn check(&self, _deadline: Duration) -> Result<Healthy, ProbeError> {
        let began = Instant::now();
        let unknown =
            || ProbeError::new(ProbeClass::Other, "the system does not say how much memory is in use");
        let used = self.judge(usage().ok_or_else(unknown)?)?;
        Ok(Healthy::after(began.elapsed()).measuring(used, "percent"))
    }
}

fn usage() -> Option<Usage> {
    let machine = meminfo::usage(&fs::read_to_string("/proc/meminfo").ok()?)?;
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    Some(cgroup::usage(&own, Path::new("/sys/fs/cgroup"), machine.of).unwrap_or(machine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_the_limit_is_exhausted_and_at_it_is_well() {
        let usage = |used| Usage { used, of: 1_000 };
        assert_eq!(MemoryProbe::new().judge(usage(909)), Ok(90));
        let error = MemoryProbe::new().judge(usage(910)).expect_err("over the limit");
        assert_eq!(error.class(), ProbeClass::Exhausted);
        assert_eq!(error.detail(), "910 of 1000 bytes are in use: 91 %");
        assert_eq!(MemoryProbe::new().max_used_percent(91).judge(usage(910)), Ok(91));
    }
}
