use std::time::Duration;

/// When each client read the new value, for each time it was switched.
#[derive(Default)]
pub(crate) struct Times {
    each: Vec<Duration>,
    all: Vec<Duration>,
}

impl Times {
    pub(crate) fn add(&mut self, round: Vec<Duration>) {
        self.all.extend(round.iter().max());
        self.each.extend(round);
    }

    /// Over clients and rounds: median, p99, most.
    pub(crate) fn of_each(&self) -> [String; 3] {
        summary(self.each.clone())
    }

    /// Over rounds, of the last client: median, p99, most.
    pub(crate) fn of_all(&self) -> [String; 3] {
        summary(self.all.clone())
    }
}

fn summary(mut times: Vec<Duration>) -> [String; 3] {
    times.sort_unstable();
    [50, 99, 100].map(|percent| {
        let rank = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(rank).map_or_else(|| "-".to_owned(), |time| shown(*time))
    })
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_of_a_percentile_is_the_nearest_above() {
        let times = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(summary(times), ["100.0 ms", "198.0 ms", "200.0 ms"]);
        assert_eq!(summary(Vec::new()), ["-", "-", "-"]);
    }
}
