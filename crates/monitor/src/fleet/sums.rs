use std::collections::BTreeMap;

use handover_core::ReleaseId;

use super::name::SeriesName;
use crate::histogram::Histogram;
use crate::series::Totals;

/// Counts of many series, in the order of their names.
///
/// Merging is associative and commutative and the empty sum changes nothing, so slices may be added up in any order
/// and grouping. Counts saturate; a series without a count is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    by_name: BTreeMap<SeriesName, Totals>,
}

impl Sums {
    /// Adds counts to one series.
    pub fn add(&mut self, name: &SeriesName, counts: &Totals) {
        if is_empty(counts) {
            return;
        }
        match self.by_name.get_mut(name) {
            Some(sum) => add(sum, counts),
            None => drop(self.by_name.insert(name.clone(), counts.clone())),
        }
    }

    /// Adds everything in `other`.
    pub fn merge(&mut self, other: &Self) {
        other.iter().for_each(|(name, counts)| self.add(name, counts));
    }

    /// One series, where it has a count.
    pub fn get(&self, name: &SeriesName) -> Option<&Totals> {
        self.by_name.get(name)
    }

    /// All endpoints of a release together.
    pub fn release(&self, release: &ReleaseId) -> Totals {
        let mut all = Totals::default();
        let of_release = self.by_name.iter().filter(|(name, _)| name.release == *release);
        of_release.for_each(|(_, counts)| add(&mut all, counts));
        all
    }

    /// The series with their counts, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&SeriesName, &Totals)> + '_ {
        self.by_name.iter()
    }

    /// How many series have a count.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }
}

impl Extend<(SeriesName, Totals)> for Sums {
    fn extend<I: IntoIterator<Item = (SeriesName, Totals)>>(&mut self, series: I) {
        series.into_iter().for_each(|(name, counts)| self.add(&name, &counts));
    }
}

impl FromIterator<(SeriesName, Totals)> for Sums {
    fn from_iter<I: IntoIterator<Item = (SeriesName, Totals)>>(series: I) -> Self {
        let mut all = Self::default();
        all.extend(series);
        all
    }
}

fn add(sum: &mut Totals, counts: &Totals) {
    sum.ok.merge(&counts.ok);
    sum.errors.merge(&counts.errors);
    sum.cancelled.merge(&counts.cancelled);
}

fn is_empty(counts: &Totals) -> bool {
    [&counts.ok, &counts.errors, &counts.cancelled].into_iter().all(Histogram::is_empty)
}
