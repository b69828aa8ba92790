use std::sync::Arc;

use super::super::bucket::Group;
use super::super::context::{Context, Field};
use super::super::document::Variant;
use super::sticky::Sticky;
use super::words::Words;

/// A choice among variants.
#[derive(Debug)]
pub(super) struct Choice {
    group: Group,
    sticky: Sticky,
    /// The sum of all weights.
    total: u32,
    entries: Box<[Entry]>,
}

#[derive(Debug)]
struct Entry {
    /// The sum of the weights up to this one's.
    up_to: u32,
    overrides: Box<[(Field, Words)]>,
    variant: Arc<Variant>,
}

impl Choice {
    /// `None` where there is nothing to choose from.
    pub(super) fn new(group: &str, variants: &[Variant], stickiness: Option<&str>) -> Option<Self> {
        let own = variants.iter().find_map(|variant| variant.stickiness.as_deref());
        let mut total = 0u32;
        let entries = variants.iter().map(|variant| {
            total = total.saturating_add(variant.weight);
            Entry::new(total, variant)
        });
        let (entries, group) = (entries.collect(), Group::of_variants(group));
        let choice = Self { group, sticky: Sticky::new(own.or(stickiness)), total, entries };
        (!variants.is_empty()).then_some(choice)
    }

    /// The caller's variant.
    pub(super) fn of(&self, context: &Context<'_>) -> Option<&Arc<Variant>> {
        let fixed = self.entries.iter().find(|entry| entry.is_fixed_for(context));
        fixed.or_else(|| self.by_weight(context)).map(|entry| &entry.variant)
    }

    /// By the caller's place in the sum of the weights; by chance where there is nothing to stick to.
    fn by_weight(&self, context: &Context<'_>) -> Option<&Entry> {
        let last = self.total.checked_sub(1)?;
        let place = match self.sticky.id(context) {
            Some(id) => self.group.hash(id) % self.total,
            None => fastrand::u32(0..=last),
        };
        self.entries.get(self.entries.partition_point(|entry| entry.up_to <= place))
    }

    /// Whether the caller is given a variant by name.
    #[cfg(feature = "openfeature")]
    pub(super) fn is_fixed_for(&self, context: &Context<'_>) -> bool {
        self.entries.iter().any(|entry| entry.is_fixed_for(context))
    }

    /// Whether everybody has the same.
    #[cfg(feature = "openfeature")]
    pub(super) fn is_constant(&self) -> bool {
        let plain = self.entries.iter().all(|entry| entry.overrides.is_empty());
        plain && self.entries.iter().any(|entry| entry.variant.weight == self.total)
    }
}

impl Entry {
    fn new(up_to: u32, variant: &Variant) -> Self {
        let overrides = variant.overrides.iter();
        let overrides = overrides.map(|fixed| (Field::named(&fixed.field), Words::new(&fixed.values, false)));
        Self { up_to, overrides: overrides.collect(), variant: Arc::new(variant.clone()) }
    }

    fn is_fixed_for(&self, context: &Context<'_>) -> bool {
        self.overrides.iter().any(|(field, values)| context.text(field).is_some_and(|text| values.has(text)))
    }
}
