use super::Usage;

/// The machine's memory, out of `/proc/meminfo`. What the kernel would give back at once counts as free.
pub(super) fn usage(text: &str) -> Option<Usage> {
    let (of, available) = (field(text, "MemTotal:")?, field(text, "MemAvailable:")?);
    Some(Usage { used: of.saturating_sub(available), of })
}

/// A line's value in bytes.
fn field(text: &str, name: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    value.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_use_is_what_is_not_available() {
        let text = "MemTotal:       16318240 kB\nMemFree:          210000 kB\nMemAvailable:    8159120 kB\n";
        let usage = usage(text).unwrap();
        assert_eq!((usage.of, usage.percent()), (16_318_240 * 1_024, 50));
        assert_eq!(super::usage("MemTotal: 1 kB\n"), None);
    }
}
