/// The quantile of the normal distribution that makes a two-sided interval of 99.9 %.
///
/// A check that is made a few times in each deployment must not be wrong once in twenty.
const Z: f64 = 3.290_526_731;

/// What a sample says about a share: it lies between these, 999 times in 1,000.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareBound {
    /// At least, from 0 to 1.
    pub low: f64,
    /// At most, from 0 to 1.
    pub high: f64,
}

impl ShareBound {
    /// Whether the sample is compatible with this share, in basis points.
    pub fn allows(self, bps: u16) -> bool {
        let share = f64::from(bps) / f64::from(crate::Split::WHOLE);
        (self.low..=self.high).contains(&share)
    }
}

/// Wilson's score interval for `hits` of `probes` at 99.9 % (E. B. Wilson, 1927); without probes anything is possible.
///
/// Unlike the textbook interval it says something also where none or all have hit. It takes each probe for a draw of
/// its own; a backend that deals requests out in turn comes closer to its share than that, never further.
pub fn share_bound(hits: u32, probes: u32) -> ShareBound {
    if probes == 0 {
        return ShareBound { low: 0.0, high: 1.0 };
    }
    let (n, share) = (f64::from(probes), f64::from(hits.min(probes)) / f64::from(probes));
    let scale = 1.0 + Z * Z / n;
    let centre = share + Z * Z / (2.0 * n);
    let reach = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    // Rounding must not exclude what was seen: of none or all the exact bounds are 0 and 1.
    let low = if hits == 0 { 0.0 } else { ((centre - reach) / scale).max(0.0) };
    let high = if hits >= probes { 1.0 } else { ((centre + reach) / scale).min(1.0) };
    ShareBound { low, high }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sample_says_so_much() {
        let said = [(0, 16), (16, 16), (4, 40), (0, 100), (0, 0)].map(|(hits, probes)| {
            let ShareBound { low, high } = share_bound(hits, probes);
            format!("{hits} of {probes}: {low:.3} to {high:.3}")
        });
        insta::assert_debug_snapshot!(said, @r#"
        [
            "0 of 16: 0.000 to 0.404",
            "16 of 16: 0.596 to 1.000",
            "4 of 40: 0.023 to 0.348",
            "0 of 100: 0.000 to 0.098",
            "0 of 0: 0.000 to 1.000",
        ]
        "#);
    }

    proptest! {
        #[test]
        fn what_was_seen_is_never_excluded(probes in 1..2_000u32, part in 0.0..=1.0f64) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the probes")]
            let hits = (f64::from(probes) * part) as u32;
            let (bound, seen) = (share_bound(hits, probes), f64::from(hits) / f64::from(probes));
            prop_assert!(bound.low <= seen && seen <= bound.high, "{hits} of {probes}: {bound:?}");
        }

        #[test]
        fn more_probes_say_more(hits in 0..50u32, more in 2..20u32) {
            let (few, many) = (share_bound(hits, 50), share_bound(hits * more, 50 * more));
            prop_assert!(many.high - many.low < few.high - few.low);
        }
    }
}
