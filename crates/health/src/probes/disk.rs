use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use rustix::fs::{StatVfs, statvfs};
use rustix::io;

use super::blocking::Blocking;
use super::deadline::within;
use crate::{HealthProbe, Healthy, ProbeClass, ProbeError};

/// How much is left where a path is: of bytes, and of entries where the file system counts them.
///
/// Left is what this user may still take. Measured is the share in use, in percent, as `df` shows it. A file system that
/// hangs holds one thread, whatever the number of checks.
///
/// ```
/// # use std::time::Duration;
/// # use handover_health::{DiskProbe, HealthProbe as _};
/// # async fn ask() -> Result<(), Box<dyn std::error::Error>> {
/// let uploads = DiskProbe::new("/var/lib/shop").min_free_bytes(2 << 30);
/// let well = uploads.check(Duration::from_secs(1)).await?;
/// # let _ = well; Ok(()) }
/// ```
pub struct DiskProbe {
    path: PathBuf,
    least_percent: u8,
    least_bytes: u64,
    asked: Blocking<io::Result<StatVfs>>,
}

impl DiskProbe {
    /// Looks where `path` is; less than 5 % free is [`ProbeClass::Exhausted`].
    pub fn new(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().to_owned();
        Self { path, least_percent: 5, least_bytes: 0, asked: Blocking::default() }
    }

    /// Less than this share of bytes or entries free is [`ProbeClass::Exhausted`]; in place of 5 %.
    #[must_use]
    pub fn min_free_percent(mut self, percent: u8) -> Self {
        self.least_percent = percent;
        self
    }

    /// Less than this free is [`ProbeClass::Exhausted`] as well.
    #[must_use]
    pub fn min_free_bytes(mut self, bytes: u64) -> Self {
        self.least_bytes = bytes;
        self
    }

    async fn found(&self) -> Result<StatVfs, ProbeError> {
        let path = self.path.clone();
        let found = self.asked.run(move || statvfs(&path)).await?;
        found.map_err(|error| ProbeError::new(ProbeClass::Other, format!("{}: {error}", self.path.display())))
    }

    fn judge(&self, found: &StatVfs) -> Result<u64, ProbeError> {
        let bytes = Left::of(found.f_blocks, found.f_bfree, found.f_bavail);
        let entries = Left::of(found.f_files, found.f_ffree, found.f_favail);
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        let least = u64::from(self.least_percent);
        if bytes.percent() >= least && entries.percent() >= least && free >= self.least_bytes {
            return Ok(100 - bytes.percent());
        }
        let (of_bytes, of_entries) = (bytes.percent(), entries.percent());
        let place = self.path.display();
        let detail =
            format!("{place}: {free} bytes left, {of_bytes} % of bytes and {of_entries} % of entries");
        Err(ProbeError::new(ProbeClass::Exhausted, detail))
    }
}

/// What is left out of what there is; not counted what only the system's administrator may take.
struct Left {
    free: u64,
    of: u64,
}

impl Left {
    fn of(all: u64, unused: u64, free: u64) -> Self {
        Self { free, of: all.saturating_sub(unused).saturating_add(free) }
    }

    /// Rounded down. All of it, where nothing is counted.
    fn percent(&self) -> u64 {
        if self.of == 0 {
            return 100;
        }
        u64::try_from(u128::from(self.free) * 100 / u128::from(self.of)).unwrap_or(100)
    }
}

#[async_trait]
impl HealthProbe for DiskProbe {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        let mut used = 0;
        let asked = async { self.judge(&self.found().await?).map(|percent| used = percent) };
        Ok(within(deadline, asked).await?.measuring(used, "percent"))
    }
}

impl fmt::Debug for DiskProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("DiskProbe");
        shown.field("min_free_percent", &self.least_percent);
        shown.field("min_free_bytes", &self.least_bytes).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(percent: u8, bytes: u64) -> DiskProbe {
        DiskProbe::new("/data").min_free_percent(percent).min_free_bytes(bytes)
    }

    /// 1,000 blocks of 4 KiB: 700 in use, 50 for the administrator only; 100 entries, 10 of them unused.
    fn disk() -> StatVfs {
        let mut disk = statvfs("/").unwrap();
        (disk.f_frsize, disk.f_blocks, disk.f_bfree, disk.f_bavail) = (4_096, 1_000, 300, 250);
        (disk.f_files, disk.f_ffree, disk.f_favail) = (100, 10, 10);
        disk
    }

    #[test]
    fn the_share_in_use_is_of_what_this_user_may_take() {
        // 250 of 950 are left.
        assert_eq!(probe(5, 0).judge(&disk()), Ok(74));
    }

    #[test]
    fn too_few_bytes_or_entries_are_exhausted() {
        assert!(probe(10, 1_024_000).judge(&disk()).is_ok());
        let said = |probe: DiskProbe| probe.judge(&disk()).expect_err("too little").detail().to_owned();
        insta::assert_snapshot!(said(probe(0, 1_024_001)), @"/data: 1024000 bytes left, 26 % of bytes and 10 % of entries");
        insta::assert_snapshot!(said(probe(11, 0)), @"/data: 1024000 bytes left, 26 % of bytes and 10 % of entries");
    }

    #[test]
    fn a_file_system_that_counts_no_entries_has_enough() {
        let mut disk = disk();
        (disk.f_files, disk.f_ffree, disk.f_favail) = (0, 0, 0);
        assert!(probe(20, 0).judge(&disk).is_ok());
    }
}
