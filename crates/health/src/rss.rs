/// Resident memory of this process in bytes, where the system tells.
pub(crate) fn resident_bytes() -> Option<u64> {
    resident(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// `VmRSS:     5164 kB`, in units that do not depend on the size of a page.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_memory_is_read_as_the_kernel_writes_it() {
        assert_eq!(resident("Name:\tshop\nVmRSS:\t    5164 kB\nThreads:\t1\n"), Some(5_164 * 1_024));
        assert_eq!(resident("Name:\tshop\n"), None);
        assert_eq!(resident_bytes().is_some(), cfg!(target_os = "linux"));
    }
}
