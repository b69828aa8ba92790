use std::time::Duration;

/// A time as an operator wrote it: `24h`, `5m`, `1m 30s`, `250ms`.
pub(crate) fn words(time: Duration) -> String {
    let (seconds, millis) = (time.as_secs(), time.subsec_millis());
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"), (millis.into(), "ms")];
    let said: Vec<_> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect();
    if said.is_empty() { "0s".into() } else { said.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_they_are_written_in_settings() {
        let said = |millis| words(Duration::from_millis(millis));
        assert_eq!(
            [0, 250, 5_000, 90_000, 86_400_000, 3_600_001].map(said),
            ["0s", "250ms", "5s", "1m 30s", "24h", "1h 1ms"]
        );
    }
}
